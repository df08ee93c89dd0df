import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster, Log } from '../../controller/ports.ts';
import { createSyncEngine } from '../../controller/sync/engine.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { syncTarget } from './sync-target.ts';

const ROUNDS = 200;
const OBJECTS = 50;
const WARM_ROUND = 50;
const GROWTH_BYTES = 2 * 2 ** 20;

const quiet: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** In a process of its own: what it remembers of the past is not what is measured. It ends with its standard input. */
const SANDBOX = `
  import { startSandbox } from './controller/sandbox/sandbox.ts';
  console.log(JSON.stringify((await startSandbox()).kubeconfig));
  process.stdin.on('end', () => process.exit()).resume();
`;
let sandbox: ChildProcessByStdio<Writable, Readable, null>;
let kubeconfig: string;
beforeAll(async () => {
  const args = ['--import', 'tsx', '--input-type=module', '-e', SANDBOX];
  sandbox = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(sandbox.stdout), 'line');
  kubeconfig = JSON.parse(line as string);
});
afterAll(() => {
  sandbox.stdin.end();
});

/** Counts the watches that are open. */
function counting(cluster: Cluster): { readonly cluster: Cluster; readonly open: () => number } {
  let open = 0;
  const watch: Cluster['watch'] = async (...args) => {
    const events = await cluster.watch(...args);
    return (async function* () {
      open += 1;
      try {
        yield* events;
      } finally {
        open -= 1;
      }
    })();
  };
  return { cluster: { ...cluster, watch }, open: () => open };
}

/** Of one process: timers, sockets and the like, by kind. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}

/** A timer or two come and go; what leaks does so each round. */
function more(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): readonly string[] {
  return Object.keys(after).filter((kind) => (after[kind] ?? 0) > (before[kind] ?? 0) + 2);
}

it('10,000 applies and as many removals leave nothing behind: no memory, watch, socket or timer', { timeout: 240_000 }, async () => {
  const atFirst = resources();
  const counted = counting(createCluster({ name: 'dev', kubeconfig, clock: systemClock }));
  const engine = createSyncEngine({ cluster: counted.cluster, clock: systemClock, log: quiet, isAncestor: async () => true });
  const map = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { name } });
  const target = (round: number, names: readonly string[]) =>
    syncTarget(['kept', ...names].map(map), { revision: `${round}`.padStart(40, '0'), maxPrune: 100 });
  const done = { create: 0, delete: 0 };
  const seen: { readonly heap: number; readonly watches: number; readonly kinds: Readonly<Record<string, number>> }[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const names = Array.from({ length: OBJECTS }, (_, index) => `m-${round}-${index}`);
    for (const one of [target(round, names), target(round, [])]) {
      for (const { op } of (await engine.sync(one)).applied) if (op === 'create' || op === 'delete') done[op] += 1;
    }
    if (round !== WARM_ROUND && round !== ROUNDS) continue;
    const settled = async () => {
      const { applied, plan } = await engine.sync(target(round, []));
      return applied.length + plan.ending.length;
    };
    await expect.poll(settled, { timeout: 20_000 }).toBe(0);
    collect();
    seen.push({ heap: process.memoryUsage().heapUsed, watches: counted.open(), kinds: resources() });
  }
  const [warm = expect.fail(), last = expect.fail()] = seen;
  expect(done).toEqual({ create: ROUNDS * OBJECTS + 1, delete: ROUNDS * OBJECTS });
  expect(last.heap - warm.heap).toBeLessThan(GROWTH_BYTES);
  expect(last.watches).toBe(warm.watches);
  expect(more(warm.kinds, last.kinds)).toEqual([]);
  engine.close();
  counted.cluster.close();
  await expect.poll(counted.open).toBe(0);
  await expect.poll(() => more(atFirst, resources()), { timeout: 10_000 }).toEqual([]);
});
