import type { IncomingMessage } from 'node:http';
import { METRIC_NAME } from '../../../constructs/spec/metric.ts';
import { anyOf } from '../../../constructs/spec/promql.ts';
import type { SourceSpec } from '../../../constructs/spec/source.ts';
import { formatDuration } from '../../../constructs/spec/units.ts';
import { Failure, QueryError, sentence } from '../../errors.ts';
import type { Clock, MetricSource, Secrets, Series } from '../../ports.ts';
import { type Answer, type KnownSeries, readAnswer, readResult } from './answer.ts';
import { createGate } from './gate.ts';
import { basicOf, loginOf } from './login.ts';
import { createRequester, type Login, type Requester } from './request.ts';
import { createSpread } from './spread.ts';

const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
/** A form may not be larger than 10 MB: Go refuses it. */
const MAX_NAMES = 10_000;
/** Times would mean something else: what is fresh, and what came after an action. */
const MAX_CLOCK_DIFFERENCE_MS = 120_000;
/** Prometheus' own limit is 20 for everybody. */
const PARALLEL = 4;

type Named = Extract<SourceSpec, { readonly type: 'prometheus' }> & { readonly name: string };

interface Asker {
  readonly url: URL;
  readonly name: string;
  readonly timeoutMs: number;
  readonly login: () => Promise<Login>;
  readonly requester: Requester;
  readonly known: KnownSeries;
  /** Resolves when it may be asked. */
  readonly turn: () => Promise<void>;
  readonly clock: Clock;
}

/** A Source of type `prometheus`. One without a name is told by its URL. */
export function openPrometheus(spec: Named, { secrets, clock }: { readonly secrets: Secrets; readonly clock: Clock }): MetricSource {
  const url = new URL(spec.url);
  const name = spec.name === '' ? nameOf(url) : `${spec.name} (${nameOf(url)})`;
  return createSource({
    url,
    name,
    timeoutMs: spec.timeout,
    login: () => loginOf(spec, secrets),
    requester: createRequester(),
    known: new Map(),
    turn: createSpread(name, clock),
    clock,
  });
}

/** One that needs no secrets; a password in its URL goes into a header. */
export function createPrometheusSource(options: { readonly url: string; readonly clock: Clock }): MetricSource {
  const url = new URL(options.url);
  const { username, password } = url;
  const headers: Record<string, string> = {};
  if (username + password !== '') headers.authorization = basicOf(decodeURIComponent(username), decodeURIComponent(password));
  url.username = '';
  url.password = '';
  const login = async () => ({ headers });
  const turn = async () => undefined;
  return createSource({
    url,
    name: nameOf(url),
    timeoutMs: 10_000,
    login,
    requester: createRequester(),
    known: new Map(),
    turn,
    clock: options.clock,
  });
}

