import { execFileSync } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../../controller/adapters/clock.ts';
import { openRepository } from '../../controller/adapters/git/repository.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster } from '../../controller/ports.ts';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { startMonitoring } from '../support/prometheus.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';
import { median, ms, quantile, ratio, timed } from './measure.ts';
import type { Figure } from './report.ts';

const RUNS = 50;
const PROMETHEUS_RUNS = 10;
const COMMIT_WINDOW_MS = 500;
const SCRAPE_MS = 1_000;
const EVALUATE_EVERY_MS = 1_000;
const STATEFUL_SET = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: 'class', name: 'workflow' };

/** A missed deadline is pushed; how long until the real API server has the new replicas? */
export async function benchReaction(): Promise<Figure[]> {
  const controlPlane = startControlPlane();
  const monitoring = await startMonitoring();
  const cluster = createCluster({ name: 'bench', kubeconfig: controlPlane.kubeconfig, clock: systemClock });
  const city = createCity();
  city.secret('modena', controlPlane.kubeconfig);
  try {
    city.commit(documents({ pushgateway: { url: 'embedded' } }));
    const embedded = await startWatchProcess([...city.args, '--evaluate-every', '15s'], { cwd: city.directory });
    await embedded.until('ready');
    const push = await reactions(cluster, embedded, `${embedded.url}/metrics/job/compss`, RUNS);
    const memory = await settledMemory(embedded);
    await embedded.kill('SIGTERM');
    const floor = await floors(cluster, city);
    city.commit(documents({ prometheus: { url: monitoring.prometheus } }));
    const scraped = await startWatchProcess([...city.args, '--evaluate-every', '1s'], { cwd: city.directory });
    await scraped.until('ready');
    const prometheus = await reactions(cluster, scraped, `${monitoring.pushgateway}/metrics/job/compss`, PROMETHEUS_RUNS);
    await scraped.kill('SIGTERM');
    return [
      ...quantiles('missed deadline pushed → replicas patched (push source, commit included)', push, floor),
      {
        what: 'missed deadline pushed → replicas patched (Pushgateway and Prometheus), longest',
        figure: ms(Math.max(...prometheus)),
        against: `scrape ${SCRAPE_MS} ms + evaluation ${EVALUATE_EVERY_MS} ms`,
        floor: ms(SCRAPE_MS + EVALUATE_EVERY_MS),
        ratio: ratio(Math.max(...prometheus) / (SCRAPE_MS + EVALUATE_EVERY_MS)),
        how: `${PROMETHEUS_RUNS} runs, median ${ms(median(prometheus))}`,
      },
      memory,
    ];
  } finally {
    cluster.close();
    await monitoring.stop();
    controlPlane.stop();
    city.remove();
  }
}

function quantiles(what: string, values: readonly number[], floor: number): Figure[] {
  return [0.5, 0.99].map((q) => ({
    what: `${what}, p${q * 100}`,
    figure: ms(quantile(values, q)),
    against: 'one commit and one server-side apply, nothing else',
    floor: ms(floor),
    ratio: ratio(quantile(values, q) / floor),
    how: `${values.length} runs`,
  }));
}

function documents(spec: object): Record<string, object> {
  return {
    'infrastructures/modena.json': infrastructure('modena', { default: true, defaultDock: 'class', ...spec }),
    'qos/each.json': {
      apiVersion: 'rotterdam.dev/v1alpha1',
      kind: 'QosTemplate',
      metadata: { name: 'each' },
      spec: {
        type: 'app-compss',
        maxAllowed: 0,
        action: 'scale_out',
        scaleFactor: 1.001,
        maxReplicas: 1_000,
        guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1' }],
      },
    },
    'tasks/workflow.json': {
      name: 'workflow',
      dock: 'class',
      replicas: 1,
      image: 'example/compss-test',
      ports: [44240],
      qos: [{ qosid: 'each' }],
    },
  };
}

async function reactions(cluster: Cluster, watch: WatchProcess, url: string, runs: number): Promise<number[]> {
  const times: number[] = [];
  const first = await replicasNow(cluster);
  const counter = async (value: number) => {
    await fetch(url, { method: 'POST', body: `# TYPE deadlines_missed_workflow counter\ndeadlines_missed_workflow ${value}\n` });
  };
  // As COMPSs does when it starts: the first value seen would be a miss.
  await counter(0);
  await watch.until('verdict', ({ state }) => state === 'met');
  for (let run = 1; run <= runs; run += 1) {
    const patched = replicasReach(cluster, first + run);
    times.push(
      await timed(async () => {
        await counter(run);
        await patched;
      }),
    );
    await watch.until('ready', ({ replicas }) => replicas === first + run);
    // One miss is measured, not how the next waits for the window of the last commit to end.
    await setTimeout(COMMIT_WINDOW_MS);
  }
  return times;
}

async function replicasNow(cluster: Cluster): Promise<number> {
  const object = await cluster.get(STATEFUL_SET);
  return (object as unknown as { spec: { replicas: number } }).spec.replicas;
}

async function replicasReach(cluster: Cluster, replicas: number): Promise<void> {
  const type = await cluster.resource('apps/v1', 'StatefulSet');
  if (type === undefined) throw new Error('The server serves no StatefulSet');
  const stop = new AbortController();
  const { resourceVersion } = await cluster.list(type, { namespace: STATEFUL_SET.namespace });
  for await (const event of await cluster.watch(type, resourceVersion, { namespace: STATEFUL_SET.namespace }, stop.signal)) {
    if (event.type === 'MODIFIED' && (event.object.spec as { replicas?: number }).replicas === replicas) break;
  }
  stop.abort();
}

/** The least that any controller must do: make a commit, and send one patch. Median of 20. */
async function floors(cluster: Cluster, city: City): Promise<number> {
  const repository = await openRepository({
    location: city.repository,
    branch: 'main',
    cacheDirectory: `${city.directory}/cache`,
    clock: systemClock,
  });
  const times: number[] = [];
  for (let run = 0; run < 20; run += 1) {
    const parent = await repository.head();
    times.push(
      await timed(async () => {
        await repository.commit([{ path: 'floor.txt', content: `${run}\n` }], { parent, message: 'Measure a commit' });
        await cluster.apply({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'floor', namespace: 'default' },
          data: { run: `${run}` },
        });
      }),
    );
  }
  await repository.close();
  return median(times);
}

async function settledMemory(watch: WatchProcess): Promise<Figure> {
  const text = await (await fetch(`${watch.url}/metrics`)).text();
  const bytes = Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1]);
  const script = "console.log(require('fs').readFileSync('/proc/self/status', 'utf8').match(/VmRSS:\\s+(\\d+)/)[1])";
  const floor = Number(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) * 1024;
  const mib = (value: number) => `${Math.round(value / 1024 / 1024)} MiB`;
  return {
    what: 'resident memory of a settled `watch`',
    figure: mib(bytes),
    against: 'a Node that does nothing',
    floor: mib(floor),
    ratio: ratio(bytes / floor),
    how: 'one infrastructure, one task, after 50 decisions',
  };
}
