import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskDecision } from '../../controller/adaptation/decide.ts';
import { writeDecisions } from '../../controller/adaptation/write-decisions.ts';
import { DesiredState } from '../../controller/desired.ts';
import { bareRepository, openBare } from '../support/bare-repository.ts';
import { median, ms, quantile, ratio, timed } from './measure.ts';
import type { Figure } from './report.ts';

const DECISIONS = 1_000;
const AIM_MS = 500;
const RUNS = 5;
const NUMBERS = Array.from({ length: DECISIONS }, (_, n) => n);

type Files = Readonly<Record<string, string>>;

const LAYOUTS: Readonly<Record<string, Files>> = {
  'a YAML file each': Object.fromEntries(NUMBERS.map((n) => [`tasks/task-${n}.yaml`, yaml(n)])),
  'all tasks in one YAML file': { 'tasks/all.yaml': NUMBERS.map(yaml).join('---\n') },
  "all tasks in one file of Rotterdam's JSON": { 'tasks/all.json': `${JSON.stringify(NUMBERS.map(json), null, 2)}\n` },
};

/** All decisions of one tick written as one commit, against the commit alone. */
export async function benchDecisions(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const [layout, files] of Object.entries(LAYOUTS)) figures.push(...(await written(layout, files)));
  return figures;
}

async function written(layout: string, files: Files): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rotterdam-decisions-'));
  const location = bareRepository(folder, { 'infrastructures/modena.yaml': MODENA, ...files });
  try {
    const here = await measured(folder, location, files);
    const pushed = await measured(folder, `file://${location}`, files);
    return [figure(`${DECISIONS} decisions of one tick as one commit, ${layout}`, here), figure(`the same, pushed`, pushed)];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Times {
  readonly decisions: readonly number[];
  readonly commits: readonly number[];
}

function figure(what: string, { decisions, commits }: Times): Figure {
  return {
    what,
    figure: ms(median(decisions)),
    against: 'a commit of the same bytes, nothing else',
    floor: ms(median(commits)),
    ratio: ratio(median(decisions) / median(commits)),
    how: `medians of ${RUNS}, in turn; longest ${ms(quantile(decisions, 1))}; aim ${AIM_MS} ms without the push`,
  };
}

/** Scales everything from 4 to 6 and back, the first time as a warm-up. What the tip holds has been read when it came, as in a watch. */
async function measured(folder: string, location: string, files: Files): Promise<Times> {
  const repository = await openBare(folder, location);
  const state = new DesiredState(repository, 'city');
  const before = Object.entries(files).map(([path, content]) => ({ path: `environments/city/${path}`, content }));
  const times: { decisions: number[]; commits: number[] } = { decisions: [], commits: [] };
  for (let run = 0; run <= RUNS; run += 1) {
    const { tip } = await state.at(await repository.head());
    const { readFile } = state;
    const decisions = await timed(async () => {
      const done = await writeDecisions({ repository, tip, environment: 'city', decisions: NUMBERS.map(decision), readFile });
      if (done.kind !== 'written' || done.decisions.length !== DECISIONS) throw new Error(`Not all were written: ${done.kind}`);
    });
    const parent = await repository.head();
    const commits = await timed(() => repository.commit(before, { parent, message: 'Put everything back' }));
    if (run === 0) continue;
    times.decisions.push(decisions);
    times.commits.push(commits);
  }
  await repository.close();
  return times;
}

const MODENA = `apiVersion: rotterdam.dev/v1alpha1
kind: Infrastructure
metadata: {name: modena}
spec: {type: kubernetes, default: true, defaultDock: class}
`;

function yaml(n: number): string {
  return `# The workers of line ${n}
apiVersion: rotterdam.dev/v1alpha1
kind: Task
metadata:
  name: task-${n}
spec:
  dock: class
  replicas: 4 # as many as there are cameras
  containers:
    - image: example/line
      ports:
        - containerPort: 8080
`;
}

function json(n: number): object {
  return { name: `task-${n}`, dock: 'class', replicas: 4, image: 'example/line', ports: [8080] };
}

function decision(n: number): TaskDecision {
  const [from, to, reason] = [4, 6, 'deadlines_missed 1, promised < 1'];
  const task = `task_${n}`;
  const consumed = { [`deadlines_missed_${task}{job="compss"}`]: 1 };
  const evidence = { value: 1, limit: 1, at: '2026-01-01T00:00:00.000Z', source: 'prometheus http://prometheus.example:9090', consumed };
  const record = {
    id: `d${n}`,
    environment: 'city',
    task,
    agreement: `${task}_each`,
    guarantee: 'deadlines_missed',
    from,
    to,
    evidence,
    queries: [
      `{__name__=~"deadlines_missed_${task}|deadlines_missed_${task}_total"} or {__name__=~"deadlines_missed|deadlines_missed_total",task=~"${task}|task-${n}"}`,
    ],
    reason,
  };
  return { task, decision: { kind: 'scale', from, to, reason }, record, proposals: [] };
}