function nameOf(url: URL): string {
  return `prometheus ${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/**
 * A Prometheus, or what answers like one (Thanos, Mimir), by its HTTP API. An answer with warnings is partial and rejects like
 * an error. Redirects are not followed.
 */
function createSource(asker: Asker): MetricSource {
  const { name } = asker;
  const gate = createGate(PARALLEL);
  const inTurn = <T>(work: () => Promise<T>) => asker.turn().then(() => gate(work));
  const ask = (instant: Instant, signal?: AbortSignal) => inTurn(() => seriesOf(asker, instant, signal));
  return {
    name,
    samples: async (names, fromMs, toMs, signal, tasks) => {
      const wrong = names.find((one) => !METRIC_NAME.test(one));
      if (wrong !== undefined) throw new Failure('terminal', `Cannot ask ${name} for what is no metric name: ${JSON.stringify(wrong)}`);
      if (names.length === 0 || tasks?.length === 0 || toMs <= fromMs) return [];
      const labelled = tasks === undefined ? '' : `,task=~${anyOf(tasks)}`;
      const answers: (readonly Series[])[] = [];
      for (let at = 0; at < names.length; at += MAX_NAMES) {
        const query = `{__name__=~${anyOf(names.slice(at, at + MAX_NAMES))}${labelled}}[${Math.ceil(toMs - fromMs)}ms]`;
        // Ranges of PromQL are closed at their start.
        answers.push(await ask({ query, atMs: toMs, fromMs }, signal));
      }
      return answers.length === 1 ? (answers[0] ?? []) : answers.flat();
    },
    instant: (query, atMs, signal, maxAgeMs) => ask({ query, atMs, fromMs: Number.NEGATIVE_INFINITY, maxAgeMs }, signal),
    names: (signal) => inTurn(async () => readNames((await answerOf(asker, 'label/__name__/values', {}, 0, signal)).answer.data, name)),
  };
}

interface Instant {
  readonly query: string;
  readonly atMs: number;
  /** Samples up to then are not read. */
  readonly fromMs: number;
  readonly maxAgeMs?: number | undefined;
}

/** A Prometheus from before the spring of 2023 passes over `lookback_delta`. */
async function seriesOf(asker: Asker, { query, atMs, fromMs, maxAgeMs }: Instant, signal?: AbortSignal): Promise<readonly Series[]> {
  const age = maxAgeMs === undefined ? {} : { lookback_delta: (maxAgeMs / 1000).toFixed(3) };
  const { answer, series } = await answerOf(asker, 'query', { query, time: (atMs / 1000).toFixed(3), ...age }, fromMs, signal);
  return series.length > 0 ? series : readResult(answer.data, asker.name);
}

async function answerOf(
  asker: Asker,
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  fromMs: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly answer: Answer; readonly series: readonly Series[] }> {
  const series: Series[] = [];
  const { status, answer, isHtml } = await inTime(asker, signal, async (limited) => {
    const reply = await replyOf(asker, endpoint, parameters, limited);
    const start = { text: '' };
    const found = (one: Series) => series.push(one);
    const read = await readAnswer(bounded(reply, start), { found, known: asker.known, fromMs });
    return { status: reply.statusCode ?? 0, answer: read, isHtml: start.text.trimStart().startsWith('<') };
  });
  if (answer === undefined) {
    if (status === 413 || status === 414) throw new QueryError(`${asker.name} refused a query as too long: ${status}`);
    if (status === 401 || status === 403) throw new Failure('terminal', `${asker.name} refuses the credentials: ${status}`);
    throw new Failure('transient', `Cannot read the answer of ${asker.name}: status ${status} with ${isHtml ? 'HTML' : 'no JSON'}`);
  }
  if (answer.status !== 'success') {
    const { errorType = '', error = '' } = answer;
    const refused = `${asker.name} refused a query: ${status} ${errorType} ${error}`.trimEnd();
    if ([400, 413, 414, 422].includes(status) || errorType === 'timeout') throw new QueryError(refused);
    throw new Failure(status === 401 || status === 403 ? 'terminal' : 'transient', refused);
  }
  if (answer.warnings !== undefined && answer.warnings.length > 0) {
    throw new Failure('transient', `Cannot trust a partial answer of ${asker.name}: ${answer.warnings.join('; ')}`);
  }
  return { answer, series };
}

async function replyOf(
  { url, login, requester, clock }: Asker,
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const target = new URL(`${url.pathname.replace(/\/+$/, '')}/api/v1/${endpoint}`, url);
  const reply = await requester.send(target, new URLSearchParams(parameters), await login(), signal);
  const status = reply.statusCode ?? 0;
  if (status >= 300 && status < 400) {
    reply.destroy();
    throw new Failure('terminal', redirected(reply.headers.location ?? '', target));
  }
  const aheadMs = Date.parse(reply.headers.date ?? '') - clock.now();
  if (Math.abs(aheadMs) > MAX_CLOCK_DIFFERENCE_MS) {
    reply.destroy();
    throw new Failure('transient', `its clock is ${formatDuration(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours`);
  }
  return reply;
}

/** Gives `work` up when it takes too long, and says whose it was when it fails. */
async function inTime<T>({ name, clock, timeoutMs }: Asker, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>) {
  const late = new AbortController();
  const done = new AbortController();
  const tooLate = new QueryError(`no answer within ${timeoutMs / 1000} s`);
  clock.sleep(timeoutMs, done.signal).then(
    () => late.abort(tooLate),
    () => undefined,
  );
  try {
    return await work(signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]));
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const cause = late.signal.aborted ? tooLate : error;
    const message = `Cannot ask ${name}: ${sentence(cause)}`;
    if (cause instanceof QueryError) throw new QueryError(message, { cause });
    throw new Failure(cause instanceof Failure ? cause.outcome : 'transient', message, { cause });
  } finally {
    done.abort();
  }
}

/** The bytes of a reply up to the limit. What says beforehand that it is longer is not read at all. */
async function* bounded(reply: IncomingMessage, start: { text: string }): AsyncGenerator<Buffer> {
  const tooLarge = new QueryError(`its answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MiB`);
  let size = Number(reply.headers['content-length'] ?? 0);
  try {
    if (size > MAX_ANSWER_BYTES) throw tooLarge;
    size = 0;
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      if (size === 0) start.text = chunk.toString('latin1', 0, 64);
      size += chunk.length;
      if (size > MAX_ANSWER_BYTES) throw tooLarge;
      yield chunk;
    }
  } finally {
    reply.destroy();
  }
}

function redirected(location: string, from: URL): string {
  const to = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  return `it redirects${to === undefined ? '' : ` to ${to.origin}${to.pathname}`}: set its url to where it answers`;
}

function readNames(data: unknown, source: string): readonly string[] {
  if (Array.isArray(data)) return data.filter((name) => typeof name === 'string');
  throw new Failure('terminal', `Cannot read the answer of ${source}: it is no list of names`);
}
