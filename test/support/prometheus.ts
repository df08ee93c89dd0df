import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Monitoring {
  /** Base URLs. */
  readonly prometheus: string;
  readonly pushgateway: string;
  /** Waits until Prometheus has scraped the Pushgateway so many times more; how many times it was. */
  scrapes(count: number): Promise<number>;
  /** Ends one of the two at once; what it had stays on disk. */
  down(part: 'prometheus' | 'pushgateway'): Promise<void>;
  /** Starts it again under the same URL. */
  up(part: 'prometheus' | 'pushgateway'): Promise<void>;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** What it scrapes beside the Pushgateway. */
export interface Target {
  readonly job: string;
  /** `127.0.0.1:8080` */
  readonly target: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** A real Prometheus that scrapes a real Pushgateway (and `targets`) every second, both on free ports of loopback, with their data in a temporary directory. */
export async function startMonitoring(targets: readonly Target[] = []): Promise<Monitoring> {
  const directory = mkdtempSync(join(tmpdir(), 'rotterdam-monitoring-'));
  const ports = { prometheus: await freePort(), pushgateway: await freePort() };
  const commands = commandsOf(directory, ports, targets);
  const running = new Map<string, ChildProcess>();
  const up = async (part: keyof typeof ports) => {
    const [program, ...args] = commands[part];
    const started = spawn(program, args, { cwd: directory, stdio: 'ignore' });
    running.set(part, started);
    await ready(`http://127.0.0.1:${ports[part]}/-/ready`, started);
  };
  const down = async (part: string) => {
    const process = running.get(part);
    if (process === undefined) return;
    running.delete(part);
    if (process.exitCode !== null || process.signalCode !== null) return;
    const ended = once(process, 'exit');
    process.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    for (const part of ['prometheus', 'pushgateway']) await down(part);
    rmSync(directory, { recursive: true, force: true });
  };
  const prometheus = `http://127.0.0.1:${ports.prometheus}`;
  const scrapes = async (count: number) => {
    const before = await scraped(prometheus);
    const untilMs = performance.now() + PATIENCE_MS + count * 1_000;
    for (;;) {
      const now = (await scraped(prometheus)) - before;
      if (now >= count) return now;
      if (performance.now() > untilMs) throw new Error(`Prometheus has scraped the Pushgateway ${now} of ${count} times`);
      await pause(100);
    }
  };
  try {
    await up('pushgateway');
    await up('prometheus');
    const monitoring = { prometheus, pushgateway: `http://127.0.0.1:${ports.pushgateway}`, scrapes, down, up, stop };
    await scrapes(1);
    return monitoring;
  } catch (error) {
    await stop();
    throw error;
  }
}

export interface PrometheusStore {
  readonly url: string;
  readonly pid: () => number;
  /** Ends it at once and starts it again, under the same URL, with what it had on disk. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Prometheus that scrapes nothing and takes what is written to it (`remoteWrite`). */
export async function startPrometheusStore(...flags: readonly string[]): Promise<PrometheusStore> {
  const directory = mkdtempSync(join(tmpdir(), 'rotterdam-prometheus-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [program, ...args] = commandsOf(directory, { prometheus: port, pushgateway: 0 }).prometheus;
  writeFileSync(join(directory, 'prometheus.yml'), '{}');
  let running: ChildProcess | undefined;
  const up = async () => {
    running = spawn(program, [...args, '--web.enable-remote-write-receiver', ...flags], { cwd: directory, stdio: 'ignore' });
    await ready(`${url}/-/ready`, running);
  };
  const down = async () => {
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  };
  const stop = async () => {
    await down();
    rmSync(directory, { recursive: true, force: true });
  };
  const restart = async () => {
    await down();
    await up();
  };
  await up().catch(async (error) => {
    await stop();
    throw error;
  });
  return { url, pid: () => running?.pid ?? 0, restart, stop };
}

function commandsOf(directory: string, ports: { prometheus: number; pushgateway: number }, targets: readonly Target[] = []) {
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      { job_name: 'pushgateway', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${ports.pushgateway}`] }] },
      ...targets.map(({ job, target, labels }) => ({ job_name: job, static_configs: [{ targets: [target], labels }] })),
    ],
  };
  // YAML is a superset of JSON.
  writeFileSync(join(directory, 'prometheus.yml'), JSON.stringify(config));
  return {
    prometheus: [
      'prometheus',
      '--config.file=prometheus.yml',
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      '--log.level=error',
    ],
    pushgateway: [
      'prometheus-pushgateway',
      `--web.listen-address=127.0.0.1:${ports.pushgateway}`,
      `--persistence.file=${join(directory, 'pushgateway')}`,
      '--persistence.interval=100ms',
    ],
  } as const;
}

async function ready(url: string, started: ChildProcess): Promise<void> {
  const failed: { error?: Error } = {};
  started.once('error', (error) => {
    failed.error = error;
  });
  for (const untilMs = performance.now() + PATIENCE_MS; performance.now() < untilMs; await pause(50)) {
    if (failed.error !== undefined) throw failed.error;
    if (started.exitCode !== null) throw new Error(`${started.spawnfile} ended with ${started.exitCode}`);
    const reply = await fetch(url).catch(() => undefined);
    if (reply?.ok) return;
  }
  throw new Error(`Nothing answers at ${url}`);
}

async function scraped(prometheus: string): Promise<number> {
  const query = 'sum(count_over_time(up{job="pushgateway"}[1h]))';
  const reply = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(query)}`);
  const { data } = (await reply.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
