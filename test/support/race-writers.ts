import type { TaskDecision } from '../../controller/adaptation/decide.ts';
import { writeDecisions } from '../../controller/adaptation/write-decisions.ts';
import { systemClock } from '../../controller/adapters/clock.ts';
import type { Repository } from '../../controller/ports.ts';
import { type DecisionRecord, decisionLines, parseDecision } from '../../controller/sla/trailer.ts';
import { bareRepository, openBare } from './bare-repository.ts';
import { run } from './parts.ts';

export interface Race {
  /** From the start to each writer's commit, in order. */
  readonly landedMs: readonly number[];
  readonly conflicts: number;
  /** Ids of decisions as the branch has them. */
  readonly ids: readonly string[];
  /** What the documents say at the end. */
  readonly replicas: readonly number[];
}

/** `count` writers, a clone each, with one decision each on one file of one branch: at once, or one after the other. */
export async function raceWriters(folder: string, count: number, atOnce: boolean): Promise<Race> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const location = bareRepository(folder, { 'tasks/all.yaml': numbers.map(document).join('---\n') });
  const writers = await Promise.all(numbers.map(() => openBare(folder, `file://${location}`)));
  for (const writer of writers) await writer.head();
  const startMs = performance.now();
  const landedMs: number[] = [];
  let conflicts = 0;
  const land = async (writer: Repository, n: number) => {
    while (!(await writeOnce(writer, n))) conflicts += 1;
    landedMs.push(performance.now() - startMs);
  };
  if (atOnce) await Promise.all(writers.map(land));
  else for (const [n, writer] of writers.entries()) await land(writer, n);
  await Promise.all(writers.map((writer) => writer.close()));
  const log = run('git', ['-C', location, 'log', '--format=%B', 'main']);
  const text = run('git', ['-C', location, 'show', 'main:environments/city/tasks/all.yaml']);
  return {
    landedMs,
    conflicts,
    ids: decisionLines(log).map((line) => parseDecision(line)?.id ?? 'malformed'),
    replicas: [...text.matchAll(/replicas: (\d+)/g)].map(([, replicas]) => Number(replicas)),
  };
}

/** As the controller does it: on a conflict it waits, and decides again on the new tip. */
async function writeOnce(repository: Repository, n: number): Promise<boolean> {
  const written = await writeDecisions({ repository, tip: await repository.head(), environment: 'city', decisions: [decision(n)] });
  if (written.kind === 'conflict') await systemClock.sleep(written.afterMs);
  return written.kind === 'written';
}

function document(n: number): string {
  return `apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: task-${n}}\nspec:\n  replicas: 1\n  containers: [{image: example/line}]\n`;
}

function decision(n: number): TaskDecision {
  const evidence = { value: 1, limit: 1, at: '2026-01-01T00:00:00.000Z', source: 'prometheus', consumed: {} };
  const about = { environment: 'city', task: `task_${n}`, agreement: `task_${n}_each`, guarantee: 'misses' };
  const record: DecisionRecord = { id: `d${n}`, ...about, from: 1, to: n + 2, evidence, reason: 'misses 1, promised < 1' };
  return { task: record.task, decision: { kind: 'scale', from: 1, to: n + 2, reason: record.reason }, record, proposals: [] };
}
