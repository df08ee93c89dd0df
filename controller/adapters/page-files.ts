import { readdirSync, readFileSync } from 'node:fs';

/** Beside this file's folder in the source, and beside that of the bundles in what is built. */
const FOLDER = new URL('../gateway/page/', import.meta.url);

/** The files that the web page is made of, by name. */
export function readPage(): ReadonlyMap<string, Uint8Array> {
  return new Map(readdirSync(FOLDER).map((name) => [name, readFileSync(new URL(name, FOLDER))]));
}
