import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../../../controller/gateway/openapi/document.ts';
import { DOCUMENT, undocumented } from '../../../../support/documented.ts';
import { EDGE, restWorld } from '../../../../support/rest.ts';
import { arbitrariesOf, mutated } from '../../../../support/schema-arbitrary.ts';

const CITY = {
  'infrastructures/edge.yaml': EDGE,
  'infrastructures/device.json': JSON.stringify({
    name: 'device',
    type: 'microk8s',
    so: 'ubuntu18',
    hostIP: '10.0.0.1',
    hostPort: 22,
    user: 'u',
  }),
  'tasks/web.json': JSON.stringify({ name: 'web', dock: 'class', qos: [{ qosid: 'DeadlinesMissed_1' }], image: 'nginx', ports: [80] }),
  'functions/hello.json': JSON.stringify({ name: 'hello', dock: 'class', runtime: 'python2.7', function: 'def foo(): pass' }),
};

// biome-ignore lint/suspicious/noExplicitAny: a document is JSON
const document = DOCUMENT as any;
const valuesOf = arbitrariesOf(document.components.schemas);

/** Names of what is there, and of what is not. */
const names = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('web', 'class', 'edge', 'device', 'hello', 'DeadlinesMissed_1', 'web_DeadlinesMissed_1', 'deadlines_missed'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 70 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 20, unit: 'binary' }).filter((text) => !/\p{Surrogate}/u.test(text)) },
);
/** A URL with a dot for a segment is another URL, to all who read one. */
const segment = names.filter((name) => name !== '.' && name !== '..');
const header = fc.oneof(
  fc.constantFrom('*', '"0"', 'respond-async', 'k1', 'k2'),
  fc.string({ maxLength: 300, unit: fc.constantFrom(...'aZ09 "*,;=-') }),
);

interface Asked {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload?: string;
}

interface Media {
  readonly schema: object;
  readonly examples: Readonly<Record<string, { readonly value: unknown }>>;
}

/** Requests of an operation: as it is documented, and nearly so. */
function requestsOf(path: string, method: string): fc.Arbitrary<Asked> {
  const operation = document.paths[path][method];
  const named = operation.parameters as readonly { readonly name: string; readonly in: string; readonly schema: object }[];
  const inPath = fc.record(Object.fromEntries(named.filter((one) => one.in === 'path').map(({ name }) => [name, segment])));
  const inQuery = fc.record(
    // Time stands still here: nothing is waited for.
    Object.fromEntries(
      named
        .filter((one) => one.in === 'query')
        .map(({ name, schema }) => [name, name === 'wait' ? fc.constantFrom('', 'long') : fc.oneof(valuesOf(schema), segment)]),
    ),
    { requiredKeys: [] },
  );
  const inHeaders = fc.record(
    Object.fromEntries(named.filter((one) => one.in === 'header').map(({ name }) => [name.toLowerCase(), header])),
    { requiredKeys: [] },
  );
  const [type, media] = Object.entries((operation.requestBody?.content ?? {}) as Record<string, Media>)[0] ?? [];
  const examples = Object.values(media?.examples ?? {}).map(({ value }) => value);
  const valid = media === undefined ? undefined : fc.oneof(fc.constantFrom(...examples), valuesOf(media.schema));
  const body =
    valid === undefined
      ? fc.constantFrom(undefined, '{}')
      : fc.oneof({ weight: 2, arbitrary: valid }, { weight: 3, arbitrary: mutated(valid) });
  const typed = fc.oneof(
    { weight: 9, arbitrary: fc.constant(type ?? 'application/json') },
    { weight: 1, arbitrary: fc.constantFrom('text/plain', 'application/x-www-form-urlencoded') },
  );
  return fc.record({ inPath, inQuery, inHeaders, body, typed }).map((given) => {
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => encodeURIComponent(String(given.inPath[name])));
    const query = new URLSearchParams(
      Object.entries(given.inQuery).map(([key, value]): [string, string] => [key, String(value)]),
    ).toString();
    const headers = {
      host: 'localhost',
      ...(given.body === undefined ? {} : { 'content-type': given.typed }),
      ...(given.inHeaders as Record<string, string>),
    };
    const payload = typeof given.body === 'string' ? given.body : JSON.stringify(given.body);
    return {
      method: method.toUpperCase() as Asked['method'],
      url: query === '' ? url : `${url}?${query}`,
      headers,
      ...(payload === undefined ? {} : { payload }),
    };
  });
}

/** A stream of events doesn't end. */
const operations = OPERATIONS.map(({ at }) => at.split(' ') as [string, string]).filter(([, path]) => path !== '/api/v1/events');
const request = fc.oneof(...operations.map(([method, path]) => requestsOf(path, method.toLowerCase())));

/** `PROPERTY_MS=60000` asks for longer, `PROPERTY_SEED` for the same again. */
describe('whatever is asked for', () => {
  const LONGEST_MS = Number(process.env.PROPERTY_MS ?? 4_000);
  const seed = Number(process.env.PROPERTY_SEED ?? Date.now() % 2 ** 31);

  it('is answered as the OpenAPI document says, and never by a failure', { timeout: LONGEST_MS + 60_000 }, async () => {
    const asks = fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), async (requests) => {
      const { ask, stop } = await restWorld(CITY);
      try {
        for (const one of requests) {
          const answer = await ask(one);
          // What the original had and is not here is told as that.
          const isFailure = answer.status >= 500 && !(answer.status === 503 && one.url.startsWith('/api/v1/functions/'));
          expect(isFailure ? `${one.method} ${one.url} → ${answer.status}: ${answer.body}` : undocumented(answer)).toBeUndefined();
        }
      } finally {
        await stop();
      }
    });
    console.log(`PROPERTY_SEED=${seed}`);
    await fc.assert(asks, { seed, interruptAfterTimeLimit: LONGEST_MS, markInterruptAsFailure: false, numRuns: 1_000_000 });
  });
});
