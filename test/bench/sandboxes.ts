import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { startProxy, through } from '../support/proxy.ts';

/** What this process is told: how many sandboxes, `following` what is applied; and how many of the first are black holes from now on. */
export type Order = { readonly start: number; readonly following?: true } | { readonly holes: number };

/** What it tells: the kubeconfigs, and when a cluster had a version of the task. */
export type News =
  | { readonly kubeconfigs: readonly string[] }
  | { readonly at: number; readonly version: string; readonly appliedAtMs: number };

const tell = (news: News) => process.send?.(news);

/** Many sandboxes in a process of their own, so that their work is not the controller's. */
async function start(count: number, following: boolean) {
  const places = await Promise.all(Array.from({ length: count }, () => startSandbox({ readyDelayMs: 20 })));
  const proxies = await Promise.all(places.map(({ url }) => startProxy({ host: '127.0.0.1', port: Number(new URL(url).port) })));
  if (following) for (const [at, { kubeconfig }] of places.entries()) void follow(at, kubeconfig);
  tell({ kubeconfigs: places.map(({ kubeconfig }, at) => through(kubeconfig, proxies[at] as (typeof proxies)[number])) });
  return proxies;
}

async function follow(at: number, kubeconfig: string): Promise<void> {
  const cluster = createCluster({ name: `${at}`, kubeconfig, clock: systemClock });
  const type = await cluster.resource('apps/v1', 'Deployment');
  if (type === undefined) throw new Error('The sandbox serves no Deployment');
  let known: string | undefined;
  for await (const event of await cluster.watch(type, '0')) {
    if (event.type === 'BOOKMARK' || event.type === 'DELETED') continue;
    const { template } = event.object.spec as { template: { spec: { containers: { env?: { value: string }[] }[] } } };
    const version = template.spec.containers[0]?.env?.[0]?.value;
    if (version === undefined || version === known) continue;
    known = version;
    tell({ at, version, appliedAtMs: Date.now() });
  }
}

let proxies: Awaited<ReturnType<typeof start>> = [];
process.on('message', async (order: Order) => {
  if ('start' in order) proxies = await start(order.start, order.following ?? false);
  else for (const [at, proxy] of proxies.entries()) at < order.holes ? proxy.stall() : proxy.flow();
});
process.on('disconnect', () => process.exit());
