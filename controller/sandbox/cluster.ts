import { Bench, runControllers } from './controllers/controller.ts';
import { Definitions } from './controllers/definitions.ts';
import { Deployments } from './controllers/deployment.ts';
import { Endpoints } from './controllers/endpoints.ts';
import { Garbage } from './controllers/garbage.ts';
import { Namespaces } from './controllers/namespace.ts';
import { NODE, PodRunner } from './controllers/pods.ts';
import { ReplicaSets } from './controllers/replica-set.ts';
import { StatefulSets } from './controllers/stateful-set.ts';
import { Kinds } from './kinds.ts';
import { Resources } from './resources.ts';
import { Store } from './store.ts';
import type { Timers } from './timers.ts';

export interface ClusterOptions {
  readonly readyDelayMs: number;
  /** PEM; what pods are to trust. */
  readonly certificate: string;
}

/** All of a cluster but the server in front of it: objects, rules and controllers. */
export function startCluster(timers: Timers, { readyDelayMs, certificate }: ClusterOptions): Bench {
  const store = new Store();
  const bench = new Bench(store, new Kinds(), new Resources(store, () => timers.now()), timers);
  runControllers(bench, [
    new Definitions(bench),
    new Namespaces(bench, certificate),
    new Deployments(bench),
    new ReplicaSets(bench),
    new StatefulSets(bench),
    new PodRunner(bench, readyDelayMs),
    new Endpoints(bench),
    new Garbage(bench),
  ]);
  furnish(bench);
  return bench;
}

/** What a new cluster has: its namespaces and one node. */
function furnish(bench: Bench): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    bench.create('/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  const capacity = { cpu: '256', memory: '2Ti', pods: '20000' };
  const node = bench.create('/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE }, spec: {} });
  const ready = { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'the sandbox is its own kubelet' };
  bench.writeStatus('/nodes', node, { capacity, allocatable: capacity, conditions: [ready] });
}
