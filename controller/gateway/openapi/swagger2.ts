import type { Json, JsonObject, OpenApi } from './document.ts';

const TYPES = ['application/json'];

/**
 * The same in Swagger 2.0, for old tools. What that can't say is said more loosely: one of several schemas becomes any value, null is a matter of
 * `x-nullable`, and what JSON Schema has learned since is left out. Pure.
 */
export function swagger2({ info, tags, paths, components }: OpenApi): JsonObject {
  const { schemas, responses } = components as unknown as Components;
  const { title, version, description } = info as Readonly<Record<string, string>>;
  return {
    swagger: '2.0',
    info: { title: title ?? '', version: version ?? '', description: description ?? '', license: { name: 'Apache-2.0' } },
    basePath: '/',
    consumes: TYPES,
    produces: TYPES,
    tags: tags.map(({ name, description: about }) => ({ name, description: about })),
    paths: mapped(paths, (methods) => mapped(methods, operation)),
    definitions: mapped(schemas, schemaOf),
    responses: mapped(responses, response),
    securityDefinitions: {
      bearer: { type: 'apiKey', name: 'Authorization', in: 'header', description: 'Write `Bearer` and a token. Loopback needs none.' },
    },
    security: [{ bearer: [] }],
  };
}

interface Media {
  readonly schema: JsonObject;
  readonly examples?: Readonly<Record<string, { readonly value: Json }>>;
}
type Content = Readonly<Record<string, Media>>;

interface Components {
  readonly schemas: Readonly<Record<string, JsonObject>>;
  readonly responses: Readonly<Record<string, Response>>;
}

interface Response {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Content;
}

interface Described {
  readonly parameters: readonly JsonObject[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}

function operation(described: JsonObject): JsonObject {
  const { parameters, requestBody, responses, ...same } = described as unknown as Described;
  const content = requestBody?.content;
  const types = [...new Set(Object.values(responses).flatMap((answer) => Object.keys(answer.content ?? {})))];
  return {
    ...same,
    ...(content === undefined ? {} : { consumes: Object.keys(content) }),
    ...(types.length === 0 ? {} : { produces: types }),
    parameters: [...parameters.map(parameter), ...(content === undefined ? [] : [body(content)])],
    responses: mapped(responses, response),
  };
}

function response({ $ref, description = '', content }: Response): JsonObject {
  if ($ref !== undefined) return { $ref: $ref.replace('#/components/', '#/') };
  const schema = Object.values(content ?? {})[0]?.schema;
  return { description, ...(schema === undefined ? {} : { schema: schemaOf(schema) }) };
}

/** Has one example. */
function body(content: Content): JsonObject {
  const { schema = {}, examples = {} }: Partial<Media> = Object.values(content)[0] ?? {};
  const [example] = Object.values(examples);
  return {
    name: 'body',
    in: 'body',
    required: true,
    schema: { ...schemaOf(schema), ...(example === undefined ? {} : { example: example.value }) },
  };
}

/** A schema's fields stand in the parameter itself. */
function parameter({ schema, ...same }: JsonObject): JsonObject {
  return { ...same, ...schemaOf(schema as JsonObject) };
}

/** Keywords that Swagger 2.0 has, and whose values mean the same there. */
const KEPT = [
  'title',
  'description',
  'default',
  'multipleOf',
  'maximum',
  'minimum',
  'maxLength',
  'minLength',
  'pattern',
  'maxItems',
  'minItems',
  'uniqueItems',
  'required',
  'enum',
  'format',
];

function schemaOf(schema: JsonObject): JsonObject {
  if (typeof schema.$ref === 'string') return { $ref: schema.$ref.replace('#/components/schemas/', '#/definitions/') };
  const { type, properties, items, additionalProperties, exclusiveMinimum, exclusiveMaximum } = schema;
  const options = (schema.anyOf ?? schema.oneOf) as readonly JsonObject[] | undefined;
  if (options !== undefined) return oneOf(options, schema.description);
  return {
    ...Object.fromEntries(KEPT.flatMap((key) => (schema[key] === undefined ? [] : [[key, schema[key] as Json]]))),
    ...(typeof type === 'string' && type !== 'null' ? { type } : {}),
    ...(schema.const === undefined ? {} : { enum: [schema.const] }),
    ...(typeof exclusiveMinimum === 'number' ? { minimum: exclusiveMinimum, exclusiveMinimum: true } : {}),
    ...(typeof exclusiveMaximum === 'number' ? { maximum: exclusiveMaximum, exclusiveMaximum: true } : {}),
    ...(properties === undefined ? {} : { properties: mapped(properties as Readonly<Record<string, JsonObject>>, schemaOf) }),
    ...(items === undefined ? {} : { items: schemaOf(items as JsonObject) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: more(additionalProperties) }),
  };
}

function oneOf(options: readonly JsonObject[], description: Json | undefined): JsonObject {
  const about = description === undefined ? {} : { description };
  const [only, other] = options.filter(({ type }) => type !== 'null');
  if (only === undefined || other !== undefined) return about;
  return only.$ref === undefined ? { ...schemaOf(only), ...about, 'x-nullable': true } : schemaOf(only);
}

function more(schema: Json): Json {
  return typeof schema === 'object' && schema !== null ? schemaOf(schema as JsonObject) : schema;
}

function mapped<T, U>(object: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}
