import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openRepository } from '../../controller/adapters/git/repository.ts';
import { ConflictError, type Failure } from '../../controller/errors.ts';
import type { Repository } from '../../controller/ports.ts';
import { MAX_FILE_BYTES } from '../../synth/source.ts';
import { type Kind, makeTemplate, NAMES, NOW_MS, type Place, removeTemplate, TOKEN, tryGit } from './repository-places.ts';

const REDIS = 'environments/city/tasks/redis.yaml';
const SHIP = 'environments/city/tasks/ship.yaml';

/** What every implementation of Repository keeps, wherever the branch is. */
export function repositoryContract(kind: Kind): void {
  let folder: string;
  let template: string;
  let place: Place;
  let repository: Repository;
  const opened: Repository[] = [];

  async function open(changes: Partial<Place['options']> = {}): Promise<Repository> {
    const one = await openRepository({ ...place.options, ...changes });
    opened.push(one);
    return one;
  }

  beforeAll(async () => {
    ({ folder, template } = makeTemplate());
    await kind.start?.(folder);
  });
  beforeEach(async () => {
    place = kind.place(mkdtempSync(join(folder, 'one-')), template);
    repository = await open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });
  afterAll(() => {
    kind.stop?.();
    removeTemplate(folder);
  });

  const tip = () => place.git('rev-parse', 'refs/heads/main');
  const shown = (path: string, revision = 'refs/heads/main') => place.git('show', `${revision}:${path}`);
  const edit = (content: string | null, path = REDIS) => ({ path, content });

  async function caught(attempt: Promise<unknown>): Promise<Failure> {
    return attempt.then(
      () => expect.fail('It should have been rejected'),
      (error) => error,
    );
  }

  /** Nothing but the branch is left behind, and the files are what the branch says, but for `dirty`. */
  function expectTidy(dirty = ''): void {
    expect(place.git('for-each-ref', '--format=%(refname)', 'refs/rotterdam/')).toBe('');
    expect(place.git('fsck', '--strict', '--no-dangling', '--connectivity-only')).toBe('');
    if (place.workTree) expect(tryGit(place.workTree, 'status', '--porcelain', '--ignore-submodules').stdout).toBe(dirty);
  }

  describe('reading', () => {
    it('head is the tip, and follows it', async () => {
      expect(await repository.head()).toBe(tip());
      place.git('update-ref', 'refs/heads/main', `${tip()}~1`);
      expect(await repository.head()).toBe(tip());
    });

    it('head rejects a branch that is not there, terminally, by its name', async () => {
      const failure = await caught((await open({ branch: 'feature/none' })).head());
      expect(failure).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('Cannot find branch feature/none in ') });
    });

    it('read lists files below the directory in order, with what they hold', async () => {
      const files = await repository.read(await repository.head(), 'environments');
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
      expect(large).toMatchObject({ kind: 'file', size: 10 * MAX_FILE_BYTES, content: { length: 0 } });
      expect(files.find(({ path }) => path.endsWith('/link.yaml'))).toMatchObject({ kind: 'symlink', size: 15, content: { length: 0 } });
      expect(files.find(({ path }) => path.endsWith('/module'))).toMatchObject({ kind: 'submodule', content: { length: 0 } });
    });

    it('read of an older revision gives what was then, and of a directory that is not there nothing', async () => {
      await repository.head();
      const older = await repository.read(place.git('rev-parse', 'main~2'), 'environments');
      expect(older.map(({ path }) => path)).toEqual([REDIS]);
      expect(await repository.read(tip(), 'environments/nowhere')).toEqual([]);
      expect(await repository.read(tip(), 'environments/*')).toEqual([]);
      expect((await repository.read(tip(), '')).map(({ path }) => path)).toContain('README.md');
    });

    it('blobs come in the order asked, again and again', async () => {
      const files = await repository.read(await repository.head(), 'environments');
      const asked = [...files.filter(({ kind: is, size }) => is === 'file' && size < MAX_FILE_BYTES)].reverse();
      const old = place.git('rev-parse', `main~1:${SHIP}`);
      const bytes = await repository.blobs([...asked.map(({ id }) => id), old, old]);
      expect(bytes.slice(0, -2)).toEqual(asked.map(({ content }) => content));
      expect(bytes.slice(-2).map((one) => Buffer.from(one).toString())).toEqual(['kind: Task\n', 'kind: Task\n']);
    });

    it.each([
      ['read', (id: string) => repository.read(id, 'environments')],
      ['blobs', (id: string) => repository.blobs([id])],
      ['history', (id: string) => repository.history(id, undefined, 'environments')],
      ['root', (id: string) => repository.root(id)],
    ])('%s rejects what is not there, terminally', async (_, ask) => {
      await repository.head();
      expect(await caught(ask('0123456789'.repeat(4)))).toMatchObject({ outcome: 'terminal' });
      expect(await caught(ask('--output=/tmp/x'))).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('no git id') });
    });

    it('history has every commit once, oldest first, with messages to the byte and changes against the first parent', async () => {
      const commits = await repository.history(await repository.head(), undefined, 'environments');
      const id = (name: string) => place.git('rev-parse', name);
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
      await repository.head();
      const since = async (from: string) => (await repository.history(tip(), place.git('rev-parse', from), 'environments')).length;
      expect([await since('main'), await since('main~1'), await since('main~2')]).toEqual([0, 1, 3]);
    });

    it('root and isAncestor tell where a revision comes from', async () => {
      const head = await repository.head();
      const side = place.git('rev-parse', 'side');
      expect(await repository.root(head)).toBe(place.git('rev-parse', 'main~3'));
      expect(await repository.isAncestor(side, head)).toBe(true);
      expect(await repository.isAncestor(head, head)).toBe(true);
      expect(await repository.isAncestor(head, side)).toBe(false);
      expect(await repository.isAncestor('0123456789'.repeat(4), head)).toBe(false);
    });

    it('stops when it is told to', async () => {
      const stopped = AbortSignal.abort(new Error('enough'));
      const head = await repository.head();
      for (const attempt of [
        repository.read(head, 'environments', stopped),
        repository.history(head, undefined, '', stopped),
        repository.commit([edit('replicas: 2\n')], { parent: head, message: 'x' }, stopped),
      ]) {
        expect(await caught(attempt)).toMatchObject({ message: 'enough' });
      }
      expect(tip()).toBe(head);
    });
  });

  describe('commit', () => {
    it('writes all edits as one commit by rotterdam-sync, at the time of the clock, and moves the branch', async () => {
      const parent = await repository.head();
      const message = 'Scale redis ü\n\nRotterdam-Decision: {"id":"1"}\n';
      const odd = NAMES.map((name) => edit('new\n', `environments/new/${name}`));
      const edits = [edit('replicas: 2\n'), edit(null, 'environments/odd/empty.yaml'), ...odd];
      const revision = await repository.commit(edits, { parent, message });
      expect(tip()).toBe(revision);
      expect(await repository.head()).toBe(revision);
      expect(place.git('log', '-1', '--format=%P|%an|%ae|%cn|%ce|%at|%ct', revision)).toBe(
        `${parent}|rotterdam-sync|rotterdam-sync@localhost|rotterdam-sync|rotterdam-sync@localhost|${NOW_MS / 1000}|${NOW_MS / 1000}`,
      );
      const [commit] = await repository.history(revision, parent, 'environments');
      expect(commit).toMatchObject({ message, committedAtMs: NOW_MS });
      expect(commit?.changes.map(({ path }) => path).sort()).toEqual(edits.map(({ path }) => path).sort());
      expect(place.git('ls-tree', revision, REDIS)).toMatch(/^100755 blob/);
      expect(shown(REDIS)).toBe('replicas: 2');
      expect(shown('README.md')).toBe('read me again');
      if (place.workTree) expect(readFileSync(join(place.workTree, 'environments/new', NAMES[0] ?? ''), 'utf8')).toBe('new\n');
      expectTidy();
    });

    it('takes another author, and keeps headers in order whatever a name holds', async () => {
      const author = { name: 'Eve\ncommitter X <x> 0 +0000', email: 'eve@>example.org' };
      const revision = await repository.commit([edit('replicas: 2\n')], { parent: await repository.head(), message: 'x', author });
      expect(place.git('log', '-1', '--format=%an|%ae|%cn|%B', revision)).toBe('Evecommitter X x 0 +0000|eve@example.org|rotterdam-sync|x');
      expectTidy();
    });

    it.each([
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
    ])('refuses $reason', async ({ edits, says }) => {
      const parent = await repository.head();
      const failure = await caught(repository.commit(edits, { parent, message: 'x' }));
      expect(failure).toMatchObject({ outcome: 'terminal', message: expect.stringContaining(says) });
      expect(tip()).toBe(parent);
      expectTidy();
    });

    it('leaves out edits that change nothing', async () => {
      const parent = await repository.head();
      const edits = [edit('replicas: 1\n'), edit('x', 'environments/new.yaml')];
      const revision = await repository.commit(edits, { parent, message: 'x' });
      expect(place.git('diff', '--name-only', parent, revision)).toBe('environments/new.yaml');
    });

    it('rejects with ConflictError when somebody was faster, and changes nothing', async () => {
      const parent = await repository.head();
      const other = await open();
      await other.head();
      const first = await other.commit([edit('replicas: 7\n')], { parent, message: 'first' });
      for (const path of [REDIS, 'environments/another.yaml']) {
        const failure = await caught(repository.commit([edit('replicas: 8\n', path)], { parent, message: 'second' }));
        expect(failure).toBeInstanceOf(ConflictError);
      }
      expect(tip()).toBe(first);
      expect(await repository.head()).toBe(first);
      expectTidy();
    });

    it('rejects with ConflictError when the branch went back', async () => {
      const parent = await repository.head();
      place.git('update-ref', 'refs/heads/main', `${parent}~1`);
      expect(await caught(repository.commit([edit('x')], { parent, message: 'x' }))).toBeInstanceOf(ConflictError);
      expect(tip()).toBe(place.git('rev-parse', `${parent}~1`));
    });

    it('loses no commit of two who commit at once and try again', async () => {
      async function committer(name: string): Promise<void> {
        const own = await open();
        for (let n = 0; n < 3; ) {
          const parent = await own.head();
          const done = await own
            .commit([edit(`${n}\n`, `environments/${name}-${n}.yaml`)], { parent, message: `${name} ${n}` })
            .catch((error) => {
              expect(['transient', 'waiting']).toContain(error.outcome);
            });
          if (done) n += 1;
        }
      }
      const before = await repository.head();
      await Promise.all([committer('a'), committer('b')]);
      const after = await repository.history(await repository.head(), before, 'environments');
      expect(after.map(({ message }) => message.trim()).sort()).toEqual(['a 0', 'a 1', 'a 2', 'b 0', 'b 1', 'b 2']);
      expect(after.every(({ parents, changes }) => parents.length === 1 && changes.length === 1)).toBe(true);
      expectTidy();
    });
  });

  describe('a work tree', () => {
    const file = (path: string) => join(place.workTree ?? '', path);

    it('is refused where a touched file has uncommitted changes, and stays as it is', async ({ skip }) => {
      if (!place.workTree) return skip();
      const parent = await repository.head();
      writeFileSync(file(REDIS), 'mine\n');
      const status = tryGit(place.workTree, 'status', '--porcelain', '--ignore-submodules').stdout;
      const edits = [edit('replicas: 2\n'), edit('x', 'environments/a.yaml'), edit(null, 'environments/odd/empty.yaml')];
      const failure = await caught(repository.commit(edits, { parent, message: 'x' }));
      expect(failure).toMatchObject({ outcome: 'waiting', message: expect.stringContaining(`Cannot write ${REDIS}`) });
      expect(failure.afterMs).toBeGreaterThan(0);
      expect([tip(), readFileSync(file(REDIS), 'utf8'), existsSync(file('environments/a.yaml'))]).toEqual([parent, 'mine\n', false]);
      expect(existsSync(file('environments/odd/empty.yaml'))).toBe(true);
      expectTidy(status);
    });

    it('is refused where an untracked file is in the way', async ({ skip }) => {
      if (!place.workTree) return skip();
      writeFileSync(file('environments/new.yaml'), 'mine\n');
      const attempt = repository.commit([edit('x', 'environments/new.yaml')], { parent: await repository.head(), message: 'x' });
      expect(await caught(attempt)).toMatchObject({ outcome: 'waiting', message: expect.stringContaining('environments/new.yaml') });
      expect(readFileSync(file('environments/new.yaml'), 'utf8')).toBe('mine\n');
    });

    it('keeps what is changed, staged or untracked elsewhere', async ({ skip }) => {
      if (!place.workTree) return skip();
      writeFileSync(file('README.md'), 'mine\n');
      writeFileSync(file('environments/staged.yaml'), 'mine\n');
      tryGit(place.workTree, 'add', 'environments/staged.yaml');
      writeFileSync(file('untracked'), 'mine\n');
      await repository.commit([edit('replicas: 2\n')], { parent: await repository.head(), message: 'x' });
      expect(readFileSync(file(REDIS), 'utf8')).toBe('replicas: 2\n');
      expect(statSync(file(REDIS)).mode & 0o111).not.toBe(0);
      expectTidy(' M README.md\nA  environments/staged.yaml\n?? untracked\n');
    });

    it('takes a file that was only touched for unchanged', async ({ skip }) => {
      if (!place.workTree) return skip();
      utimesSync(file(REDIS), 1, 1);
      await repository.commit([edit('replicas: 2\n')], { parent: await repository.head(), message: 'x' });
      expectTidy();
    });
  });

  it('watch calls back when the branch moves, and no more when it was stopped', async ({ skip }) => {
    if (/:\/\//.test(place.options.location)) return skip();
    const calls: (() => void)[] = [];
    const called = () => new Promise<void>((resolve) => calls.push(resolve));
    const stop = repository.watch(() => {
      for (const call of calls.splice(0)) call();
    });
    const parent = await repository.head();
    const moved = called();
    const revision = await (await open()).commit([edit('replicas: 2\n')], { parent, message: 'x' });
    await moved;
    const packed = called();
    place.git('pack-refs', '--all');
    await packed;
    const unpacked = called();
    place.git('update-ref', 'refs/heads/main', parent);
    await unpacked;
    stop();
    place.git('update-ref', 'refs/heads/main', revision);
  });

  it('shows no credentials in any message', async () => {
    if (place.options.secret === undefined) return;
    const gone = await open({ location: `${place.options.location}-gone` });
    const branchless = await open({ branch: 'none' });
    for (const attempt of [gone.head(), branchless.head()]) expect(String(await caught(attempt))).not.toContain(TOKEN);
  });

  it('says that a repository is not there, terminally', async () => {
    const attempt = open({ location: `${place.options.location}-gone` }).then((gone) => gone.head());
    expect(await caught(attempt)).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('-gone') });
  });

  it('works again after the cache was deleted or damaged', async () => {
    const head = await repository.head();
    const before = await repository.read(head, 'environments');
    const cache = place.options.cacheDirectory;
    rmSync(cache, { recursive: true, force: true });
    expect(await repository.read(head, 'environments')).toEqual(before);
    rmSync(cache, { recursive: true, force: true });
    const revision = await repository.commit([edit('replicas: 2\n')], { parent: head, message: 'x' });
    if (existsSync(cache)) for (const clone of readdirSync(cache)) rmSync(join(cache, clone, 'objects/pack'), { recursive: true });
    expect(await repository.head()).toBe(revision);
    expect(await repository.history(revision, head, '')).toHaveLength(1);
  });
}
