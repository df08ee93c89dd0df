import { createHash } from 'node:crypto';
import { taskId } from '../constructs/spec/names.ts';
import type { Environment } from '../synth/environment.ts';
import { Failure } from './errors.ts';
import type { Clock, Keep } from './ports.ts';
import { type Concerned, concerns, groupPathOf } from './sla/kept.ts';
import { concernedBy, REPORT, REPORTED, type Report } from './sla/reported.ts';

/** So long, and of so many, a report that comes again is known. */
const REMEMBERED_MS = 24 * 3_600_000;
const MAX_REMEMBERED = 10_000;

const JOB = 'rotterdam';

export interface ReportsOptions {
  readonly keep: Keep;
  /** In force now. */
  readonly environment: () => Environment | undefined;
  readonly clock: Clock;
}

/**
 * Takes violations that others saw: each is one more of a counter in the embedded source, so that it is on disk before it is answered,
 * and judged as what is pushed is. The same `id` again, or without one the same guarantee within the same second, counts once, also after a
 * restart: what a report is known by is pushed with it. Rejects with a Failure: terminal for what nobody promised, transient when the disk
 * takes nothing.
 */
export function createReports({ keep, environment, clock }: ReportsOptions): (report: Report, id: string | undefined) => Promise<void> {
  let turn: Promise<unknown> = Promise.resolve();

  let seen: Promise<Set<string>> | undefined;

  const reported = async (name: string, backMs: number) => {
    const nowMs = clock.now();
    const series = await keep.source.samples([name], nowMs - backMs, nowMs);
    return series.map(({ labels, values }) => ({ path: groupPathOf(JOB, concerns(labels)), values }));
  };

  const readBack = async (): Promise<Set<string>> => {
    const marks = (await reported(REPORT, REMEMBERED_MS)).flatMap(({ path, values }) => values.map((value) => `${path} ${value}`));
    return new Set(marks);
  };

  const count = async (of: Concerned, id: string | undefined): Promise<void> => {
    seen ??= readBack();
    const known = await seen;
    const path = groupPathOf(JOB, of);
    const mark = markOf(id ?? `${Math.floor(clock.now() / 1000)}`);
    if (known.has(`${path} ${mark}`)) return;
    const before = (await reported(REPORTED, 1)).find((one) => one.path === path);
    const total = (before?.values.at(-1) || 0) + 1;
    const text = `# TYPE ${REPORTED} counter\n${REPORTED} ${total}\n# TYPE ${REPORT} gauge\n${REPORT} ${mark}\n`;
    await keep.push('POST', path, text);
    known.add(`${path} ${mark}`);
    const [oldest] = known;
    if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
  };

  const take = async (report: Report, id: string | undefined): Promise<void> => {
    const concerned = concernedBy({ ...report, task: taskId(report.task) }, knownTo(environment()));
    if (concerned.length === 0) {
      throw new Failure(
        'terminal',
        `Cannot take a violation of '${report.guarantee}' as no agreement of task '${report.task}' promises that`,
      );
    }
    for (const one of concerned) await count(one, id);
  };

  return (report, id) => {
    const taken = turn.then(() => take(report, id));
    turn = taken.catch(() => undefined);
    return taken;
  };
}

/** As many bits as a sample's value keeps exactly. */
function markOf(id: string): number {
  return Number(createHash('sha256').update(id).digest().readBigUInt64BE(0) >> 11n);
}

function knownTo(environment: Environment | undefined): Environment {
  if (environment === undefined) throw new Failure('transient', 'Cannot take violations as no revision is in force yet');
  return environment;
}
