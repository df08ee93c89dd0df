interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
}

const SECTION = /(<!-- fields: (\S+) -->\n)[\s\S]*?(<!-- end -->)/g;

/** The document with each of its `<!-- fields: NAME -->` sections filled in from the JSON Schema of that name. */
export function withFieldTables(markdown: string, schemas: ReadonlyMap<string, object>): string {
  return markdown.replace(SECTION, (_, start: string, name: string, end: string) => {
    const { spec } = (schemas.get(`${name}.schema.json`) as Schema | undefined)?.properties ?? {};
    if (spec === undefined) throw new Error(`Cannot fill in the fields of ${name}: no such schema`);
    const rows = spec.oneOf === undefined ? fieldRows(spec, 'spec.') : nestedRows({ anyOf: spec.oneOf }, 'spec');
    return `${start}\n| field | type | default | meaning |\n|---|---|---|---|\n${rows.join('\n')}\n\n${end}`;
  });
}

function fieldRows(schema: Schema, prefix: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const standard = schema.required?.includes(name) ? '**required**' : shown(field.default);
    return [
      `| \`${path}\` | ${typeOf(field)} | ${standard} | ${(field.description ?? '').replaceAll('|', '\\|')} |`,
      ...nestedRows(field, path),
    ];
  });
}

function shown(value: unknown): string {
  return value === undefined ? '' : `\`${JSON.stringify(value)}\``;
}

function nestedRows(field: Schema, path: string): string[] {
  // Those of a QosTemplate, which has a table of its own.
  if (path === 'spec.terms') return [];
  if (field.items !== undefined) return nestedRows(field.items, `${path}[]`);
  if (field.anyOf !== undefined) {
    const rows = field.anyOf.flatMap((option) => nestedRows(option, path));
    return [...new Set(rows.map((row) => row.replace('**required**', '')))];
  }
  return fieldRows(field, `${path}.`);
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value === '' ? '""' : value}\``).join(', ');
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`;
  if (schema.type !== 'object')
    return { string: 'text', integer: 'whole number', number: 'number', boolean: 'true or false' }[schema.type ?? ''] ?? '';
  const { additionalProperties: values } = schema;
  return typeof values === 'object' ? `mapping to ${typeOf(values)}` : 'mapping';
}
