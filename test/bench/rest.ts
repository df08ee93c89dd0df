import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bareRepository, openBare } from '../support/bare-repository.ts';
import { startWatchProcess } from '../support/watch.ts';
import { median, ms, quantile, ratio, timed } from './measure.ts';
import type { Figure } from './report.ts';
import { benchStreams } from './streams.ts';

const TASKS = 1_000;
const READS = 20_000;
const CONNECTIONS = 32;
const LISTS = 20;
const POSTS = 30;
const AT_ONCE = 100;

const EDGE =
  'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: edge}\nspec: {type: kubernetes, default: true, defaultDock: class}\n';

/** REST on a thousand tasks, against a server that only sends the same bytes, and against git's own commit and push. */
export async function benchRest(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rotterdam-rest-'));
  const names = Array.from({ length: TASKS }, (_, at) => `task-${at}`);
  const tasks = names.map(
    (name) => [`tasks/${name}.json`, JSON.stringify({ ...task(name), qos: [{ qosid: 'DeadlinesMissed_1' }] })] as const,
  );
  const files = { 'infrastructures/edge.yaml': EDGE, ...Object.fromEntries(tasks) };
  const url = `file://${bareRepository(folder, files)}`;
  const watch = await startWatchProcess(['--environment', 'city', '--repository', url, '--state', join(folder, 'state')], { cwd: folder });
  await watch.until('revision');
  const base = `${watch.url}/api/v1`;
  try {
    return [
      ...(await reads(base)),
      ...(await writes(base, folder, `file://${bareRepository(folder, files)}`)),
      ...(await benchStreams({ url: watch.url, tasks: TASKS + POSTS + AT_ONCE + 1, happen: () => post(base, 'listened-to') })),
    ];
  } finally {
    await watch.kill('SIGTERM');
    rmSync(folder, { recursive: true });
  }
}

async function reads(base: string): Promise<Figure[]> {
  const floor = await sameBytes(await (await fetch(`${base}/tasks/task-0`)).text());
  const asked = await load((at) => `${base}/tasks/task-${at % TASKS}`);
  const bytes = await load(() => floor.url);
  floor.close();
  const lists: number[] = [];
  for (let at = 0; at < LISTS; at += 1) lists.push(await timed(async () => (await fetch(`${base}/tasks`)).text()));
  return [
    {
      what: `GET /tasks/{id} of ${TASKS} tasks, ${CONNECTIONS} connections`,
      figure: `${Math.round(asked.perSecond)}/s, p99 ${ms(quantile(asked.times, 0.99))}`,
      against: 'a bare HTTP server that sends the same bytes',
      floor: `${Math.round(bytes.perSecond)}/s, p99 ${ms(quantile(bytes.times, 0.99))}`,
      ratio: ratio(bytes.perSecond / asked.perSecond),
      how: `${READS} requests; the one who asks needs a core too; aim 5,000/s and 20 ms`,
    },
    {
      what: `GET /tasks, all ${TASKS}`,
      figure: ms(median(lists)),
      against: 'the aim',
      floor: '20 ms',
      ratio: ratio(median(lists) / 20),
      how: `median of ${LISTS}, one after the other, as the client sees it`,
    },
  ];
}

/** The commits go to a repository of their own: nobody is to lose a race here. */
async function writes(base: string, folder: string, url: string): Promise<Figure[]> {
  const repository = await openBare(folder, url);
  const posts: number[] = [];
  const commits: number[] = [];
  for (let run = 0; run <= POSTS; run += 1) {
    const posted = await timed(() => post(base, `posted-${run}`));
    const parent = await repository.head();
    const edits = [{ path: 'environments/city/README.md', content: `${run}\n` }];
    const committed = await timed(() => repository.commit(edits, { parent, message: 'Measure a commit' }));
    if (run === 0) continue;
    posts.push(posted);
    commits.push(committed);
  }
  await repository.close();
  const revisions = new Set<string>();
  const togetherMs = await timed(() =>
    Promise.all(Array.from({ length: AT_ONCE }, async (_, at) => revisions.add(await post(base, `together-${at}`)))),
  );
  return [
    {
      what: 'POST /tasks → committed and pushed, p50',
      figure: ms(median(posts)),
      against: "one commit and push by the controller's git",
      floor: ms(median(commits)),
      ratio: ratio(median(posts) / median(commits)),
      how: `${POSTS} of each, in turn; p99 ${ms(quantile(posts, 0.99))}; aim 120 ms`,
    },
    {
      what: `${AT_ONCE} POST /tasks at once, until the last is answered`,
      figure: ms(togetherMs),
      against: 'one after the other, at the p50',
      floor: ms(median(posts) * AT_ONCE),
      ratio: ratio(togetherMs / (median(posts) * AT_ONCE)),
      how: `one run; ${revisions.size} commits`,
    },
  ];
}

/** Rejects unless it is committed; resolves with the commit. */
async function post(base: string, name: string): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${base}/tasks`, { method: 'POST', headers, body: JSON.stringify(task(name)) });
  const answer = (await reply.json()) as { revision: string };
  if (reply.status !== 200) throw new Error(`${reply.status} ${JSON.stringify(answer)}`);
  return answer.revision;
}

function task(name: string) {
  return { name, dock: 'class', replicas: 2, image: 'example/worker', ports: [44240] };
}

async function load(urlOf: (at: number) => string) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const times: number[] = [];
  let next = 0;
  const ask = async () => {
    while (next < READS) {
      const url = urlOf(next++);
      times.push(await timed(() => answer(url, agent)));
    }
  };
  const durationMs = await timed(() => Promise.all(Array.from({ length: CONNECTIONS }, ask)));
  agent.destroy();
  return { times, perSecond: READS / (durationMs / 1000) };
}

function answer(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (reply) => {
      if (reply.statusCode !== 200) reject(new Error(`${url}: ${reply.statusCode}`));
      reply.resume().on('end', resolve);
    });
    request.on('error', reject);
  });
}

async function sameBytes(text: string) {
  const server = createServer((_request, reply) => {
    reply.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}
