import type { IncomingMessage } from 'node:http';
import { createServer, type ServerOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../../../controller/adapters/clock.ts';
import { openPrometheus } from '../../../../../controller/adapters/prometheus/source.ts';
import { Failure } from '../../../../../controller/errors.ts';
import type { MetricSource } from '../../../../../controller/ports.ts';

interface Identity {
  readonly cert: string;
  readonly private: string;
}

let server: Identity;
let client: Identity;
let stranger: Identity;

beforeAll(async () => {
  const identity = (name: string) =>
    generate([{ name: 'commonName', value: name }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
  [server, client, stranger] = await Promise.all([identity('server'), identity('client'), identity('stranger')]);
});

let closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
});

/** A TLS server that answers every query with nothing, and keeps what it was shown. */
async function tlsServer(options: ServerOptions = {}) {
  const seen: { readonly headers: IncomingMessage['headers']; readonly subject: string | undefined; readonly port: number | undefined }[] =
    [];
  const listening = createServer({ cert: server.cert, key: server.private, ...options }, (request, response) => {
    const { CN } = (request.socket as TLSSocket).getPeerCertificate().subject ?? {};
    seen.push({ headers: request.headers, subject: typeof CN === 'string' ? CN : undefined, port: request.socket.remotePort });
    response.end('{"status":"success","data":{"resultType":"vector","result":[]}}');
  });
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  closing.push(
    () =>
      new Promise((resolve) => {
        listening.closeAllConnections();
        listening.close(() => resolve());
      }),
  );
  return { url: `https://127.0.0.1:${(listening.address() as AddressInfo).port}`, seen };
}

function sourceAt(url: string, login: object, secrets: Record<string, string>): MetricSource {
  const read = async (name: string) => {
    const text = secrets[name];
    if (text === undefined) throw new Failure('terminal', `Cannot read secret "${name}"`);
    return text;
  };
  return openPrometheus(
    { type: 'prometheus', name: 'mimir', url, timeout: 5_000, ...login },
    { secrets: { read, path: read, watch: () => () => undefined }, clock: systemClock },
  );
}

const ca = { ca: { secret: 'ca' } };
const ask = (source: MetricSource) => source.instant('x', 0);

describe('openPrometheus: what a real TLS server sees', () => {
  test.each<[what: string, login: object, header: string, value: string]>([
    ['a token', { bearer: { secret: 'token' } }, 'authorization', 'Bearer s3cret'],
    [
      'a user and a password',
      { basic: { username: 'city', password: { secret: 'token' } } },
      'authorization',
      `Basic ${Buffer.from('city:s3cret').toString('base64')}`,
    ],
    ['the tenant of a Mimir or Thanos', { headers: { 'X-Scope-OrgID': 'city' } }, 'x-scope-orgid', 'city'],
    ['a secret header', { headers: { 'X-Key': { secret: 'token' } } }, 'x-key', 's3cret'],
  ])('%s', async (_, login, header, value) => {
    const { url, seen } = await tlsServer();
    await ask(sourceAt(url, { ...ca, ...login }, { ca: server.cert, token: 's3cret' }));
    expect(seen[0]?.headers[header]).toBe(value);
  });

  test('a client certificate, which it demands', async () => {
    const { url, seen } = await tlsServer({ requestCert: true, rejectUnauthorized: true, ca: client.cert });
    const shown = { ...ca, clientCertificate: { certificate: { secret: 'crt' }, key: { secret: 'key' } } };
    await ask(sourceAt(url, shown, { ca: server.cert, crt: client.cert, key: client.private }));
    expect(seen).toMatchObject([{ subject: 'client' }]);
    await expect(ask(sourceAt(url, ca, { ca: server.cert }))).rejects.toThrow(/^Cannot ask mimir \(prometheus https/);
    const wrong = { ca: server.cert, crt: stranger.cert, key: stranger.private };
    await expect(ask(sourceAt(url, shown, wrong))).rejects.toThrow(/^Cannot ask mimir/);
    expect(seen).toHaveLength(1);
  });

  test('nothing, when its certificate is not one to trust', async () => {
    const { url, seen } = await tlsServer();
    const token = { bearer: { secret: 'token' } };
    await expect(ask(sourceAt(url, token, { token: 's3cret' }))).rejects.toThrow(/self-signed certificate/);
    await expect(ask(sourceAt(url, { ...ca, ...token }, { ca: stranger.cert, token: 's3cret' }))).rejects.toThrow(
      /self-signed certificate/,
    );
    expect(seen).toEqual([]);
  });

  test('one connection, until a secret that belongs to it is another', async () => {
    const { url, seen } = await tlsServer({ requestCert: true, rejectUnauthorized: true, ca: [client.cert, stranger.cert] });
    const secrets: Record<string, string> = { ca: server.cert, crt: client.cert, key: client.private, token: 'a' };
    const login = { ...ca, bearer: { secret: 'token' }, clientCertificate: { certificate: { secret: 'crt' }, key: { secret: 'key' } } };
    const source = sourceAt(url, login, secrets);
    await ask(source);
    secrets.token = 'b';
    await ask(source);
    secrets.crt = stranger.cert;
    secrets.key = stranger.private;
    await ask(source);
    expect(seen.map(({ subject }) => subject)).toEqual(['client', 'client', 'stranger']);
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer a', 'Bearer b', 'Bearer b']);
    expect(seen[1]?.port).toBe(seen[0]?.port);
  });
});

describe('openPrometheus: a login that is none', () => {
  test('a secret that is not there is named', async () => {
    const { url } = await tlsServer();
    const asked = ask(sourceAt(url, { bearer: { secret: 'token' } }, {}));
    await expect(asked).rejects.toMatchObject({ outcome: 'terminal', message: expect.stringContaining('Cannot read secret "token"') });
  });

  test('a certificate that is no PEM', async () => {
    const { url } = await tlsServer();
    const shown = { ...ca, clientCertificate: { certificate: { secret: 'crt' }, key: { secret: 'crt' } } };
    await expect(ask(sourceAt(url, shown, { ca: server.cert, crt: 'x' }))).rejects.toMatchObject({
      outcome: 'terminal',
      message: expect.stringContaining('its certificates or its key are not in PEM'),
    });
  });
});
