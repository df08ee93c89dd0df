import { Failure, sentence } from '../errors.ts';
import type { Clock, MetricSource, Sample, Series } from '../ports.ts';

const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
/** Longer queries go into the body of a POST. */
const MAX_GET_LENGTH = 2_000;
/** A form may not be larger than 10 MB: Go refuses it. */
const MAX_NAMES = 10_000;
/** Prometheus' own limit is 20 for everybody. */
const PARALLEL = 8;
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

interface Asker {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly name: string;
  readonly clock: Clock;
}

/**
 * A Prometheus, or what answers like one (Thanos, Mimir), by its HTTP API. An answer with warnings is partial and rejects like
 * an error. Redirects are not followed.
 * @param options.url the root, with the path prefix if it has one.
 */
export function createPrometheusSource(options: { readonly url: string; readonly clock: Clock }): MetricSource {
  const url = new URL(options.url);
  const headers = credentialsOf(url);
  const name = `prometheus ${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  const asker = { url, headers, name, clock: options.clock };
  const inTurn = gate(PARALLEL);
  const ask = (query: string, atMs: number, signal?: AbortSignal) => inTurn(() => seriesOf(asker, query, atMs, signal));
  return {
    name,
    samples: async (names, fromMs, toMs, signal) => {
      const wrong = names.find((one) => !METRIC_NAME.test(one));
      if (wrong !== undefined) throw new Failure('terminal', `Cannot ask ${name} for what is no metric name: ${JSON.stringify(wrong)}`);
      if (names.length === 0 || toMs <= fromMs) return [];
      const answers: Series[] = [];
      for (let at = 0; at < names.length; at += MAX_NAMES) {
        const query = `{__name__=~"${names.slice(at, at + MAX_NAMES).join('|')}"}[${Math.ceil(toMs - fromMs)}ms]`;
        answers.push(...(await ask(query, toMs, signal)));
      }
      return answers.map((series) => ({ ...series, samples: series.samples.filter(({ atMs }) => atMs > fromMs) }));
    },
    instant: ask,
    names: (signal) => inTurn(async () => readNames(await dataOf(asker, 'label/__name__/values', {}, signal), name)),
  };
}

async function seriesOf(asker: Asker, query: string, atMs: number, signal: AbortSignal | undefined): Promise<readonly Series[]> {
  return readResult(await dataOf(asker, 'query', { query, time: (atMs / 1000).toFixed(3) }, signal), asker.name);
}

async function dataOf(
  asker: Asker,
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Answer['data']> {
  const { status, text } = await answerOf(asker, endpoint, parameters, signal);
  const answer = parsed(text);
  if (answer === undefined) {
    const what = text.trimStart().startsWith('<') ? 'HTML' : 'no JSON';
    throw new Failure('transient', `Cannot read the answer of ${asker.name}: status ${status} with ${what}`);
  }
  if (answer.status !== 'success') {
    const outcome = status === 400 || status === 422 ? 'terminal' : 'transient';
    throw new Failure(outcome, `${asker.name} refused a query: ${status} ${answer.errorType ?? ''} ${answer.error ?? ''}`.trimEnd());
  }
  if (answer.warnings !== undefined && answer.warnings.length > 0) {
    throw new Failure('transient', `Cannot trust a partial answer of ${asker.name}: ${answer.warnings.join('; ')}`);
  }
  return answer.data;
}

async function answerOf(
  { url, headers, name, clock }: Asker,
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
) {
  const form = new URLSearchParams(parameters);
  const target = new URL(`${url.pathname.replace(/\/+$/, '')}/api/v1/${endpoint}`, url);
  const post = form.toString().length > MAX_GET_LENGTH;
  if (!post) target.search = form.toString();
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(TIMEOUT_MS, done.signal).then(
    () => late.abort(new Failure('transient', `no answer within ${TIMEOUT_MS / 1000} s`)),
    () => undefined,
  );
  try {
    const response = await fetch(target, {
      ...(post ? { method: 'POST', body: form } : {}),
      headers,
      redirect: 'manual',
      signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    });
    if (response.status >= 300 && response.status < 400) throw new Failure('terminal', redirected(response, target));
    return { status: response.status, text: await textOf(response) };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const outcome = error instanceof Failure ? error.outcome : 'transient';
    throw new Failure(outcome, `Cannot ask ${name}: ${sentence(error)}`, { cause: error });
  } finally {
    done.abort();
  }
}

function redirected(response: Response, from: URL): string {
  const location = response.headers.get('location') ?? '';
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return `it redirects${to === undefined ? '' : ` to ${to.origin}${to.pathname}`}: set spec.prometheus.url to where it answers`;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Failure('terminal', `its answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

interface Answer {
  readonly status?: string;
  readonly errorType?: string;
  readonly error?: string;
  readonly warnings?: readonly string[];
  readonly data?: unknown;
}

type Point = readonly [number, string];

interface Result {
  readonly metric?: Readonly<Record<string, string>>;
  readonly value?: Point;
  readonly values?: readonly Point[];
}

function parsed(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What a query answered. @throws terminal Failure for what is none. */
export function readResult(answered: unknown, source: string): readonly Series[] {
  const data = answered as { readonly resultType?: string; readonly result?: unknown } | undefined;
  if (data?.resultType === 'scalar') return [readSeries({ value: data.result as Point })];
  if ((data?.resultType !== 'vector' && data?.resultType !== 'matrix') || !Array.isArray(data.result)) {
    throw new Failure('terminal', `Cannot read the answer of ${source}: its result is of type ${String(data?.resultType)}`);
  }
  return (data.result as readonly Result[]).map(readSeries);
}

function readNames(data: unknown, source: string): readonly string[] {
  if (Array.isArray(data)) return data.filter((name) => typeof name === 'string');
  throw new Failure('terminal', `Cannot read the answer of ${source}: it is no list of names`);
}

/** Native histograms have no values: a series without samples. */
function readSeries({ metric = {}, value, values }: Result): Series {
  const { __name__: name = '', ...labels } = metric;
  return { name, labels, samples: (values ?? (value === undefined ? [] : [value])).map(readSample) };
}

function readSample([seconds, text]: Point): Sample {
  const value = text === '+Inf' || text === '-Inf' ? Number(`${text}inity`) : Number(text);
  return { atMs: Math.round(seconds * 1000), value };
}

/** A password in the URL goes into a header: `fetch` refuses it, and says it. */
function credentialsOf(url: URL): Readonly<Record<string, string>> {
  if (url.username === '' && url.password === '') return {};
  const userinfo = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { authorization: `Basic ${Buffer.from(userinfo).toString('base64')}` };
}

/** Lets `size` calls run at a time; the others wait in order. */
function gate(size: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= size) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
