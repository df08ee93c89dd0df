import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { openRepository } from '../../controller/adapters/git/repository.ts';
import type { Failure } from '../../controller/errors.ts';
import type { Repository } from '../../controller/ports.ts';
import type { Edit } from '../../synth/source.ts';
import { type Kind, makeTemplate, type Place, removeTemplate, tryGit } from './repository-places.ts';

export const REDIS = 'environments/city/tasks/redis.yaml';
export const SHIP = 'environments/city/tasks/ship.yaml';

/** A fresh repository of one kind for each test, and what the tests ask of it. */
export interface Context {
  readonly place: Place;
  readonly repository: Repository;
  /** Another controller's look at the same branch. */
  open(changes?: Partial<Place['options']>): Promise<Repository>;
  tip(): string;
  /** Nothing but the branch is left behind, and the files are what the branch says, but for `dirty`. */
  expectTidy(dirty?: string): void;
}

export function useRepository(kind: Kind): Context {
  let made: ReturnType<typeof makeTemplate>;
  let place: Place;
  let repository: Repository;
  const opened: Repository[] = [];

  async function open(changes: Partial<Place['options']> = {}): Promise<Repository> {
    const one = await openRepository({ ...place.options, ...changes });
    opened.push(one);
    return one;
  }

  function expectTidy(dirty = ''): void {
    expect(place.git('for-each-ref', '--format=%(refname)', 'refs/rotterdam/')).toBe('');
    expect(place.git('fsck', '--strict', '--no-dangling', '--connectivity-only')).toBe('');
    if (place.workTree) expect(tryGit(place.workTree, 'status', '--porcelain', '--ignore-submodules').stdout).toBe(dirty);
  }

  beforeAll(async () => {
    made = makeTemplate();
    await kind.start?.(made.folder);
  });
  beforeEach(async () => {
    place = kind.place(mkdtempSync(join(made.folder, 'one-')), made.template);
    repository = await open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });
  afterAll(() => {
    kind.stop?.();
    removeTemplate(made.folder);
  });

  return {
    get place() {
      return place;
    },
    get repository() {
      return repository;
    },
    open,
    tip: () => place.git('rev-parse', 'refs/heads/main'),
    expectTidy,
  };
}

export function edit(content: string | null, path = REDIS): Edit {
  return { path, content };
}

export async function caught(attempt: Promise<unknown>): Promise<Failure> {
  return attempt.then(
    () => expect.fail('It should have been rejected'),
    (error) => error,
  );
}
