import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { stringify } from 'yaml';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { RawKube } from '../support/raw-kube.ts';
import { median, ms, processorSeconds, ratio } from './measure.ts';
import { apps } from './objects.ts';
import type { Figure } from './report.ts';

const ROUNDS = 5;
const PEER_ROUNDS = 3;
/** Built as what we ship is. */
const WRITER = fileURLToPath(new URL('../../build/bench/writer.mjs', import.meta.url));
const PEER = fileURLToPath(new URL('flux-engine', import.meta.url));
const FLOOR = 'raw keep-alive loop of the same writes, 8 connections';

interface Run {
  readonly ms: number;
  readonly rssMiB: number;
  /** Of the writer, the API server and etcd together, in seconds. */
  readonly processor: number;
}

/** First apply and the same again, each writer on a fresh server without controllers, in turn with the floor and with Flux's engine. */
export async function benchApply(): Promise<Figure[]> {
  buildWriter();
  const [floor, first, again, peer]: [Run[], Run[], Again[], Peer[]] = [[], [], [], []];
  const file = manifestFile(1000);
  for (let round = 0; round < ROUNDS; round += 1) {
    floor.push(onFresh((place) => write('floor', 'apps', 1000, place)));
    await onFreshAsync(async (place) => {
      first.push(write('engine', 'apps', 1000, place));
      again.push(await applyAgain(place));
    });
    if (round < PEER_ROUNDS) peer.push(onFresh((place) => fluxEngine(place, file)));
  }
  rmSync(file);
  const flux = { first: median(peer.map((run) => run.first)), again: median(peer.map((run) => run.again)) };
  const unchanged = median(again.map((run) => run.ms));
  const how = `medians of ${ROUNDS}, in turn, each on a fresh server; Flux's engine ${PEER_ROUNDS}`;
  return [
    againstFloor('first apply of 1,000 × (Deployment, ServiceAccount, Service, Ingress)', first, floor, how),
    against("the same by Flux's engine (fluxcd/pkg/ssa)", flux.first, FLOOR, timeOf(floor), how),
    against('the same again, process restarted', unchanged, "Flux's engine, the same again", flux.again, `${again[0]?.requests}`),
  ];
}

/** 10,000 ConfigMaps cold, and how time and memory grow. */
export async function benchScale(): Promise<Figure[]> {
  buildWriter();
  const figures: Figure[] = [];
  const [floor, ours]: [Run[], Run[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    floor.push(onFresh((place) => write('floor', 'maps', 10_000, place)));
    ours.push(onFresh((place) => write('engine', 'maps', 10_000, place)));
  }
  const rss = Math.max(...ours.map(({ rssMiB }) => rssMiB));
  const how = `medians of ${ROUNDS}, in turn; at most ${Math.round(rss)} MiB resident`;
  figures.push(againstFloor('10,000 ConfigMaps cold', ours, floor, how));
  for (const count of [250, 1000, 4000]) {
    const base = onFresh((place) => write('floor', 'apps', count, place));
    const run = onFresh((place) => write('engine', 'apps', count, place));
    const once = `one run; at most ${Math.round(run.rssMiB)} MiB resident`;
    figures.push(againstFloor(`first apply of ${count * 4} objects`, [run], [base], once));
  }
  figures.push(benchControlled());
  return figures;
}

/** Beside controllers, which make replica sets and endpoints of the objects meanwhile. */
function benchControlled(): Figure {
  const [floor, ours]: [Run[], Run[]] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    floor.push(onFresh((place) => write('floor', 'apps', 1000, place), {}));
    ours.push(onFresh((place) => write('engine', 'apps', 1000, place), {}));
  }
  return againstFloor('first apply of 4000 objects, controllers running', ours, floor, 'medians of 3, in turn');
}

function buildWriter(): void {
  const entryPoints = [fileURLToPath(new URL('writer.ts', import.meta.url))];
  buildSync({ entryPoints, outfile: WRITER, bundle: true, packages: 'external', platform: 'node', format: 'esm', minifySyntax: true });
}

function against(what: string, value: number, floorName: string, floor: number, how: string): Figure {
  return { what, figure: ms(value), against: floorName, floor: ms(floor), ratio: ratio(value / floor), how };
}

const timeOf = (runs: readonly Run[]) => median(runs.map((run) => run.ms));

