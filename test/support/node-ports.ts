import { createServer, type Server, type Socket } from 'node:net';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { LiveObject } from '../../controller/ports.ts';

/**
 * A node of a cluster where no packet reaches a pod: whoever connects to a node port at `host` is greeted with the name of the pod that its Service
 * leads to. A connection lives as long as that Service.
 */
export async function openNodePorts(kubeconfig: string, host: string): Promise<{ close(): void }> {
  const cluster = createCluster({ name: 'node', kubeconfig, clock: systemClock });
  const type = await cluster.resource('v1', 'Service');
  if (type === undefined) throw new Error('The server serves no Service');
  const stop = new AbortController();
  const listening = new Map<string, { readonly server: Server; readonly sockets: Set<Socket> }>();
  const end = (uid: string) => {
    const { server, sockets } = listening.get(uid) ?? {};
    server?.close();
    for (const socket of sockets ?? []) socket.destroy();
    listening.delete(uid);
  };
  const see = ({ metadata, spec }: LiveObject, isGone: boolean) => {
    const { ports = [], selector = {} } = spec as { ports?: { nodePort?: number }[]; selector?: Record<string, string> };
    const [port, pod] = [ports[0]?.nodePort, selector['statefulset.kubernetes.io/pod-name']];
    if (isGone) end(metadata.uid);
    if (isGone || port === undefined || pod === undefined || listening.has(metadata.uid)) return;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      socket.write(`${pod}\n`);
    }).listen(port, host);
    listening.set(metadata.uid, { server, sockets });
  };
  const { items, resourceVersion } = await cluster.list(type);
  for (const service of items) see(service, false);
  const follow = async () => {
    for await (const event of await cluster.watch(type, resourceVersion, {}, stop.signal)) {
      if (event.type !== 'BOOKMARK') see(event.object, event.type === 'DELETED');
    }
  };
  void follow().catch(() => undefined);
  return {
    close: () => {
      stop.abort();
      for (const uid of [...listening.keys()]) end(uid);
      cluster.close();
    },
  };
}
