import { describe, expect, it, vi } from 'vitest';
import type { Change } from '../../../../controller/changes/change.ts';
import { documentsOf } from '../../../../controller/changes/plan.ts';
import { foldRequests, NO_REQUESTS } from '../../../../controller/changes/requests.ts';
import { ChangeWriter } from '../../../../controller/changes/writer.ts';
import { ConflictError, Failure, RefusedBranch } from '../../../../controller/errors.ts';
import type { Repository } from '../../../../controller/ports.ts';
import { ParseCache } from '../../../../synth/parse-cache.ts';
import { memoryRepository } from '../../../support/memory-repository.ts';

const EDGE = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: edge}\nspec: {type: kubernetes, default: true}\n';

interface Asked {
  readonly key?: string;
  readonly hash?: string;
  readonly by?: string;
}

function create(name: string, { key, hash = 'h', by = 'Ada' }: Asked = {}): Change {
  return {
    author: { name: by, email: 'ada@city.example' },
    ...(key === undefined ? {} : { request: { key, hash } }),
    make: ({ environment }) => {
      let free = name;
      for (let at = 2; environment.tasks.has(free); at += 1) free = `${name}-${at}`;
      const content = JSON.stringify({ name: free, containers: [{ image: 'nginx' }] });
      return { subject: `Create task ${free}`, name: free, edits: [{ path: `environments/city/tasks/${free}.json`, content }] };
    },
  };
}

type Commit = Repository['commit'];

function world(commitWith: (commit: Commit) => Commit = (commit) => commit) {
  const memory = memoryRepository();
  memory.add({ 'infrastructures/edge.yaml': EDGE });
  const commits = vi.fn(commitWith(memory.commit));
  const repository = { ...memory, commit: commits };
  let revision: string | undefined;
  const warn = vi.fn();
  const writer = new ChangeWriter({
    environment: 'city',
    repository,
    cache: new ParseCache(),
    inTurn: (work) => work(),
    tip: async () => {
      revision ??= await repository.head();
      return { revision, requests: foldRequests(NO_REQUESTS, await repository.history(revision, undefined, ''), 'city') };
    },
    moved: async (to) => {
      revision = to;
    },
    log: { debug: vi.fn(), info: vi.fn(), warn, error: vi.fn() },
  });
  const tasks = async () => (await repository.read(await repository.head(), '')).filter(({ path }) => path.includes('/tasks/')).length;
  return { writer, commits, memory, tasks, warn };
}

