import { taskId } from '../constructs/spec/names.ts';
import type { Environment } from '../synth/environment.ts';
import { Failure } from './errors.ts';
import type { Clock, MetricSource } from './ports.ts';
import { type Concerned, concernedBy, REPORTED, type Report } from './sla/reported.ts';

/** Reports that are remembered, to know one that comes again. */
const MAX_REMEMBERED = 1_000;

export interface ReportsOptions {
  /** Where pushed metrics are kept. */
  readonly push: (method: 'POST', groupPath: string, body: string) => Promise<unknown>;
  readonly source: MetricSource;
  /** In force now. */
  readonly environment: () => Environment | undefined;
  readonly clock: Clock;
}

/**
 * Takes violations that others saw: each is one more of a counter in the embedded source, so that it is on disk before it is answered,
 * and judged as what is pushed is. The same `id` again, or without one the same guarantee within the same second, counts once.
 * Rejects with a Failure: terminal for what nobody promised, transient when the disk takes nothing.
 */
export function createReports({
  push,
  source,
  environment,
  clock,
}: ReportsOptions): (report: Report, id: string | undefined) => Promise<void> {
  const seen = new Set<string>();
  let turn: Promise<unknown> = Promise.resolve();

  const count = async (labels: Concerned): Promise<void> => {
    const nowMs = clock.now();
    const series = (await source.samples([REPORTED], nowMs - 1, nowMs)).find((one) =>
      Object.entries(labels).every(([label, value]) => one.labels[label] === value),
    );
    const group = Object.entries({ job: 'rotterdam', ...labels }).flatMap(([label, value]) => [label, encodeURIComponent(value)]);
    const total = (series?.samples.at(-1)?.value || 0) + 1;
    await push('POST', `/metrics/${group.join('/')}`, `# TYPE ${REPORTED} counter\n${REPORTED} ${total}\n`);
  };

  const remember = (mark: string): void => {
    seen.add(mark);
    const [oldest] = seen;
    if (seen.size > MAX_REMEMBERED && oldest !== undefined) seen.delete(oldest);
  };

  const take = async (report: Report, id: string | undefined): Promise<void> => {
    const concerned = concernedBy({ ...report, task: taskId(report.task) }, knownTo(environment()));
    if (concerned.length === 0) {
      throw new Failure(
        'terminal',
        `Cannot take a violation of '${report.guarantee}' as no agreement of task '${report.task}' promises that`,
      );
    }
    for (const one of concerned) {
      const mark = JSON.stringify([one, id ?? Math.floor(clock.now() / 1000)]);
      if (seen.has(mark)) continue;
      await count(one);
      remember(mark);
    }
  };

  return (report, id) => {
    const taken = turn.then(() => take(report, id));
    turn = taken.catch(() => undefined);
    return taken;
  };
}

function knownTo(environment: Environment | undefined): Environment {
  if (environment === undefined) throw new Failure('transient', 'Cannot take violations as no revision is in force yet');
  return environment;
}
