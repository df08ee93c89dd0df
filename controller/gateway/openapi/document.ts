import { z } from 'zod';
import { needOf } from '../access/needs.ts';
import type { Form } from '../rest/reply.ts';
import { COMPONENTS } from './answers.ts';
import { BODY_COMPONENTS } from './bodies.ts';
import { FUNCTIONS, IMEC, QOS } from './documents.ts';
import { type Body, HEADERS, type Operation, TAGS } from './operation.ts';
import { SLA } from './sla.ts';
import { CALLED, STATUS } from './status.ts';
import { STORY, STORY_COMPONENTS } from './story.ts';
import { DOCKS, TASKS } from './tasks.ts';

export const OPERATIONS: readonly Operation[] = [...TASKS, ...QOS, ...IMEC, ...FUNCTIONS, ...DOCKS, ...STORY, ...SLA, ...STATUS, ...CALLED];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: JsonObject;
  readonly servers: Json;
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  /** By path and method, in small letters. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly components: JsonObject;
  readonly security: Json;
}

const MEANINGS: Readonly<Record<number, string>> = {
  200: 'Done',
  201: 'Made',
  202: 'Taken',
  204: 'Done',
  400: 'Wrong: the message says what',
  401: 'Not who is known here: give a token',
  403: 'Refused: by the repository, or for want of a right',
  404: 'There is no such thing',
  409: 'Other documents stand in the way',
  412: 'Stale: it has changed since',
  413: 'Too large',
  415: 'Of another type than is read here',
  429: 'Too often',
  410: 'The original had it, and it is not here: the message says what is',
  503: 'Not now: `Retry-After`',
};

/** Headers of answers: each is there, and no other of them, where it is described. */
const ANSWERED = {
  etag: { ETag: 'Of what the documents say: for `If-Match`.' },
  location: { Location: 'The path of what was made or changed.' },
  preferred: { 'Preference-Applied': '`respond-async`' },
  retry: { 'Retry-After': 'Seconds.' },
  login: { 'WWW-Authenticate': '`Bearer`' },
} as const;

const ERRORS = Object.keys(MEANINGS)
  .map(Number)
  .filter((status) => status >= 400);

/** Describes all that is served. Pure, and takes tens of milliseconds: make it once. */
export function openApiDocument(version: string, operations: readonly Operation[] = OPERATIONS): OpenApi {
  const bodies = schemasOf({ ...BODY_COMPONENTS, ...inBodies(operations) }, 'input');
  const answers = schemasOf({ ...COMPONENTS, ...STORY_COMPONENTS, ...inAnswers(operations), ...inQueries(operations) }, 'output');
  const at = (schema: z.ZodType): JsonObject => bodies.of(schema) ?? answers.of(schema) ?? {};
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const operation of operations) {
    const [method = '', path = ''] = operation.at.split(' ');
    paths[path] = { ...paths[path], [method.toLowerCase()]: described(operation, path, at) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'rotterdam-sync',
      version,
      description: 'Every write is a commit, every read is documents plus what the controller has seen.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: { ...bodies.components, ...answers.components },
      responses: errorAnswers(),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'A token of `rotterdam-sync token create`. Loopback needs none.' },
      },
    },
    security: [{}, { bearer: [] }],
  };
}

function described(operation: Operation, path: string, at: (schema: z.ZodType) => JsonObject): JsonObject {
  const { id, tag, summary, deprecated, body } = operation;
  const access = accessOf(operation);
  return {
    tags: [tag],
    operationId: id,
    summary,
    ...access.said,
    ...(deprecated ? { deprecated } : {}),
    parameters: parametersOf(operation, path, at),
    ...(body === undefined ? {} : { requestBody: { required: true, content: bodyOf(body, at) } }),
    responses: { ...answersOf(operation, at), ...errorsOf([...operation.errors, ...access.errors], operation.form) },
  };
}

function parametersOf({ query, headers = [] }: Operation, path: string, at: (schema: z.ZodType) => JsonObject): readonly JsonObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query === undefined ? {} : propertiesOf(at(query))).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description === undefined ? {} : { description }),
    schema,
  }));
  const inHeader = headers.map((header) => ({ ...HEADERS[header], in: 'header', schema: { type: 'string' } }));
  return [...inPath, ...inQuery, ...inHeader];
}

function propertiesOf(schema: JsonObject): Readonly<Record<string, JsonObject>> {
  return schema.properties as Readonly<Record<string, JsonObject>>;
}

function bodyOf({ schema, examples, type = 'application/json' }: Body, at: (schema: z.ZodType) => JsonObject): JsonObject {
  const named = Object.entries(examples).map(([name, value]): [string, JsonObject] => [name, { value: value as Json }]);
  return { [type]: { schema: at(schema), examples: Object.fromEntries(named) } };
}

