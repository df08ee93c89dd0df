import { Agent, request } from 'node:http';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createPrometheusSource } from '../../controller/adapters/prometheus/source.ts';
import { keepHeapSmall } from '../../controller/cli/heap.ts';
import { EMPTY_HISTORY, foldHistory } from '../../controller/sla/history.ts';
import { createJudge, type JudgeInput } from '../../controller/sla/judge.ts';
import type { QosTemplate } from '../../synth/environment.ts';
import { commit, environment, guarantee, settled, silentLog, task, template } from '../unit/controller/sla/world.ts';
import { GROUPS, isCounter, type Judged, metricOf, SCRAPE_MS, taskOf } from './judge-load.ts';
import { inTurn } from './measure.ts';

const WINDOW_MS = 300_000;
const RUNS = 18;
const agent = new Agent({ keepAlive: true });

/** Evaluates every 15 s, as far as the judge can tell: its clock jumps. */
async function judgeAll(url: string, count: number, startMs: number): Promise<Judged> {
  let nowMs = startMs;
  const prometheus = createPrometheusSource({ url, clock: systemClock });
  let queries = 0;
  const source = {
    ...prometheus,
    samples: (...asked: Parameters<typeof prometheus.samples>) => {
      queries += 1;
      return prometheus.samples(...asked);
    },
  };
  // A loaded machine is waited for: it is measured how long an evaluation takes, not how long one is patient.
  const clock = { now: () => nowMs, sleep: (durationMs: number, signal?: AbortSignal) => systemClock.sleep(100 * durationMs, signal) };
  const judge = createJudge({ sourceOf: () => [source], clock, log: silentLog, evaluateEveryMs: SCRAPE_MS });
  const input = inputOf(count, startMs);
  const begun = performance.now();
  await judge.judge(input);
  const firstMs = performance.now() - begun;
  queries = 0;
  const states: Record<string, number> = {};
  const cpuMs: number[] = [];
  const { a, b } = await inTurn(
    RUNS,
    async () => {
      nowMs += SCRAPE_MS;
      queries = 0;
      const before = process.cpuUsage();
      const judgements = await judge.judge(input);
      const { user, system } = process.cpuUsage(before);
      cpuMs.push((user + system) / 1_000);
      for (const state of ['met', 'violated', 'unknown'])
        states[state] = judgements.filter(({ verdict }) => verdict.state === state).length;
    },
    () => drained(`${url}/api/v1/query`, allOf(nowMs)),
  );
  return { judgeMs: a, floorMs: b, cpuMs, firstMs, queries, states, peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** One agreement for each task; counters and gauges in turn. */
function inputOf(count: number, startMs: number): JudgeInput {
  const templates = Array.from({ length: GROUPS }, (_, group) => templateOf(group));
  const tasks = Array.from({ length: count }, (_, at) => task(taskOf(at), [templates[at % GROUPS] as QosTemplate]));
  const declared = tasks.map(({ name, qos }) => ({ name, replicas: 4, qos: qos.map((one) => one.name) }));
  const agreed = commit(0, startMs - 2 * WINDOW_MS, 'Agree', [{ path: 'environments/city/tasks/all.json', before: null, after: 'b0' }]);
  const history = foldHistory(EMPTY_HISTORY, [agreed], { environment: 'city', tasksIn: () => declared });
  return { environment: environment(tasks), history, facts: settled(tasks, startMs - WINDOW_MS) };
}

function templateOf(group: number): QosTemplate {
  const kind = isCounter(group) ? 'counter' : 'gauge';
  return template(`Q${group}`, { type: 'app', maxAllowed: 2, guarantees: [guarantee(`${metricOf(group)} < 100`, { kind })] });
}

function allOf(atMs: number): string {
  const names = Array.from({ length: GROUPS }, (_, group) => metricOf(group)).join('|');
  return new URLSearchParams({ query: `{__name__=~"${names}"}[${WINDOW_MS}ms]`, time: (atMs / 1000).toFixed(3) }).toString();
}

function drained(url: string, form: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}?${form}`, { agent }, (answer) => answer.on('end', resolve).on('error', reject).resume());
    asked.on('error', reject).end();
  });
}

// As `watch` does.
keepHeapSmall();
const [, , url = '', count = '', start = ''] = process.argv;
process.stdout.write(`${JSON.stringify(await judgeAll(url, Number(count), Number(start)))}\n`);
agent.destroy();
process.exit();
