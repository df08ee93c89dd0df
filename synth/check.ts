import type { z } from 'zod';
import { MAX_PROBLEMS, type ParsedDocument, type Path, type Problem } from './parse.ts';
import { fieldsAt } from './schema-fields.ts';
import { nearest } from './suggest.ts';

type ZodIssue = z.core.$ZodIssue;

export interface Checked<T> {
  /** Undefined when the problems hold an error. */
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Validates a document, every issue at its place.
 * `lenient` is for Rotterdam's own JSON: unknown fields are ignored with a warning, `"80"` is taken as 80 with a warning, null is absent.
 */
export function check<S extends z.ZodType>(schema: S, document: ParsedDocument, lenient = false): Checked<z.output<S>> {
  if (!lenient) {
    const result = schema.safeParse(document.value);
    if (result.success) return { value: result.data, problems: [] };
    const issues = flat(result.error.issues).slice(0, MAX_PROBLEMS);
    return { value: undefined, problems: issues.flatMap((issue) => problemsOf(issue, schema, document)) };
  }
  return checkLenient(schema, document);
}

/** Each round mends what may be mended; a union may show more of the same in the next. */
function checkLenient<S extends z.ZodType>(schema: S, document: ParsedDocument): Checked<z.output<S>> {
  const value = withoutNulls(document.value);
  const problems: Problem[] = [];
  for (;;) {
    const result = schema.safeParse(value);
    if (result.success) return { value: result.data, problems };
    const issues = flat(result.error.issues);
    const mended = issues.filter((issue) => mend(value, issue));
    for (const issue of (mended.length > 0 ? mended : issues).slice(0, MAX_PROBLEMS)) {
      const severity = mended.length > 0 ? 'warning' : 'error';
      problems.push(...problemsOf(issue, schema, document).map((problem) => ({ ...problem, severity }) as const));
    }
    if (mended.length === 0) return { value: undefined, problems };
  }
}

/** A copy in which no field is null. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([key, field]) => [key, withoutNulls(field)]),
  );
}

function mend(root: unknown, issue: ZodIssue): boolean {
  const parent = valueAt(root, issue.code === 'unrecognized_keys' ? issue.path : issue.path.slice(0, -1)) as Record<PropertyKey, unknown>;
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) delete parent[key];
    return true;
  }
  const key = issue.path.at(-1);
  const found = key === undefined ? undefined : parent?.[key];
  if (key === undefined || !isNumberExpected(issue) || typeof found !== 'string' || !/^-?\d+(\.\d+)?$/.test(found)) return false;
  parent[key] = Number(found);
  return true;
}

function isNumberExpected(issue: ZodIssue): boolean {
  return issue.code === 'invalid_type' && (issue.expected === 'number' || issue.expected === 'int');
}

/** A union's issue becomes the issues of the option that the value was most likely meant to be. */
function flat(issues: readonly ZodIssue[]): ZodIssue[] {
  return issues.flatMap((issue) => {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const nested = [...issue.errors].sort((a, b) => unlikeliness(a) - unlikeliness(b))[0] ?? [];
    return flat(nested.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] })));
  });
}

function unlikeliness(issues: readonly ZodIssue[]): number {
  return issues.length + (issues.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type') ? 1_000 : 0);
}

function problemsOf(issue: ZodIssue, schema: z.ZodType, document: ParsedDocument): Problem[] {
  if (issue.code !== 'unrecognized_keys') {
    const of = issue.code === 'invalid_key' ? 'key' : 'value';
    const at = issue.code === 'custom' ? issue.params?.at : undefined;
    const place = typeof at === 'number' ? document.placeIn(issue.path, at) : document.place(issue.path, of);
    return [{ ...place, severity: 'error', code: codeOf(issue), message: messageOf(issue, document) }];
  }
  const known = fieldsAt(schema, issue.path);
  return issue.keys.slice(0, MAX_PROBLEMS).map((key) => {
    const near = nearest(key, known);
    const message = `Unknown field '${key}'${inside(issue.path)}${near === undefined ? '' : `: did you mean '${near}'?`}`;
    return { ...document.place([...issue.path, key], 'key'), severity: 'error', code: 'unknown-field', message };
  });
}

function codeOf(issue: ZodIssue): string {
  if (issue.code === 'invalid_type') return isNumberExpected(issue) ? 'number-expected' : 'wrong-type';
  return issue.code === 'invalid_value' || issue.code === 'invalid_union' ? 'unknown-value' : 'bad-value';
}

function messageOf(issue: ZodIssue, document: ParsedDocument): string {
  const value = valueAt(document.value, issue.path);
  const found = describe(value, issue.path);
  const field = printPath(issue.path);
  switch (issue.code) {
    case 'invalid_type':
      if (value === undefined) return `Add the field '${String(issue.path.at(-1))}'${inside(issue.path.slice(0, -1))}`;
      if (issue.expected === 'string' && typeof value !== 'object') return `Quote ${field} to make it text: found ${found}`;
      return `Write ${field} as ${TYPES[issue.expected] ?? issue.expected}: found ${found}`;
    case 'invalid_value': {
      if (value === undefined)
        return `Add the field '${String(issue.path.at(-1))}'${inside(issue.path.slice(0, -1))}: ${issue.values.join(', ')}`;
      const near = typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined;
      return `Write ${field} as ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.join(', ')}: found ${found}${near ? `, did you mean '${near}'?` : ''}`;
    }
    case 'too_small':
      return sizeMessage(field, 'at least', issue.minimum, issue, found);
    case 'too_big':
      return sizeMessage(field, 'at most', issue.maximum, issue, found);
    case 'invalid_union':
      return messageOf({ ...issue, code: 'invalid_value', values: 'options' in issue ? issue.options : [] } as ZodIssue, document);
    case 'custom':
      return issue.message;
    case 'invalid_key':
      return `${issue.issues[0]?.message ?? 'Cannot use this key'}, in ${field}`;
    case 'invalid_format':
      return `${issue.message}, in ${field}: found ${found}`;
    default:
      return `Cannot use ${field}: ${issue.message}`;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

function sizeMessage(
  field: string,
  how: string,
  limit: number | bigint,
  issue: { origin: string; inclusive?: boolean },
  found: string,
): string {
  if (issue.origin === 'array') return `Give ${field} ${how} ${limit} element${limit === 1 ? '' : 's'}`;
  if (issue.origin === 'string') return `Give ${field} ${how} ${limit} character${limit === 1 ? '' : 's'}`;
  const bound = issue.inclusive === false ? `a number ${how === 'at least' ? 'above' : 'below'}` : `a number of ${how}`;
  return `Write ${field} as ${bound} ${limit}: found ${found}`;
}

/** ` in spec.containers[0]` */
function inside(path: Path): string {
  return path.length === 0 ? '' : ` in ${printPath(path)}`;
}

export function printPath(path: Path): string {
  if (path.length === 0) return 'the document';
  return path.map((segment, at) => (typeof segment === 'number' ? `[${segment}]` : `${at > 0 ? '.' : ''}${String(segment)}`)).join('');
}

export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, segment) => (value as Record<PropertyKey, unknown> | null | undefined)?.[segment], root);
}

const SECRET_FIELD = /pass|secret|token|key|env|credential|url|endpoint/i;

/** What was found, for a message; never what may be a secret. */
function describe(value: unknown, path: Path): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  if (typeof value === 'object') return 'a mapping';
  if (path.some((segment) => SECRET_FIELD.test(String(segment)))) return typeof value === 'string' ? 'another text' : `a ${typeof value}`;
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
