import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceFile } from '../../synth/source.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** A file as git would list it. */
export function sourceFile(path: string, content: string | Uint8Array, kind: SourceFile['kind'] = 'file'): SourceFile {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { path, id: createHash('sha1').update(bytes).digest('hex'), kind, size: bytes.length, content: bytes };
}

/** Files of environment `city`, by their path within it. */
export function cityFiles(files: Readonly<Record<string, string | object>>): readonly SourceFile[] {
  return Object.entries(files).map(([path, content]) =>
    sourceFile(`environments/city/${path}`, typeof content === 'string' ? content : JSON.stringify(content)),
  );
}

/** The files of an environment that the project ships. */
export function shippedFiles(environment: string): readonly SourceFile[] {
  const folder = join(ROOT, 'environments', environment);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => sourceFile(file.slice(ROOT.length), readFileSync(file)));
}

/** The text of one of the original's example files. */
export function example(name: string): string {
  return readFileSync(join(ROOT, 'test/fixtures/rotterdam', name), 'utf8');
}