describe('The writer of changes', () => {
  it('a hundred at once are all there, in few commits', async () => {
    const { writer, commits, tasks } = world();
    const written = await Promise.all(Array.from({ length: 100 }, () => writer.write(create('web'))));
    expect(new Set(written.map(({ name }) => name)).size).toBe(100);
    expect(await tasks()).toBe(100);
    expect(commits.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('makes a change again on what somebody else committed meanwhile', async () => {
    const { writer, memory, tasks } = world((commit) => {
      let isFirst = true;
      return async (edits, at) => {
        if (isFirst) memory.add({ 'infrastructures/edge.yaml': EDGE, 'tasks/web.json': '{"name": "web", "containers": [{"image": "x"}]}' });
        isFirst = false;
        return commit(edits, at);
      };
    });
    await expect(writer.write(create('web'))).resolves.toMatchObject({ name: 'web-2', repeated: false });
    expect(await tasks()).toBe(2);
  });

  it('gives up on a branch that always moves, and can be asked again', async () => {
    const { writer, commits } = world(() => () => Promise.reject(new ConflictError('moved')));
    await expect(writer.write(create('web'))).rejects.toMatchObject({ outcome: 'transient' });
    expect(commits).toHaveBeenCalledTimes(20);
    await expect(writer.write(create('web'))).rejects.toMatchObject({ outcome: 'transient' });
  });

  it.each(['at the same time', 'later'])('a request that is repeated %s is carried out once', async (when) => {
    const { writer, tasks } = world();
    const first = writer.write(create('web', { key: 'k' }));
    if (when === 'later') await first;
    const second = writer.write(create('web', { key: 'k' }));
    const [one, two] = await Promise.all([first, second]);
    expect([one.repeated, two.repeated]).toEqual([false, true]);
    expect(two).toMatchObject({ name: one.name, revision: one.revision });
    expect(await tasks()).toBe(1);
  });

  it('another request with the same key is refused', async () => {
    const { writer } = world();
    const both = [writer.write(create('web', { key: 'k' })), writer.write(create('web', { key: 'k', hash: 'other' }))];
    expect(await Promise.allSettled(both)).toMatchObject([{ status: 'fulfilled' }, { reason: { kind: 'invalid' } }]);
    await expect(writer.write(create('web', { key: 'k', hash: 'other' }))).rejects.toMatchObject({ kind: 'invalid' });
  });

  it.each(['at the same time', 'later'])('a key is its own of each who asks: %s', async (when) => {
    const { writer, tasks } = world();
    const first = writer.write(create('web', { key: 'k' }));
    if (when === 'later') await first;
    const both = await Promise.all([first, writer.write(create('web', { key: 'k', hash: 'other', by: 'Eve' }))]);
    expect(both.map(({ name, repeated }) => [name, repeated])).toEqual([
      ['web', false],
      ['web-2', false],
    ]);
    const again = ['Ada', 'Eve'].map((by) => writer.write(create('web', { key: 'k', hash: by === 'Ada' ? 'h' : 'other', by })));
    expect((await Promise.all(again)).map(({ name, repeated }) => [name, repeated])).toEqual([
      ['web', true],
      ['web-2', true],
    ]);
    expect(await tasks()).toBe(2);
  });

  it.each([
    { by: 'Ada', made: 'web', reason: 'is known again as its author' },
    { by: 'Eve', made: 'fresh', reason: "is nobody else's" },
  ])('a key in a commit of old $reason', async ({ by, made }) => {
    const { writer, memory } = world();
    const { make, author } = create('web');
    const { edits } = make(documentsOf('city', []));
    const message = 'Create task web\n\nRotterdam-Request: {"key":"k","hash":"h","environment":"city","name":"web"}\n';
    await memory.commit(edits, { parent: await memory.head(), message, author });
    await expect(writer.write(create('fresh', { key: 'k', by }))).resolves.toMatchObject({ name: made });
  });

  it('what the repository refuses is told to who asked, and stops no other', async () => {
    const { writer, tasks } = world((commit) => async (edits, at) => {
      if (edits.some(({ path }) => path.includes('bad'))) throw new RefusedBranch('hook declined');
      return commit(edits, at);
    });
    const all = await Promise.allSettled(['a', 'bad', 'c'].map((name) => writer.write(create(name))));
    expect(all).toMatchObject([
      { status: 'fulfilled' },
      { reason: { kind: 'forbidden', message: 'hook declined' } },
      { status: 'fulfilled' },
    ]);
    expect(await tasks()).toBe(2);
  });

  it('what is wrong with the remote, but not with the change, may be mended meanwhile', async () => {
    const { writer, commits } = world(() => () => Promise.reject(new Failure('terminal', 'Cannot push: authentication failed')));
    const all = await Promise.allSettled(['a', 'b'].map((name) => writer.write(create(name))));
    expect(all).toMatchObject(Array(2).fill({ reason: { outcome: 'transient', message: 'Cannot push: authentication failed' } }));
    expect(commits.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('what can not be reached is told as such, and the next is written', async () => {
    let isDown = true;
    const { writer } = world((commit) => (edits, at) => (isDown ? Promise.reject(new Failure('transient', 'down')) : commit(edits, at)));
    await expect(writer.write(create('web'))).rejects.toMatchObject({ outcome: 'transient' });
    isDown = false;
    await expect(writer.write(create('web'))).resolves.toMatchObject({ name: 'web' });
  });

  it('refuses more than a thousand that wait', async () => {
    const { writer } = world(() => () => new Promise(() => undefined));
    const waiting = Array.from({ length: 1_100 }, () => writer.write(create('web')));
    for (const one of waiting) one.catch(() => undefined);
    await expect(Promise.race(waiting.slice(-1))).rejects.toThrow('Cannot take more than 1000 changes');
  });
});
