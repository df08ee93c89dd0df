import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFolder } from '../../../../controller/adapters/files.ts';
import { MAX_FILE_BYTES } from '../../../../synth/source.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rotterdam-files-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

describe('readFolder', () => {
  it('lists what is below environments/ with the ids and the order of git', async () => {
    const bytes = Uint8Array.of(0, 255, 10);
    write('environments/b/tasks/é.yaml', 'kind: Task\n');
    write('environments/b/tasks/\u{1f6a2}.yaml', '');
    write('environments/b/tasks/\uffee.yaml', bytes);
    write('environments/b.txt', 'x');
    write('README.md', 'not desired state');
    symlinkSync('/etc/passwd', join(root, 'environments/b/link.yaml'));
    const files = await readFolder(root);
    execFileSync('git', ['init', '-q', root]);
    execFileSync('git', ['-C', root, 'add', '.']);
    const staged = execFileSync('git', ['-C', root, 'ls-files', '-s', '-z', 'environments'], { encoding: 'utf8' });
    expect(files.map(({ path, id, kind }) => `${kind === 'symlink' ? 120000 : 100644} ${id} 0\t${path}\0`).join('')).toBe(staged);
    expect(files.find(({ path }) => path.includes('\uffee'))?.content).toEqual(Buffer.from(bytes));
  });

  it('never follows a symbolic link', async () => {
    write('outside/secret.yaml', 'password');
    write('environments/x', '');
    symlinkSync('../outside', join(root, 'environments/linked'));
    symlinkSync('.', join(root, 'environments/loop'));
    const files = await readFolder(root);
    expect(files.map(({ path, kind, size, content }) => [path, kind, size, content.length])).toEqual([
      ['environments/linked', 'symlink', 10, 0],
      ['environments/loop', 'symlink', 1, 0],
      ['environments/x', 'file', 0, 0],
    ]);
  });

  it('lists environments itself as a link when it is one', async () => {
    symlinkSync('/etc', join(root, 'environments'));
    expect(await readFolder(root)).toMatchObject([{ path: 'environments', kind: 'symlink' }]);
  });

  it.each([
    { size: MAX_FILE_BYTES, loaded: MAX_FILE_BYTES, reason: 'the limit itself is allowed' },
    { size: MAX_FILE_BYTES + 1, loaded: 0, reason: 'more is listed, not loaded' },
  ])('keeps $loaded of $size bytes: $reason', async ({ size, loaded }) => {
    write('environments/large', 'x'.repeat(size));
    const [file] = await readFolder(root);
    expect([file?.size, file?.content.length]).toEqual([size, loaded]);
    const id = execFileSync('git', ['hash-object', join(root, 'environments/large')], { encoding: 'utf8' });
    expect(file?.id).toBe(id.trim());
  });

  it('has no files without environments/, and says so when the folder is missing', async () => {
    expect(await readFolder(root)).toEqual([]);
    await expect(readFolder(join(root, 'none'))).rejects.toMatchObject({
      outcome: 'terminal',
      message: expect.stringContaining(`Cannot read folder ${join(root, 'none')}: no such file or directory`),
    });
  });
});
