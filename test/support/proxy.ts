import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

/** A TCP port that leads to another until it is cut: what a server that goes down and comes back looks like from outside. */
export interface Proxy {
  readonly port: number;
  /** Drops every connection and refuses new ones. */
  cut(): Promise<void>;
  restore(): Promise<void>;
  /** From now on passes nothing on, of any connection, and accepts new ones. */
  stall(): void;
  /** Drops what was stalled, and passes on what comes. */
  flow(): void;
}

export async function startProxy(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let stalled = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    return socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  };
  const server = createServer((inbound) => {
    keep(inbound);
    if (stalled) return;
    const outbound = keep(connect(target.port, target.host));
    inbound.pipe(outbound).pipe(inbound);
  });
  const dropAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const listen = (port: number) => new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    cut: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        dropAll();
      }),
    restore: () => listen(port),
    stall: () => {
      stalled = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    flow: () => {
      stalled = false;
      dropAll();
    },
  };
}

/** The kubeconfig, with its server reached through the proxy. */
export function through(kubeconfig: string, proxy: Proxy): string {
  return kubeconfig.replace(/https:\/\/127\.0\.0\.1:\d+/, `https://127.0.0.1:${proxy.port}`);
}