function answersOf({ answers, form, headers = [], ...told }: Operation, at: (schema: z.ZodType) => JsonObject): JsonObject {
  const { 200: done } = answers;
  const isCommit = form === 'envelope' && headers.includes('key') && done !== undefined;
  const entries = Object.entries(isCommit ? { ...answers, 202: done } : answers).map(([status, answer]): [string, JsonObject] => {
    const description = MEANINGS[Number(status)] ?? '';
    if (answer === null) return [status, { description }];
    const content =
      typeof answer === 'string' ? { [answer]: { schema: { type: 'string' } } } : { 'application/json': { schema: at(answer) } };
    return [status, { description, ...headersOf(headersAt(Number(status), told)), content }];
  });
  return Object.fromEntries(entries);
}

function headersAt(status: number, { etag, location }: Pick<Operation, 'etag' | 'location'>): readonly (keyof typeof ANSWERED)[] {
  const isTaken = status === 202;
  return [
    ...(etag ? ['etag' as const] : []),
    ...(location || isTaken ? ['location' as const] : []),
    ...(isTaken ? ['preferred' as const] : []),
  ];
}

function headersOf(names: readonly (keyof typeof ANSWERED)[]): JsonObject {
  if (names.length === 0) return {};
  const all = names.flatMap((name) => Object.entries(ANSWERED[name]));
  return {
    headers: Object.fromEntries(all.map(([name, description]) => [name, { description, required: true, schema: { type: 'string' } }])),
  };
}

/** Who may ask for it, and what others are answered. */
function accessOf({ at }: Operation): { readonly said: JsonObject; readonly errors: readonly number[] } {
  const [method = '', path = ''] = at.split(' ');
  const need = needOf(method, path.replace('/job/{job}', '/job*').replaceAll(/\{(\w+)\}/g, ':$1'));
  // No id has slashes, or what can't be seen.
  const missing = path.includes('{') ? [404] : [];
  if (need === 'open' || need === 'signed') return { said: { security: [] }, errors: [403, 429, ...missing] };
  const [scope, all] = need?.split(' ') ?? [];
  return {
    said: { description: `Needs the scope \`${scope}\`${all === undefined ? '' : ', for all docks'}.` },
    errors: [401, 403, 429, ...missing],
  };
}

const ERROR_NAMES = { envelope: 'Error', sla: 'SlaError', plain: 'Message' } as const;

function errorsOf(statuses: readonly number[], form: Form): JsonObject {
  const all = [...new Set(statuses)].sort();
  return Object.fromEntries(
    all.map((status): [string, JsonObject] => [String(status), { $ref: `#/components/responses/${ERROR_NAMES[form]}${status}` }]),
  );
}

/** Each error in each form, once. */
function errorAnswers(): JsonObject {
  const entries = Object.values(ERROR_NAMES).flatMap((name) => {
    const content = { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } };
    return ERRORS.map((status): [string, JsonObject] => [
      `${name}${status}`,
      {
        description: MEANINGS[status] ?? '',
        ...headersOf(status === 401 ? ['login'] : status === 429 || status === 503 ? ['retry'] : []),
        content,
      },
    ]);
  });
  return Object.fromEntries(entries);
}

function inBodies(operations: readonly Operation[]): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(operations.flatMap(({ id, body }) => (body === undefined ? [] : [[`#body ${id}`, body.schema]])));
}

function inQueries(operations: readonly Operation[]): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(operations.flatMap(({ id, query }) => (query === undefined ? [] : [[`#query ${id}`, query]])));
}

function inAnswers(operations: readonly Operation[]): Readonly<Record<string, z.ZodType>> {
  const entries = operations.flatMap(({ id, answers }) =>
    Object.entries(answers).flatMap(([status, answer]) => (answer instanceof z.ZodType ? [[`#${status} ${id}`, answer] as const] : [])),
  );
  return Object.fromEntries(entries);
}

/** Schemas as JSON Schema; those whose name begins with `#` stand where they are used, the others are referred to. */
function schemasOf(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output') {
  const registry = z.registry<{ id: string }>();
  const names = new Map<z.ZodType, string>();
  for (const [id, schema] of Object.entries(schemas)) {
    if (names.has(schema)) continue;
    names.set(schema, id);
    registry.add(schema, { id });
  }
  const made = z.toJSONSchema(registry, { io, uri: (id) => `#/components/schemas/${id}`, unrepresentable: 'any' }).schemas;
  const plain = new Map(Object.entries(made).map(([id, { $schema: _, $id: __, ...schema }]) => [id, schema as JsonObject]));
  return {
    components: Object.fromEntries([...plain].filter(([id]) => !id.startsWith('#'))),
    of: (schema: z.ZodType): JsonObject | undefined => {
      const id = names.get(schema);
      return id === undefined || id.startsWith('#') ? plain.get(id ?? '') : { $ref: `#/components/schemas/${id}` };
    },
  };
}
