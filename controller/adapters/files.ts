import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_FILE_BYTES, type SourceFile } from '../../synth/source.ts';
import { Failure, systemWords } from '../errors.ts';

const NOTHING = new Uint8Array();

/**
 * The files below `environments/` of a folder, as a commit of them would hold them (but for conversions of line ends), in git's order.
 * A folder without `environments/` has none. Rejects with a Failure when the folder can't be read.
 */
export async function readFolder(root: string): Promise<readonly SourceFile[]> {
  try {
    await lstat(root);
    const files = await readPath(root, 'environments');
    return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  } catch (cause) {
    throw new Failure('terminal', `Cannot read folder ${root}: ${systemWords(cause)}`, { cause });
  }
}

async function readPath(root: string, path: string): Promise<SourceFile[]> {
  const found = await lstat(join(root, path)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && path === 'environments') return undefined;
    throw error;
  });
  if (found?.isDirectory()) return readDirectory(root, path);
  if (found?.isSymbolicLink()) return [await readLink(root, path)];
  return found?.isFile() ? [await readOne(root, path, found.size)] : [];
}

async function readDirectory(root: string, path: string): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const name of await readdir(join(root, path))) files.push(...(await readPath(root, `${path}/${name}`)));
  return files;
}

async function readLink(root: string, path: string): Promise<SourceFile> {
  const target = await readlink(join(root, path), { encoding: 'buffer' });
  return { path, id: blobId(target), kind: 'symlink', size: target.length, content: NOTHING };
}

async function readOne(root: string, path: string, size: number): Promise<SourceFile> {
  if (size > MAX_FILE_BYTES) return { path, id: await blobIdOf(join(root, path), size), kind: 'file', size, content: NOTHING };
  const content = await readFile(join(root, path));
  return { path, id: blobId(content), kind: 'file', size: content.length, content };
}

function blobId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

async function blobIdOf(file: string, size: number): Promise<string> {
  const hash = createHash('sha1').update(`blob ${size}\0`);
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}