/** Processor time as well: it is what counts on a machine that others use. */
function againstFloor(what: string, ours: readonly Run[], floor: readonly Run[], how: string): Figure {
  const [used, needed] = [ours, floor].map((runs) => median(runs.map((run) => run.processor))) as [number, number];
  const processor = `processor time of all processes ${used.toFixed(1)} s against ${needed.toFixed(1)} s (${ratio(used / needed)})`;
  return against(what, timeOf(ours), FLOOR, timeOf(floor), `${how}; ${processor}`);
}

function write(who: 'floor' | 'engine', what: 'apps' | 'maps', count: number, place: ControlPlane): Run {
  const args = [WRITER, who, what, `${count}`, place.kubeconfigFile];
  const before = serverSeconds(place);
  const run = JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Omit<Run, 'processor'> & { cpuMs: number };
  return { ...run, processor: run.cpuMs / 1000 + serverSeconds(place) - before };
}

function serverSeconds({ directory }: ControlPlane): number {
  const pids = ['apiserver', 'etcd'].map((name) => Number(readFileSync(join(directory, `${name}.pid`), 'utf8')));
  return pids.reduce((sum, pid) => sum + processorSeconds(pid), 0);
}

interface Again extends Run {
  /** What the API server was asked for, by its own count. */
  readonly requests: string;
}

async function applyAgain(place: ControlPlane): Promise<Again> {
  const before = await requestCounts(place);
  const run = write('engine', 'apps', 1000, place);
  const asked = await requestsSince(before, place);
  return { ...run, requests: printRequests(asked) };
}

/** By verb and resource, of objects: neither discovery and health nor the server's own requests. */
export async function requestCounts(place: ControlPlane): Promise<Map<string, number>> {
  const kube = new RawKube(place.kubeconfig);
  const { body } = await kube.get('/metrics');
  kube.close();
  const counts = new Map<string, number>();
  for (const [, labels = '', value] of String(body).matchAll(/^apiserver_request_total\{([^}]*)\} (\S+)$/gm)) {
    const label = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    if (!OBJECTS.has(label('resource'))) continue;
    const asked = `${label('verb')} ${label('resource')}`;
    counts.set(asked, (counts.get(asked) ?? 0) + Number(value));
  }
  return counts;
}

/** Those that there were none of left out. */
export async function requestsSince(before: ReadonlyMap<string, number>, place: ControlPlane): Promise<ReadonlyMap<string, number>> {
  const more = [...(await requestCounts(place))].map(([verb, count]) => [verb, count - (before.get(verb) ?? 0)] as const);
  return new Map(more.filter(([, count]) => count > 0));
}

/** By verb: `11 LIST, 6 WATCH`. */
export function printRequests(asked: ReadonlyMap<string, number>): string {
  const verbs = new Map<string, number>();
  for (const [what, count] of asked) {
    const [verb = ''] = what.split(' ');
    verbs.set(verb, (verbs.get(verb) ?? 0) + count);
  }
  return [...verbs].map(([verb, count]) => `${count} ${verb}`).join(', ');
}

const OBJECTS = new Set(['namespaces', 'serviceaccounts', 'services', 'configmaps', 'deployments', 'ingresses']);

interface Peer {
  readonly first: number;
  readonly again: number;
}

function fluxEngine(place: ControlPlane, file: string): Peer {
  const binary = join(tmpdir(), 'rotterdam-flux-engine');
  execFileSync('go', ['build', '-o', binary, '.'], { cwd: PEER, stdio: ['ignore', 'ignore', 'inherit'] });
  const text = execFileSync(binary, [file], { encoding: 'utf8', env: { ...process.env, KUBECONFIG: place.kubeconfigFile } });
  const [first = Number.NaN, again = Number.NaN] = [...text.matchAll(/(\d+) ms$/gm)].map(([, value]) => Number(value));
  return { first, again };
}

function manifestFile(count: number): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rotterdam-bench-')), 'apps.yaml');
  writeFileSync(
    file,
    apps(count)
      .map((manifest) => stringify(manifest))
      .join('---\n'),
  );
  return file;
}

function onFresh<T>(work: (place: ControlPlane) => T, options: { controllers?: 'none' } = { controllers: 'none' }): T {
  const place = startControlPlane(options);
  try {
    return work(place);
  } finally {
    place.stop();
  }
}

async function onFreshAsync<T>(work: (place: ControlPlane) => Promise<T>): Promise<T> {
  const place = startControlPlane({ controllers: 'none' });
  try {
    return await work(place);
  } finally {
    place.stop();
  }
}
