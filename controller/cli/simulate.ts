import { readFile, writeFile } from 'node:fs/promises';
import { taskId } from '../../constructs/spec/names.ts';
import { environmentNames } from '../../synth/load.ts';
import type { SourceFile } from '../../synth/source.ts';
import { suggestion } from '../../synth/suggest.ts';
import { systemClock } from '../adapters/clock.ts';
import { readFolder } from '../adapters/files.ts';
import { createPrometheusSource } from '../adapters/prometheus/source.ts';
import { merged, readRecording, recordedSource } from '../adapters/recording/recording.ts';
import { systemWords, UsageError } from '../errors.ts';
import type { MetricSource, Series } from '../ports.ts';
import { simulate as run } from '../simulation/simulate.ts';
import { environmentFor, labelled, metricsOf, type Subject, subjectOf, taskIn, tasksIn } from '../simulation/subject.ts';
import { maximum, minimum } from '../simulation/sums.ts';
import { svgOf } from '../simulation/svg.ts';
import { EXIT } from './exit.ts';
import { interrupted } from './interrupt.ts';
import { jsonOf, printSimulation, type Told } from './simulation-told.ts';

export interface SimulateOptions {
  readonly environment?: string;
  /** Files; several are one recording. */
  readonly series?: readonly string[];
  readonly prometheus?: string;
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  readonly step: number;
  readonly settle: number;
  readonly replicas?: number;
  readonly task?: string;
  readonly against?: string;
  readonly svg?: string;
  readonly json?: boolean;
}

const HOUR_MS = 3_600_000;
/** A Prometheus is asked for so much at a time. */
const CHUNK_MS = 6 * HOUR_MS;
/** A window may look back so far from the first evaluation. */
const BEFORE_MS = HOUR_MS;
const MOST_STEPS = 1_000_000;

/** Replays a template, or two beside each other, over what was recorded, with the documents of a folder as they stand there. */
export async function simulate(qos: string, dir: string, options: SimulateOptions): Promise<number> {
  if ((options.series === undefined) === (options.prometheus === undefined))
    throw new UsageError('Say what was recorded: either --series FILE or --prometheus URL');
  const files = await readFolder(dir);
  const environment = environmentIn(files, options.environment);
  const names = [qos, ...(options.against === undefined ? [] : [options.against])];
  const subjects = names.map((name) => subjectOf(name, environment, files, options.series !== undefined));
  const metrics = [...new Set(subjects.flatMap(({ template }) => metricsOf(template)))];
  const recording = await recordingOf(metrics, subjects, options);
  const told: Told[] = [];
  for (const subject of subjects) {
    const world = environmentFor(subject, recording.task, options.replicas);
    told.push({
      template: subject.template,
      stepMs: options.step,
      simulated: await run({ environment: world, ...recording, ...times(options) }),
    });
  }
  if (options.svg !== undefined)
    await writeFile(options.svg, svgOf(told.map(({ template, simulated }) => ({ title: template.name, simulated }))));
  process.stdout.write(options.json ? `${JSON.stringify(told.map(jsonOf))}\n` : printSimulation(told, process.stdout.columns ?? 80));
  return EXIT.done;
}

const times = ({ step, settle }: SimulateOptions) => ({ stepMs: step, settleMs: settle });

/** Documents may be missing altogether: the built-in templates need none. */
function environmentIn(files: readonly SourceFile[], asked: string | undefined): string {
  const known = environmentNames(files);
  if (asked !== undefined && !known.includes(asked))
    throw new UsageError(`Cannot find environment '${asked}'${suggestion(asked, known, 'environments are')}`);
  if (asked === undefined && known.length > 1)
    throw new UsageError(`Name one of the environments: --environment ${known.join(', or --environment ')}`);
  return asked ?? known[0] ?? 'simulation';
}

interface Recording {
  readonly source: MetricSource;
  /** What it has. */
  readonly series: readonly Series[];
  readonly task: string;
  readonly fromMs: number;
  readonly toMs: number;
}

