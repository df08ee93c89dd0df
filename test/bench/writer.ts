// One measured writer as a process of its own: `writer.ts floor|engine apps|maps COUNT KUBECONFIG`. Prints JSON: { ms, cpuMs, rssMiB }.
import { readFileSync } from 'node:fs';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { createSyncEngine } from '../../controller/sync/engine.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { syncTarget } from '../contract/sync-target.ts';
import { RawKube } from '../support/raw-kube.ts';
import { timed } from './measure.ts';
import { apps, maps } from './objects.ts';

const CONNECTIONS = 8;
const PATHS: Readonly<Record<string, string>> = {
  Namespace: '/api/v1/namespaces',
  ServiceAccount: '/api/v1/namespaces/bench/serviceaccounts',
  Service: '/api/v1/namespaces/bench/services',
  ConfigMap: '/api/v1/namespaces/bench/configmaps',
  Deployment: '/apis/apps/v1/namespaces/bench/deployments',
  Ingress: '/apis/networking.k8s.io/v1/namespaces/bench/ingresses',
};

/** Nothing but the writes: no look before, no record after. */
async function floor(manifests: readonly Manifest[], kubeconfig: string): Promise<void> {
  const kube = new RawKube(kubeconfig);
  const write = async ({ metadata, ...manifest }: Manifest) => {
    const path = `${PATHS[manifest.kind]}/${metadata.name}`;
    const { status, body } = await kube.apply(path, { ...manifest, metadata }, 'floor');
    if (status >= 300) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
  };
  const queue = manifests.values();
  for (const first of queue) {
    await write(first);
    break;
  }
  const connection = async () => {
    for (const manifest of queue) await write(manifest);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  kube.close();
}

async function engine(manifests: readonly Manifest[], kubeconfig: string): Promise<void> {
  const cluster = createCluster({ name: 'bench', kubeconfig, clock: systemClock });
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const sync = createSyncEngine({ cluster, clock: systemClock, log: quiet, isAncestor: async () => false });
  const { failed } = await sync.sync(syncTarget(manifests, { environment: 'bench', infrastructure: 'bench', defaultDock: 'bench' }));
  if (failed.length > 0) throw failed[0]?.error;
  sync.close();
  cluster.close();
}

const [who, what, count, kubeconfigFile = ''] = process.argv.slice(2);
const manifests = what === 'maps' ? maps(Number(count)) : apps(Number(count));
const kubeconfig = readFileSync(kubeconfigFile, 'utf8');
const before = process.cpuUsage();
const ms = await timed(() => (who === 'floor' ? floor(manifests, kubeconfig) : engine(manifests, kubeconfig)));
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, rssMiB: process.resourceUsage().maxRSS / 1024 }));
