import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { settingsOf } from '../config.ts';
import { Failure } from '../errors.ts';
import { startWatch } from '../main.ts';
import type { Log } from '../ports.ts';
import { startSandbox } from '../sandbox/sandbox.ts';
import { createStory, type Fields, type Story } from './demo-story.ts';
import { EXIT } from './exit.ts';

const LONGEST_WAIT_MS = 30_000;
const METRIC = 'deadlines_missed_compss_workflow';

/** The newsletter scenario: a workflow of 4 workers that promises to miss no deadline. */
const DOCUMENTS: Readonly<Record<string, unknown>> = {
  'infrastructures/modena.json': {
    apiVersion: 'rotterdam.dev/v1alpha1',
    kind: 'Infrastructure',
    metadata: { name: 'modena' },
    spec: { type: 'kubernetes', default: true, defaultDock: 'class', credentials: { secret: 'modena' }, pushgateway: { url: 'embedded' } },
  },
  'qos/deadlines-missed-1.json': {
    type: 'app-compss',
    guaranteeName: 'DeadlinesMissed_1',
    maxAllowed: 0,
    action: 'scale_out',
    scaleFactor: 1.5,
    guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1' }],
  },
  'tasks/compss-workflow.json': {
    name: 'compss-workflow',
    dock: 'class',
    qos: [{ qosid: 'DeadlinesMissed_1' }],
    replicas: 4,
    image: 'example/compss-test',
    ports: [44240],
    command: ['/bin/sh'],
    args: ['-c', 'while true; do echo hello; sleep 10;done'],
  },
};

/** Plays the scenario on the sandbox and a repository in a temporary directory; everything is gone afterwards. */
export async function demo(options: { readonly json?: boolean }): Promise<number> {
  const story = createStory(options.json ?? false);
  const directory = mkdtempSync(join(tmpdir(), 'rotterdam-demo-'));
  const sandbox = await startSandbox({ readyDelayMs: 300 });
  const repository = commitDocuments(directory, story);
  mkdirSync(join(directory, 'state', 'secrets'), { recursive: true, mode: 0o700 });
  writeFileSync(join(directory, 'state', 'secrets', 'modena'), sandbox.kubeconfig, { mode: 0o600 });
  const events = new Events(story);
  const settings = settingsOf({
    environment: 'city',
    repository,
    state: join(directory, 'state'),
    secrets: join(directory, 'state', 'secrets'),
  });
  const watch = await startWatch(settings, { log: events, listening: { listen: { host: '127.0.0.1', port: 0 } } });
  try {
    await play(`${watch.url}`, repository, events, story);
    return EXIT.done;
  } finally {
    await watch.stop();
    await sandbox.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function play(url: string, repository: string, events: Events, story: Story): Promise<void> {
  await events.until('ready', ({ replicas }) => replicas === 4);
  const met = events.until('verdict', ({ state }) => state === 'met');
  await push(url, 0, story, 'The workflow starts and says that it has missed no deadline');
  await met;
  const replicas = [4];
  const commits: string[] = [];
  const reactionMs: number[] = [];
  for (const [missed, expected] of [
    [1, 6],
    [2, 9],
  ] as const) {
    const startMs = performance.now();
    const applied = events.until('synced', ({ revision }) => revision === commits.at(-1));
    const committed = events.until('commit', () => true);
    await push(url, missed, story, missed === 1 ? 'A deadline is missed' : 'A second deadline is missed');
    const { revision } = await committed;
    commits.push(String(revision));
    await applied;
    reactionMs.push(Math.round(performance.now() - startMs));
    story.commit(git(repository, 'show', '--no-color', '--format=commit %H%nAuthor: %an <%ae>%n%n%B', String(revision)));
    await events.until('ready', ({ replicas: ready }) => ready === expected);
    replicas.push(expected);
    if (missed === 1) {
      const verdict = events.until('verdict', () => true);
      await push(url, missed, story, 'The same stale metric arrives again');
      await verdict;
    }
  }
  story.summary({ replicas, decisions: commits.length, reactionMs, commits });
}

async function push(url: string, missed: number, story: Story, what: string): Promise<void> {
  story.tell('push', { metric: METRIC, value: missed, what });
  const body = `# TYPE ${METRIC} counter\n${METRIC} ${missed}\n`;
  const reply = await fetch(`${url}/metrics/job/compss`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain; version=0.0.4' },
  });
  if (reply.status !== 202) throw new Failure('terminal', `The push source refused the metric: ${reply.status} ${await reply.text()}`);
}

function commitDocuments(directory: string, story: Story): string {
  const repository = join(directory, 'city');
  mkdirSync(repository);
  for (const [path, document] of Object.entries(DOCUMENTS)) {
    const file = join(repository, 'environments', 'city', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`);
  }
  git(repository, 'init', '--quiet', '--initial-branch=main');
  git(repository, 'add', '--all');
  git(
    repository,
    '-c',
    'user.name=Analytics developer',
    '-c',
    'user.email=developer@city.example',
    'commit',
    '--quiet',
    '-m',
    'Declare the workflow and its promise',
  );
  const revision = git(repository, 'rev-parse', 'HEAD').trim();
  story.tell('documents', { revision, files: Object.keys(DOCUMENTS).map((path) => `environments/city/${path}`) });
  return repository;
}

function git(repository: string, ...args: string[]): string {
  return execFileSync('git', ['-C', repository, '-c', 'core.hooksPath=/dev/null', ...args], { encoding: 'utf8' });
}

/** The controller's log, told as a story; what it waits for, it waits for here. */
class Events implements Log {
  readonly #story: Story;
  readonly #waiting = new Set<(event: string, fields: Fields) => void>();

  constructor(story: Story) {
    this.#story = story;
  }

  debug(fields: Fields, event: string): void {
    if (event === 'plan') this.info(fields, event);
  }

  info(fields: Fields, event: string): void {
    this.#story.tell(event, fields);
    for (const wait of this.#waiting) wait(event, fields);
  }

  warn(fields: Fields, event: string): void {
    this.info(fields, event);
  }

  error(fields: Fields, event: string): void {
    this.info(fields, event);
  }

  /** The next event of this name that matches. Rejects after 30 s. */
  until(name: string, matches: (fields: Fields) => boolean): Promise<Fields> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Failure('terminal', `Gave up waiting for '${name}' after ${LONGEST_WAIT_MS / 1000} s`)),
        LONGEST_WAIT_MS,
      );
      const wait = (event: string, fields: Fields) => {
        if (event !== name || !matches(fields)) return;
        this.#waiting.delete(wait);
        clearTimeout(late);
        resolve(fields);
      };
      this.#waiting.add(wait);
    });
  }
}