async function recordingOf(metrics: readonly string[], subjects: readonly Subject[], options: SimulateOptions): Promise<Recording> {
  const { prometheus } = options;
  const recording = await (prometheus === undefined ? fromFiles(metrics, options) : fromPrometheus(prometheus, metrics, options));
  const needsOwn = subjects.every(
    ({ template: { type, guarantees } }) => type !== 'infr' && guarantees.every(({ query }) => query === undefined),
  );
  const { task, series, source } = recording;
  const owners = tasksIn(series, metrics);
  if (needsOwn && !owners.includes(taskId(task)))
    throw new UsageError(
      `Cannot simulate as ${source.name} has nothing of ${metrics.join(', ')} of task '${task}'${suggestion(taskId(task), owners, 'tasks are')}`,
    );
  return recording;
}

async function fromFiles(metrics: readonly string[], options: SimulateOptions): Promise<Recording> {
  const files = options.series ?? [];
  const read = await Promise.all(files.map(readOne));
  const series = merged(read.flat()).filter(({ timesMs }) => timesMs.length > 0);
  if (series.length === 0) throw new UsageError(`Cannot simulate as ${files.join(', ')} ${files.length === 1 ? 'has' : 'have'} no samples`);
  const task = options.task ?? taskIn(series, metrics) ?? 'simulated';
  const own = labelled(series, metrics, task);
  const measured = own.filter(({ name }) => metrics.some((metric) => name.startsWith(metric)));
  if (measured.length === 0) {
    const names = [...new Set(series.map(({ name }) => name))];
    throw new UsageError(
      `Cannot simulate as nothing of ${metrics.join(', ')} was recorded${suggestion(metrics[0] ?? '', names, 'metrics are')}`,
    );
  }
  return { source: recordedSource(own, files.join(', ')), series: own, task, ...rangeOf(measured, options) };
}

async function readOne(file: string): Promise<readonly Series[]> {
  const text = await readFile(file, 'utf8').catch((cause) => {
    throw new UsageError(`Cannot read the recording ${file}: ${systemWords(cause)}`, { cause });
  });
  return readRecording(text, file);
}

/** Samples are fetched beforehand; what a template asks in PromQL, Prometheus is asked for each time. */
async function fromPrometheus(url: string, metrics: readonly string[], options: SimulateOptions): Promise<Recording> {
  const { task, to: toMs = systemClock.now(), from: fromMs = toMs - HOUR_MS } = options;
  if (!URL.canParse(url)) throw new UsageError(`Give the address of a Prometheus, as http://prometheus.example:9090: ${url}`);
  if (task === undefined) throw new UsageError('Name the task whose metrics are meant: --task NAME');
  if (!(fromMs < toMs)) throw new UsageError(`Give a time to simulate, --from before --to: ${said(fromMs)} is not before ${said(toMs)}`);
  checkSteps(fromMs, toMs, options.step);
  const signal = interrupted();
  const prometheus = createPrometheusSource({ url, clock: systemClock });
  const names = metrics.flatMap((metric) =>
    ['', `_${taskId(task)}`].flatMap((owner) => ['', '_total', '_bucket'].map((ending) => `${metric}${owner}${ending}`)),
  );
  const chunks: Series[] = [];
  for (let atMs = fromMs - BEFORE_MS; atMs < toMs; atMs += CHUNK_MS)
    chunks.push(...(await prometheus.samples([...names, 'up'], atMs, Math.min(toMs, atMs + CHUNK_MS), signal)));
  const series = merged(chunks);
  return { source: recordedSource(series, prometheus.name, prometheus.instant), series, task, fromMs, toMs };
}

function rangeOf(series: readonly Series[], { from, to, step }: SimulateOptions) {
  const firstMs = minimum(series.flatMap(({ timesMs }) => timesMs[0] ?? []));
  const lastMs = maximum(series.flatMap(({ timesMs }) => timesMs.at(-1) ?? []));
  const [fromMs, toMs] = [from ?? firstMs, to ?? lastMs];
  if (!(fromMs < toMs && fromMs < lastMs && toMs > firstMs))
    throw new UsageError(
      `Give a time to simulate, --from before --to, that was recorded: the recording is from ${said(firstMs)} to ${said(lastMs)}`,
    );
  checkSteps(fromMs, toMs, step);
  return { fromMs, toMs };
}

function checkSteps(fromMs: number, toMs: number, stepMs: number): void {
  if ((toMs - fromMs) / stepMs > MOST_STEPS)
    throw new UsageError(`Cannot simulate more than ${MOST_STEPS} evaluations: take a longer --step, or less time`);
}

function said(atMs: number): string {
  return new Date(atMs).toISOString();
}
