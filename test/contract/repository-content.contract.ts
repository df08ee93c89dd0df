import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MAX_FILE_BYTES } from '../../synth/source.ts';
import { type Context, caught, edit, REDIS, SHIP } from './repository-context.ts';
import { NAMES } from './repository-places.ts';

/** What is read is what git has, and what is committed is what was asked for. */
export function contentContract(context: Context): void {
  it('read lists files below the directory in order, with what they hold', async () => {
    const files = await context.repository.read(await context.repository.head(), 'environments');
    const large = files.find(({ path }) => path.endsWith('/large.yaml'));
    expect(files.map(({ path }) => path)).toEqual(
      [REDIS, ...[...NAMES, 'empty.yaml', 'large.yaml', 'link.yaml', 'module'].map((name) => `environments/odd/${name}`)].sort((a, b) =>
        Buffer.compare(Buffer.from(a), Buffer.from(b)),
      ),
    );
    for (const name of NAMES) {
      const file = files.find(({ path }) => path === `environments/odd/${name}`);
      expect(Buffer.from(file?.content ?? []).toString()).toBe(`name: ${name}\n`);
    }
    expect(large).toMatchObject({ kind: 'file', size: MAX_FILE_BYTES + 1, content: { length: 0 } });
    expect(files.find(({ path }) => path.endsWith('/link.yaml'))).toMatchObject({ kind: 'symlink', size: 15, content: { length: 0 } });
    expect(files.find(({ path }) => path.endsWith('/module'))).toMatchObject({ kind: 'submodule', content: { length: 0 } });
  });

  it('read of an older revision gives what was then, and of a directory that is not there nothing', async () => {
    await context.repository.head();
    const older = await context.repository.read(context.place.git('rev-parse', 'main~2'), 'environments');
    expect(older.map(({ path }) => path)).toEqual([REDIS]);
    expect(await context.repository.read(context.tip(), 'environments/nowhere')).toEqual([]);
    expect(await context.repository.read(context.tip(), 'environments/*')).toEqual([]);
    expect((await context.repository.read(context.tip(), '')).map(({ path }) => path)).toContain('README.md');
  });

  it('resolves what names a commit: an id or the start of one, the branch, and what came before it', async () => {
    const { repository, place } = context;
    const head = await repository.head();
    for (const name of [head, head.slice(0, 10), 'main', 'HEAD', '@']) expect(await repository.resolve(name)).toBe(head);
    for (const name of [`${head}~1`, 'main~1', 'main^', 'HEAD~']) {
      expect(await repository.resolve(name)).toBe(place.git('rev-parse', 'main~1'));
    }
  });

  it.each(['nowhere', 'main~999', '--all', '', 'main:README.md', 'mainstream~1'])('finds no commit in %j', async (name) => {
    await context.repository.head();
    expect(await caught(context.repository.resolve(name))).toMatchObject({
      outcome: 'terminal',
      message: expect.stringContaining(`Cannot find revision ${JSON.stringify(name)}`),
    });
  });

  it('blobs come in the order asked, again and again', async () => {
    const files = await context.repository.read(await context.repository.head(), 'environments');
    const asked = [...files.filter(({ kind: is, size }) => is === 'file' && size < MAX_FILE_BYTES)].reverse();
    const old = context.place.git('rev-parse', `main~1:${SHIP}`);
    const bytes = await context.repository.blobs([...asked.map(({ id }) => id), old, old]);
    expect(bytes.slice(0, -2)).toEqual(asked.map(({ content }) => content));
    expect(bytes.slice(-2).map((one) => Buffer.from(one).toString())).toEqual(['kind: Task\n', 'kind: Task\n']);
  });

  it('rejects an id that is not there or none at all, terminally', async () => {
    const head = await context.repository.head();
    for (const ask of [
      (id: string) => context.repository.read(id, 'environments'),
      (id: string) => context.repository.blobs([id]),
      (id: string) => context.repository.history(id, undefined, 'environments'),
      (id: string) => context.repository.history(head, id, 'environments'),
      (id: string) => context.repository.root(id),
    ]) {
      expect(await caught(ask('0123456789'.repeat(4)))).toMatchObject({ outcome: 'terminal' });
      expect(await caught(ask('--output=/tmp/x'))).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('no git id') });
    }
  });

  it('history has every commit once, oldest first, with messages to the byte and changes against the first parent', async () => {
    const commits = await context.repository.history(await context.repository.head(), undefined, 'environments');
    const id = (name: string) => context.place.git('rev-parse', name);
    expect(commits.map(({ message }) => message).sort()).toEqual(
      ['Begin\n', 'Read me\n', '\n\n  Ship ü\n\nbody\n\nTrailer: {"a":"b"}\n\n', 'Merge', 'Odd things\n'].sort(),
    );
    expect(commits[0]).toEqual({
      id: id('main~3'),
      parents: [],
      committedAtMs: 1_000_000,
      author: { name: 'Ada', email: 'ada@example.org' },
      message: 'Begin\n',
      changes: [{ path: REDIS, before: null, after: id(`main:${REDIS}`) }],
    });
    expect(commits.at(-2)).toMatchObject({
      parents: [id('main~2'), id('side')],
      changes: [{ path: SHIP, before: null, after: id(`main~1:${SHIP}`) }],
    });
    expect(commits.at(-1)?.changes).toHaveLength(NAMES.length + 5);
    expect(commits.at(-1)?.changes).toContainEqual({ path: SHIP, before: id(`main~1:${SHIP}`), after: null });
    const seen = new Set<string>();
    for (const commit of commits) {
      expect(commit.parents.every((parent) => seen.has(parent))).toBe(true);
      seen.add(commit.id);
    }
  });

  it('history from a revision leaves out what that one reaches', async () => {
    await context.repository.head();
    const since = async (from: string) =>
      (await context.repository.history(context.tip(), context.place.git('rev-parse', from), 'environments')).length;
    expect([await since('main'), await since('main~1'), await since('main~2')]).toEqual([0, 1, 3]);
  });

  it('root and isAncestor tell where a revision comes from', async () => {
    const head = await context.repository.head();
    const side = context.place.git('rev-parse', 'side');
    for (const name of ['main~1', 'main', 'main', 'side', 'main~3']) {
      const revision = context.place.git('rev-parse', name);
      expect(await context.repository.root(revision)).toBe(context.place.git('rev-parse', 'main~3'));
    }
    expect(await context.repository.isAncestor(side, head)).toBe(true);
    expect(await context.repository.isAncestor(context.place.git('rev-parse', 'main~1'), head)).toBe(true);
    expect(await context.repository.isAncestor(head, head)).toBe(true);
    expect(await context.repository.isAncestor(head, side)).toBe(false);
    expect(await context.repository.isAncestor('0123456789'.repeat(4), head)).toBe(false);
    expect(await context.repository.isAncestor(head, '0123456789'.repeat(4))).toBe(false);
  });

  it('takes another author, and keeps headers in order whatever a name holds', async () => {
    const author = { name: 'Eve\ncommitter X <x> 0 +0000', email: 'eve@>example.org' };
    const revision = await context.repository.commit([edit('replicas: 2\n')], {
      parent: await context.repository.head(),
      message: 'x',
      author,
    });
    expect(context.place.git('log', '-1', '--format=%an|%ae|%cn|%B', revision)).toBe(
      'Evecommitter X x 0 +0000|eve@example.org|rotterdam-sync|x',
    );
    context.expectTidy();
  });

  it('refuses edits that change nothing or lead where they must not, and changes nothing', async () => {
    const parent = await context.repository.head();
    for (const { edits, says, reason } of [
      { edits: [], says: 'change nothing', reason: 'no edits' },
      { edits: [edit('replicas: 1\n')], says: 'change nothing', reason: 'the same bytes' },
      { edits: [edit(null, 'environments/none')], says: 'change nothing', reason: 'nothing to remove' },
      { edits: [edit('a'), edit('b')], says: 'two edits touch', reason: 'one file twice' },
      { edits: [edit('a', '../x')], says: 'no path inside', reason: 'out of the repository' },
      { edits: [edit('a', '/etc/x')], says: 'no path inside', reason: 'absolute' },
      { edits: [edit('a', '.GIT/config')], says: 'no path inside', reason: "git's own" },
      { edits: [edit('a', 'environments')], says: 'is a folder', reason: 'a folder' },
      { edits: [edit('a', 'environments/odd/link.yaml')], says: 'symbolic link', reason: 'a link is never followed' },
      { edits: [edit('a', 'environments/odd/link.yaml/x')], says: 'leads through', reason: 'nor a path through one' },
      { edits: [edit('a', 'environments/odd/module')], says: 'submodule', reason: 'a submodule' },
    ]) {
      const failure = await caught(context.repository.commit(edits, { parent, message: 'x' }));
      expect(failure, reason).toMatchObject({ outcome: 'terminal', message: expect.stringContaining(says) });
    }
    expect(context.tip()).toBe(parent);
    context.expectTidy();
  });

  it('leaves out edits that change nothing', async () => {
    const parent = await context.repository.head();
    const edits = [edit('replicas: 1\n'), edit('x', 'environments/new.yaml')];
    const revision = await context.repository.commit(edits, { parent, message: 'x' });
    expect(context.place.git('diff', '--name-only', parent, revision)).toBe('environments/new.yaml');
  });

  it('works again after the cache was deleted or damaged', async () => {
    const head = await context.repository.head();
    const before = await context.repository.read(head, 'environments');
    const cache = context.place.options.cacheDirectory;
    rmSync(cache, { recursive: true, force: true });
    expect(await context.repository.read(head, 'environments')).toEqual(before);
    rmSync(cache, { recursive: true, force: true });
    const revision = await context.repository.commit([edit('replicas: 2\n')], { parent: head, message: 'x' });
    if (existsSync(cache))
      for (const clone of readdirSync(cache)) {
        rmSync(join(cache, clone, 'objects'), { recursive: true });
        mkdirSync(join(cache, clone, 'objects'));
      }
    expect(await context.repository.head()).toBe(revision);
    expect(await context.repository.history(revision, head, '')).toHaveLength(1);
  });
}
