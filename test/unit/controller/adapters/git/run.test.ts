import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Batch } from '../../../../../controller/adapters/git/batch.ts';
import { git } from '../../../../../controller/adapters/git/run.ts';
import { fakeGit } from '../../../../support/fake-git.ts';

let folder: string;
let restore = () => {};
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rotterdam-run-'));
  await git(['init', '--quiet', '--bare', '.'], { cwd: folder });
});
afterEach(() => {
  restore();
  restore = () => {};
  rmSync(folder, { recursive: true, force: true });
});

function isRunning(pid: number): boolean {
  try {
    // A process that ended and waits for its parent still answers to a signal.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') !== true;
  } catch {
    return false;
  }
}

describe('git', () => {
  it('gives exit code, output and errors, and takes input', async () => {
    const hashed = await git(['hash-object', '--stdin'], { gitDir: folder, input: 'x' });
    expect([hashed.code, hashed.stdout.toString()]).toEqual([0, 'c1b0730e0133447badcfd47fd144e254807b06e1\n']);
    expect(await git(['nonsense'], { gitDir: folder })).toMatchObject({ code: 1, stderr: expect.stringContaining('is not a git command') });
  });

  it.each([
    { how: 'an abort', call: (signal: AbortSignal) => ({ signal }), says: 'enough' },
    { how: 'its timeout', call: () => ({ timeoutMs: 400 }), says: 'Cannot wait for git slow longer than 400 ms' },
  ])('ends git and what it started at $how', async ({ call, says }) => {
    const pids = join(folder, 'pids');
    restore = fakeGit('slow', `sleep 100 & echo $$ $! > '${pids}.new'; mv '${pids}.new' '${pids}'; wait`);
    const stop = new AbortController();
    const running = git(['slow'], { cwd: folder, ...call(stop.signal) });
    const rejected = expect(running).rejects.toThrow(says);
    await vi.waitFor(() => expect(existsSync(pids)).toBe(true));
    stop.abort(new Error('enough'));
    await rejected;
    const started = readFileSync(pids, 'utf8').trim().split(' ').map(Number);
    expect(started).toHaveLength(2);
    await vi.waitFor(() => expect(started.filter(isRunning)).toEqual([]));
  });

  it('says so when there is no git', async () => {
    const { PATH } = process.env;
    restore = () => {
      process.env.PATH = PATH;
    };
    process.env.PATH = folder;
    await expect(git(['version'], {})).rejects.toMatchObject({ outcome: 'terminal', message: expect.stringContaining('Cannot run git') });
  });
});

describe('Batch', () => {
  async function blob(text: string): Promise<string> {
    return (await git(['hash-object', '-w', '--stdin'], { gitDir: folder, input: text })).stdout.toString().trim();
  }

  it('asks again where the process died, and goes on with another', async () => {
    const ids = [await blob('one'), await blob('two'), await blob('three')];
    restore = fakeGit('cat-file', 'read -r name; printf "%s\\n" "$name" | "$GIT" "$@"; exit 1');
    const batch = new Batch(folder);
    const texts = async () =>
      (await Promise.all(ids.map((id) => batch.ask([id])))).map(([object]) => Buffer.from(object?.content ?? []).toString());
    await expect(texts()).rejects.toMatchObject({ outcome: 'transient' });
    for (const id of ids) expect((await batch.ask([id]))[0]?.id).toBe(id);
    batch.close();
  });

  it('rejects with what git said when it dies each time', async () => {
    restore = fakeGit('cat-file', 'echo "fatal: packed object is corrupt" >&2; exit 128');
    const batch = new Batch(folder);
    await expect(batch.ask(['refs/heads/main'])).rejects.toMatchObject({
      outcome: 'transient',
      message: expect.stringContaining('is corrupt'),
    });
  });

  it('answers after it was closed, by another process', async () => {
    const id = await blob('one');
    const batch = new Batch(folder);
    await batch.ask([id]);
    const waiting = batch.ask([id]);
    batch.close();
    expect((await waiting)[0]?.id).toBe(id);
    expect((await batch.ask([id, '0'.repeat(40)])).map((object) => object?.id)).toEqual([id, undefined]);
    batch.close();
  });
});
