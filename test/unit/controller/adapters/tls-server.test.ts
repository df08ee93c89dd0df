import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, it } from 'vitest';
import { tlsServers } from '../../../../controller/adapters/tls-server.ts';
import { serverOptions } from '../../../../controller/gateway/access/server-options.ts';

const open: Server[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await new Promise((resolve) => server.close(resolve));
});

async function pair(name: string) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: name }]);
  return { cert, key };
}

async function shownBy(server: Server): Promise<string | undefined> {
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', rejectUnauthorized: false });
  await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN?.toString();
}

describe('tlsServers', () => {
  it('all that a listener has, one for each address of its name, show the certificate in force', async () => {
    const listeners: ((pair: { cert: string; key: string }) => void)[] = [];
    let now = await pair('one');
    const servers = tlsServers({ now: () => now, follow: (changed) => listeners.push(changed) });
    // As the framework does for localhost, which is 127.0.0.1 and ::1.
    const make = async () => {
      const server = servers(() => undefined, { minVersion: 'TLSv1.2' });
      open.push(server);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return server;
    };
    const [first, second] = [await make(), await make()];
    expect([await shownBy(first), await shownBy(second)]).toEqual(['one', 'one']);
    now = await pair('two');
    for (const tell of listeners) tell(now);
    expect([await shownBy(first), await shownBy(second), await shownBy(await make())]).toEqual(['two', 'two', 'two']);
  });

  it('are asked for by each server of the gateway, with its limits', () => {
    const asked: object[] = [];
    const { serverFactory } = serverOptions((_, limits) => asked.push(limits) as never, []);
    for (const _ of ['127.0.0.1', '::1']) serverFactory?.(() => undefined, {});
    const limits = { minVersion: 'TLSv1.2', maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 60_000 };
    expect(asked).toEqual([expect.objectContaining(limits), expect.objectContaining(limits)]);
  });
});
