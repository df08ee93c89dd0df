import { createHash } from 'node:crypto';

/** A file under `environments/`, as git or a folder holds it. Equal ids mean equal bytes. */
export interface SourceFile {
  /** From the repository's root, with `/`: `environments/city/tasks/redis.yaml`. */
  readonly path: string;
  /** git's id of the blob. */
  readonly id: string;
  /** Symlinks and submodules are listed, never followed. */
  readonly kind: 'file' | 'symlink' | 'submodule';
  readonly size: number;
  /** Empty for what is not a file, or is larger than {@link MAX_FILE_BYTES}. */
  readonly content: Uint8Array;
}

export const MAX_FILE_BYTES = 1024 * 1024;

/** A file of `text`, as git would hold it. */
export function sourceFile(path: string, text: string): SourceFile {
  const content = Buffer.from(text);
  const id = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
  return { path, id, kind: 'file', size: content.length, content };
}

/** A minimal change to one file; several become one commit. */
export interface Edit {
  readonly path: string;
  /** The whole new text; null removes the file. */
  readonly content: string | null;
}
