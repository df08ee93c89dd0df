import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRepository, type RepositoryOptions } from '../../../../../controller/adapters/git/repository.ts';
import { ConflictError } from '../../../../../controller/errors.ts';
import type { Repository } from '../../../../../controller/ports.ts';
import { fakeGit } from '../../../../support/fake-git.ts';

const FILE = 'environments/city/a.yaml';
const clock = { now: () => 1_700_000_000_000, sleep: async () => undefined };

let folder: string;
let tree: string;
let restore: () => void;
const opened: Repository[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rotterdam-trouble-'));
  tree = join(folder, 'tree');
  mkdirSync(join(tree, 'environments/city'), { recursive: true });
  writeFileSync(join(tree, FILE), 'one\n');
  writeFileSync(join(tree, 'environments/city/gone.yaml'), 'gone\n');
  git(['init', '-q', '--initial-branch=main', '--template=']);
  git(['add', '.']);
  git(['commit', '-qm', 'one']);
  restore = () => {};
});
afterEach(async () => {
  restore();
  await Promise.all(opened.splice(0).map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

function git(args: readonly string[], cwd = tree): string {
  const identity = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
  return execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();
}

async function open(options: Partial<RepositoryOptions> = {}): Promise<Repository> {
  const one = await openRepository({ location: tree, branch: 'main', cacheDirectory: join(folder, 'cache'), clock, ...options });
  opened.push(one);
  return one;
}

function terminal(...says: string[]) {
  return { outcome: 'terminal', message: expect.stringMatching(new RegExp(says.join('.*'))) };
}

describe('openRepository', () => {
  it.each([
    { location: 'none', says: 'there is no such folder', reason: 'nothing there' },
    { location: '.', says: 'not a git repository', reason: 'no repository' },
    {
      location: 'tree/environments',
      says: 'not a git repository',
      reason: 'a folder inside of one, whose environments would be elsewhere',
    },
    { location: 'tree/environments/city/a.yaml', says: 'there is no such folder', reason: 'a file' },
  ])('rejects $reason', async ({ location, says }) => {
    await expect(open({ location: join(folder, location) })).rejects.toMatchObject(terminal(location, says));
  });

  it.each([{ branch: '--force' }, { branch: 'refs/heads/../x' }, { location: 'ext::sh -c whoami' }, { location: '--bare' }])(
    'rejects %j before git sees it',
    async (options) => {
      restore = fakeGit('rev-parse', 'touch "$PWD/seen"; exit 1');
      await expect(open(options)).rejects.toMatchObject({ outcome: 'terminal' });
    },
  );

  it('rejects a shallow clone and names the fix', async () => {
    git(['commit', '-q', '--allow-empty', '-m', 'two']);
    git(['clone', '-q', '--depth=1', `file://${tree}`, join(folder, 'shallow')]);
    const sentence = terminal('shallow clone', 'run git fetch --unshallow there');
    await expect(open({ location: join(folder, 'shallow') })).rejects.toMatchObject(sentence);
    const remote = await open({ location: `file://${join(folder, 'shallow')}` });
    await expect(remote.head()).rejects.toMatchObject(sentence);
  });

  it('tells an empty repository from one without the branch', async () => {
    git(['init', '-q', '--bare', join(folder, 'empty.git')]);
    await expect((await open({ location: join(folder, 'empty.git') })).head()).rejects.toMatchObject(terminal('it has no commit yet'));
    await expect((await open({ branch: 'none' })).head()).rejects.toMatchObject(terminal('branches are main'));
    const remote = await open({ location: `file://${join(folder, 'empty.git')}` });
    await expect(remote.head()).rejects.toMatchObject(terminal('Cannot find branch main'));
  });

  it('asks nothing of a remote until head, and backs off from one that does not answer', async () => {
    const remote = await open({ location: 'http://127.0.0.1:1/a.git' });
    await expect(remote.head()).rejects.toMatchObject({
      outcome: 'transient',
      message: expect.stringContaining('http://127.0.0.1:1/a.git'),
    });
  });

  it('works where .git is a file', async () => {
    git(['init', '-q', `--separate-git-dir=${join(folder, 'elsewhere')}`]);
    const repository = await open();
    await repository.commit([{ path: FILE, content: 'two\n' }], { parent: await repository.head(), message: 'x' });
    expect([readFileSync(join(tree, FILE), 'utf8'), git(['status', '--porcelain'])]).toEqual(['two\n', '']);
  });

  it('never gives a token to a command line', async () => {
    const log = join(folder, 'argv');
    restore = fakeGit('fetch', `echo "$@" >> '${log}'; env >> '${log}.env'`);
    const secrets = { read: async () => 'hunter2', path: async () => '', watch: () => () => undefined };
    const remote = await open({ location: 'http://127.0.0.1:1/a.git', secrets, secret: 'origin' });
    await expect(remote.head()).rejects.toThrow('127.0.0.1');
    const basic = Buffer.from('x-access-token:hunter2').toString('base64');
    expect(readFileSync(`${log}.env`, 'utf8')).toContain(basic);
    expect(readFileSync(log, 'utf8')).not.toMatch(new RegExp(`hunter2|${basic}`));
  });
});

describe('a commit that fails', () => {
  const edits = [
    { path: FILE, content: 'two\n' },
    { path: 'environments/city/gone.yaml', content: null },
    { path: 'environments/city/new.yaml', content: 'new\n' },
  ];
  const FULL = 'echo "fatal: write error: No space left on device" >&2; exit 128';
  const HALF = `echo half > ${FILE}; rm environments/city/gone.yaml; echo ha > environments/city/new.yaml; echo "error: unable to write file ${FILE}: No space left on device" >&2; exit 128`;

  it.each([
    {
      command: 'fast-import',
      script: `touch "$GIT_DIR/fast_import_crash_7"; echo "fast-import: dumping crash report to $GIT_DIR/fast_import_crash_7" >&2; touch "$GIT_DIR/objects/pack/tmp_pack_1"; ${FULL}`,
    },
    { command: 'update-ref', script: `case "$*" in *stdin*) ${FULL};; esac` },
    { command: 'read-tree', script: FULL },
    { command: 'read-tree', script: HALF },
  ])('leaves everything as it was when the disk is full at $command', async ({ command, script }) => {
    const repository = await open();
    const parent = await repository.head();
    restore = fakeGit(command, script);
    const failure = await repository.commit(edits, { parent, message: 'x' }).catch((error) => error);
    restore();
    expect(failure).not.toBeInstanceOf(ConflictError);
    expect(failure).toMatchObject({ outcome: 'transient', message: expect.stringMatching(/Cannot .*No space left on device/) });
    expect([git(['rev-parse', 'main']), git(['status', '--porcelain']), git(['for-each-ref', 'refs/rotterdam'])]).toEqual([parent, '', '']);
    expect(readdirSync(join(tree, '.git'), { recursive: true }).filter((name) => /crash|lock|tmp_/.test(String(name)))).toEqual([]);
    expect(await repository.commit(edits, { parent, message: 'again' })).toBe(git(['rev-parse', 'main']));
  });

  it('takes the files back when the branch is lost at the last moment', async () => {
    const repository = await open();
    const parent = await repository.head();
    const lock = join(tree, '.git/refs/heads/main.lock');
    writeFileSync(lock, '');
    const failure = await repository.commit(edits, { parent, message: 'x' }).catch((error) => error);
    rmSync(lock);
    expect(failure).toBeInstanceOf(ConflictError);
    expect([git(['rev-parse', 'main']), git(['status', '--porcelain']), git(['for-each-ref', 'refs/rotterdam'])]).toEqual([parent, '', '']);
    expect(readFileSync(join(tree, FILE), 'utf8')).toBe('one\n');
  });

  it('waits while a person holds the index', async () => {
    const repository = await open();
    writeFileSync(join(tree, '.git/index.lock'), '');
    const attempt = repository.commit(edits, { parent: await repository.head(), message: 'x' });
    await expect(attempt).rejects.toMatchObject({ outcome: 'waiting', message: expect.stringContaining('index.lock') });
    rmSync(join(tree, '.git/index.lock'));
    expect(git(['status', '--porcelain'])).toBe('');
  });
});

describe('a killed process', () => {
  const DEAD = `refs/rotterdam/${2 ** 22 + 1}-abc`;
  const OURS = `refs/rotterdam/${process.pid}-abc`;

  function half(ref: string): { parent: string; draft: string } {
    const parent = git(['rev-parse', 'main']);
    writeFileSync(join(tree, FILE), 'two\n');
    writeFileSync(join(tree, 'environments/new.yaml'), 'new\n');
    git(['add', '.']);
    const draft = git(['commit-tree', '-p', parent, '-m', 'x', git(['write-tree'])]);
    git(['reset', '-q', '--hard', parent]);
    git(['update-ref', ref, draft]);
    return { parent, draft };
  }

  it.each([
    { ref: DEAD, reason: 'its id belongs to nobody' },
    { ref: OURS, reason: 'its id is ours, as after a restart in a container' },
  ])('has its half a commit undone ($reason)', async ({ ref }) => {
    const { parent, draft } = half(ref);
    git(['read-tree', '-m', '-u', parent, draft]);
    expect(readFileSync(join(tree, FILE), 'utf8')).toBe('two\n');
    await open();
    expect([git(['status', '--porcelain']), git(['for-each-ref', 'refs/rotterdam'])]).toEqual(['', '']);
    expect([readFileSync(join(tree, FILE), 'utf8'), existsSync(join(tree, 'environments/new.yaml'))]).toEqual(['one\n', false]);
  });

  it('leaves nothing to undo before the files or after the branch moved', async () => {
    const { parent, draft } = half(DEAD);
    await open();
    expect([git(['status', '--porcelain']), git(['for-each-ref', 'refs/rotterdam'])]).toEqual(['', '']);
    git(['update-ref', DEAD, draft]);
    git(['read-tree', '-m', '-u', parent, draft]);
    git(['update-ref', 'refs/heads/main', draft]);
    expect(await (await open()).head()).toBe(draft);
    expect([git(['status', '--porcelain']), git(['for-each-ref', 'refs/rotterdam'])]).toEqual(['', '']);
  });

  it('that lives is left alone', async () => {
    const ref = `refs/rotterdam/${process.ppid}-abc`;
    const { parent, draft } = half(ref);
    git(['read-tree', '-m', '-u', parent, draft]);
    await open();
    expect(git(['rev-parse', ref])).toBe(draft);
    expect(readFileSync(join(tree, FILE), 'utf8')).toBe('two\n');
  });
});
