import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { type OpenApi, openApiDocument } from '../../controller/gateway/openapi/document.ts';

/** As the gateway of tests serves it. */
export const DOCUMENT: OpenApi = openApiDocument('1.2.3');

export interface Answered {
  readonly method: string;
  /** With or without a query. */
  readonly url: string;
  readonly status: number;
  readonly type: string | undefined;
  /** In small letters. */
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

const paths = Object.keys(DOCUMENT.paths)
  .map((path) => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]*')}$`) }))
  // One that names more of itself is meant first: /docks/tasksqos before /docks/{dock}.
  .sort((a, b) => a.path.split('{').length - b.path.split('{').length);

interface Described {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, unknown>>;
}
type Responses = Readonly<Record<string, Described>>;
const SHARED = DOCUMENT.components.responses as Responses;

const ajv = new Ajv2020({ strict: false, validateFormats: false, allowUnionTypes: true });
ajv.addSchema(DOCUMENT, 'openapi');
const validators = new Map<string, ValidateFunction>();

/** The path of the document that a URL is of. */
export function pathOf(url: string): string | undefined {
  const asked = url.split('?', 1)[0] ?? '';
  return paths.find(({ pattern }) => pattern.test(asked))?.path;
}

/** What the document doesn't say of an answer. HEAD, and what is served at no path, are nobody's. */
export function undocumented({ method, url, status, type = '', headers, body }: Answered): string | undefined {
  const path = pathOf(url);
  const operation = DOCUMENT.paths[path ?? '']?.[method.toLowerCase()];
  if (path === undefined || operation === undefined) return undefined;
  const responses = operation.responses as Responses;
  const named = responses[status]?.$ref?.split('/').at(-1);
  const response = named === undefined ? responses[status] : SHARED[named];
  const what = `${method} ${url} → ${status}`;
  if (response === undefined) return `${what}: a status that is not documented: ${body.slice(0, 300)}`;
  const odd = undocumentedHeader(response, headers);
  if (odd !== undefined) return `${what}: ${odd}`;
  if (response.content === undefined) return body === '' ? undefined : `${what}: a body that is not documented: ${body.slice(0, 300)}`;
  const media = type.split(';', 1)[0] ?? '';
  if (!(media in response.content)) return `${what}: a type that is not documented: ${type}`;
  if (media !== 'application/json') return undefined;
  const at = named === undefined ? ['paths', path, method.toLowerCase(), 'responses', String(status)] : ['components', 'responses', named];
  const pointer = [...at, 'content', media, 'schema'].map(escaped).join('/');
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi#/${pointer}` });
  validators.set(pointer, validate);
  return validate(JSON.parse(body)) ? undefined : `${what}: ${ajv.errorsText(validate.errors)}: ${body.slice(0, 1_000)}`;
}

/** Those that say something of an answer, and are in the document. */
const TELLING = ['etag', 'location', 'preference-applied', 'retry-after', 'www-authenticate'];

function undocumentedHeader(response: Described, headers: Answered['headers']): string | undefined {
  const described = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
  const more = TELLING.find((name) => name in headers && !described.includes(name));
  if (more !== undefined) return `a header that is not documented: ${more}: ${headers[more]}`;
  const missing = described.find((name) => !(name in headers));
  return missing === undefined ? undefined : `no header ${missing}, which is documented`;
}

function escaped(segment: string): string {
  return encodeURIComponent(segment.replaceAll('~', '~0').replaceAll('/', '~1'));
}
