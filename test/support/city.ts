import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from './parts.ts';

/** A repository with one environment `city`, and a state directory with secrets beside it. */
export interface City {
  readonly directory: string;
  /** A work tree whose HEAD is main. */
  readonly repository: string;
  readonly state: string;
  /** Arguments that point any command at it. */
  readonly args: readonly string[];
  /** Writes files below environments/city (null removes one) and commits them. */
  commit(files: Readonly<Record<string, string | object | null>>, message?: string): string;
  git(...args: string[]): string;
  secret(name: string, text: string): void;
  remove(): void;
}

export function createCity(): City {
  const directory = mkdtempSync(join(tmpdir(), 'rotterdam-city-'));
  const repository = join(directory, 'repository');
  const state = join(directory, 'state');
  mkdirSync(join(state, 'secrets'), { recursive: true });
  mkdirSync(repository);
  const identity = ['-c', 'user.name=Engineer', '-c', 'user.email=engineer@city.example'];
  const git = (...args: string[]) =>
    run('git', ['-C', repository, ...identity, ...args], { env: { ...process.env, GIT_COMMITTER_DATE: earlier() } });
  git('init', '--quiet', '--initial-branch=main');
  const commit: City['commit'] = (files, message = 'Change the city') => {
    for (const [path, content] of Object.entries(files)) {
      const file = join(repository, 'environments', 'city', path);
      if (content === null) rmSync(file);
      else {
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
      }
    }
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD').trim();
  };
  return {
    directory,
    repository,
    state,
    args: ['--environment', 'city', '--repository', repository, '--state', state],
    commit,
    git,
    secret: (name, text) => writeFileSync(join(state, 'secrets', name), text, { mode: 0o600 }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Commits tell whole seconds: what is pushed within the second of a commit may count as from before it. */
function earlier(): string {
  return `${Math.floor(Date.now() / 1000) - 5} +0000`;
}

/** An infrastructure whose kubeconfig is the secret of the same name. */
export function infrastructure(name: string, spec: object = {}): object {
  return {
    apiVersion: 'rotterdam.dev/v1alpha1',
    kind: 'Infrastructure',
    metadata: { name },
    spec: { type: 'kubernetes', credentials: { secret: name }, ...spec },
  };
}

/** The promise and the workflow of the newsletter, in Rotterdam's own JSON. */
export const DEADLINES_MISSED = {
  type: 'app-compss',
  guaranteeName: 'DeadlinesMissed_1',
  maxAllowed: 0,
  action: 'scale_out',
  scaleFactor: 1.5,
  guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1' }],
};

export const WORKFLOW = {
  name: 'compss-workflow',
  dock: 'class',
  qos: [{ qosid: 'DeadlinesMissed_1' }],
  replicas: 4,
  image: 'example/compss-test',
  ports: [44240],
  command: ['/bin/sh'],
  args: ['-c', 'while true; do echo hello; sleep 10;done'],
};
