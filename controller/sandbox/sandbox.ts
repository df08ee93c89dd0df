import { randomBytes } from 'node:crypto';
import { generate } from 'selfsigned';
import type { Clock } from '../ports.ts';
import { startCluster } from './cluster.ts';
import { Routes } from './routes.ts';
import { listen } from './server.ts';
import { SYSTEM_CLOCK, Timers } from './timers.ts';
import { watch } from './watch.ts';

export interface SandboxOptions {
  /** Of 127.0.0.1; a free one when 0, the default. */
  port?: number;
  /** How long a pod takes to become ready: 300 by default. */
  readyDelayMs?: number;
  clock?: Clock;
}

export interface Sandbox {
  readonly url: string;
  /** Text; one context, the certificate inside. */
  readonly kubeconfig: string;
  /** How many were served so far, watches included. */
  requests(): number;
  /** Ends all connections and timers. */
  stop(): Promise<void>;
}

/** A Kubernetes API server in memory, with the controllers that make workloads run: docs/sandbox.md says what it does not do. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const timers = new Timers(options.clock ?? SYSTEM_CLOCK);
  const { key, certificate } = await certify(timers.now());
  const { store, kinds, resources } = startCluster(timers, { readyDelayMs: options.readyDelayMs ?? 300, certificate });
  const routes = new Routes(kinds, resources, () => timers.now());
  const token = randomBytes(16).toString('hex');
  let requests = 0;
  const server = await listen({
    port: options.port ?? 0,
    key,
    certificate,
    token,
    handle: (call) => routes.handle(call),
    watch: (request, response) => watch(request, store, timers, response),
    served: () => {
      requests += 1;
    },
  });
  const url = `https://127.0.0.1:${server.port}`;
  return {
    url,
    kubeconfig: kubeconfig(url, certificate, token),
    requests: () => requests,
    stop: async () => {
      timers.stop();
      await server.close();
    },
  };
}

async function certify(nowMs: number): Promise<{ key: string; certificate: string }> {
  const day = 24 * 60 * 60 * 1000;
  const made = await generate([{ name: 'commonName', value: 'rotterdam-sync sandbox' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - day),
    notAfterDate: new Date(nowMs + 365 * day),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key: made.private, certificate: made.cert };
}

function kubeconfig(server: string, certificate: string, token: string): string {
  const ca = Buffer.from(certificate).toString('base64');
  return [
    'apiVersion: v1',
    'kind: Config',
    `clusters: [{name: sandbox, cluster: {server: "${server}", certificate-authority-data: ${ca}}}]`,
    `users: [{name: sandbox, user: {token: ${token}}}]`,
    'contexts: [{name: sandbox, context: {cluster: sandbox, user: sandbox}}]',
    'current-context: sandbox',
    '',
  ].join('\n');
}
