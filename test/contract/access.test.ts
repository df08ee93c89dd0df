import { writeFileSync } from 'node:fs';
import { type Agent, type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listeningOf } from '../../controller/cli/listening.ts';
import { settingsOf } from '../../controller/config.ts';
import { withGrant, withoutGrant } from '../../controller/gateway/access/tokens.ts';
import { type Running, startWatch } from '../../controller/main.ts';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { have } from '../support/parts.ts';
import { bearer, hold } from '../support/tokens.ts';

const PATIENT = { timeout: 30_000, interval: 100 };
const ADA = hold('ada', 'admin');
const OWNER = hold('owner', 'write', ['class']);
const MASTERS = { name: 'masters', scope: 'read', networks: ['127.0.0.0/8'] } as const;

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly certificate: PeerCertificate;
}

/** A watch with a repository and no cluster, on all addresses, by TLS. */
describe.skipIf(!have('git'))('a watch for others than this machine', () => {
  let city: City;
  let running: Running;
  let tokens: string;
  let ca: string;
  const lines: unknown[] = [];
  const log = (fields: object, event: string) => lines.push({ ...fields, event });

  const certify = async (name: string) => {
    const pair = await generate([{ name: 'commonName', value: name }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    });
    ca = pair.cert;
    // Between the two there is a moment in which they don't fit.
    writeFileSync(join(city.directory, 'tls.crt'), pair.cert);
    writeFileSync(join(city.directory, 'tls.key'), pair.private);
  };
  const ask = (path: string, options: RequestOptions = {}, body?: object) =>
    new Promise<Answer>((resolve, reject) => {
      const { port } = new URL(running.url ?? '');
      const headers = { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers };
      const asked = request({ port, path, ca, servername: 'localhost', agent: false as never as Agent, ...options, headers }, (reply) => {
        const certificate = (reply.socket as TLSSocket).getPeerCertificate();
        let text = '';
        reply.on('data', (chunk) => {
          text += chunk;
        });
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: text, certificate }));
      });
      asked.on('error', reject);
      asked.end(body && JSON.stringify(body));
    });
  const status = async (token: string) => (await ask('/api/v1/tasks', { headers: bearer(token) })).status;

  beforeAll(async () => {
    city = createCity();
    city.commit({
      'infrastructures/modena.json': infrastructure('modena', { default: true, defaultDock: 'class', credentials: undefined }),
    });
    await certify('one');
    tokens = join(city.directory, 'tokens.yaml');
    writeFileSync(tokens, [ADA, OWNER].map(({ grant }) => grant).reduce(withGrant, ''));
    const settings = settingsOf({ environment: 'city', repository: city.repository, state: city.state, interval: 500 });
    running = await startWatch(settings, {
      log: { debug: log, info: log, warn: log, error: log },
      listening: listeningOf({
        listen: '0.0.0.0:0',
        tokens,
        tlsCert: join(city.directory, 'tls.crt'),
        tlsKey: join(city.directory, 'tls.key'),
      }),
    });
    await running.controller.lookNow([]);
  });

  afterAll(async () => {
    await running?.stop();
    city?.remove();
  });

  it('answers by TLS, and to a token', async () => {
    expect(running.url).toMatch(/^https:/);
    expect((await ask('/api/v1/tasks')).status).toBe(401);
    expect(await status('wrong')).toBe(401);
    await expect(fetch(String(running.url).replace('https', 'http'))).rejects.toThrow();
  });

  it('takes no version of TLS that is broken', async () => {
    const { port } = new URL(running.url ?? '');
    const failed = await new Promise<string>((resolve) => {
      const socket = connect({
        port: Number(port),
        ca,
        servername: 'localhost',
        minVersion: 'TLSv1',
        maxVersion: 'TLSv1.1',
        ciphers: 'DEFAULT:@SECLEVEL=0',
      });
      socket.on('error', ({ message }) => resolve(message));
      socket.on('secureConnect', () => resolve('connected'));
    });
    expect(failed).toMatch(/protocol version|unsupported protocol|no protocols/i);
  });

  it('commits in the name of whose token it is, in its docks', async () => {
    const task = (name: string, dock: string) => ({ name, dock, containers: [{ image: 'nginx' }] });
    const post = (body: object) => ask('/api/v1/tasks', { method: 'POST', headers: bearer(OWNER.token) }, body);
    expect((await post(task('bank', 'money'))).status).toBe(403);
    expect((await post(task('web', 'class'))).status).toBe(200);
    expect(city.git('log', '-1', '--format=%an %s', 'main').trim()).toBe('owner Create task web');
  });

  it('takes a renewed certificate without a restart, and keeps streams that are open', async () => {
    const { port } = new URL(running.url ?? '');
    let told = '';
    const stream = request({ port, path: '/api/v1/events', ca, servername: 'localhost', headers: bearer(ADA.token) }, (reply) =>
      reply.on('data', (chunk) => {
        told += chunk;
      }),
    );
    stream.end();
    await expect.poll(() => told, PATIENT).not.toBe('');
    const [before, old] = [(await ask('/healthz')).certificate.subject.CN, ca];
    await certify('two');
    const now = async () => (await ask('/healthz', { ca: [old, ca] })).certificate.subject.CN;
    await expect.poll(now, PATIENT).toBe('two');
    expect(before).toBe('one');
    city.commit({ 'tasks/later.json': { name: 'later', dock: 'class', containers: [{ image: 'nginx' }] } });
    await expect.poll(() => told, PATIENT).toContain('event: revision');
    stream.destroy();
  });

  it('sees at once what is granted and taken back, and keeps what was in force when the file is broken', async () => {
    const file = [ADA, OWNER].map(({ grant }) => grant).reduce(withGrant, '');
    writeFileSync(tokens, withGrant(withoutGrant(file, 'owner') ?? '', MASTERS));
    await expect.poll(() => status(OWNER.token), PATIENT).toBe(401);
    expect((await ask('/api/v1/tasks')).status).toBe(200);
    writeFileSync(tokens, 'grants: [');
    await expect
      .poll(() => lines, PATIENT)
      .toContainEqual({ event: 'tokens', files: [tokens], reason: expect.stringContaining('What was there before stays in force') });
    expect([await status(ADA.token), await status(OWNER.token)]).toEqual([200, 401]);
  });

  it('answers 431 to headers beyond 16 KiB', async () => {
    expect((await ask('/healthz', { headers: { 'x-long': 'x'.repeat(17_000) } })).status).toBe(431);
  });
});
