import type { Dirent } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { compareIssues, type Issue, printIssue } from '../constructs/spec/issue.ts';
import { readFolder } from '../controller/adapters/files.ts';
import { environmentNames, loadEnvironment } from './load.ts';
import { issuesOf } from './synthesize.ts';
import { isOurs, renderFiles } from './write.ts';

export class UnknownEnvironment extends Error {
  override readonly name = 'UnknownEnvironment';
}

export interface Synthesized {
  /** Of all environments asked for. With an error among them nothing was written. */
  readonly issues: readonly Issue[];
  /** Environments that were synthesized. */
  readonly environments: readonly string[];
  /** Files below `out`, sorted, whether they changed or not. */
  readonly files: readonly string[];
  /** Those of `files` that were written, as their bytes were others. */
  readonly written: readonly string[];
  /** Files of ours that no document asks for any more, removed. */
  readonly removed: readonly string[];
}

/**
 * Reads `<root>/environments`, writes `<out>/<environment>/<infrastructure>/<dock>.k8s.yaml` and `promises.rules`: every environment, or the one named. A file
 * is replaced as a whole, and only when its bytes differ. Rejects when there is no such environment, or the disk fails.
 */
export async function synthesizeDirectory(options: {
  readonly root: string;
  readonly environment?: string | undefined;
  readonly out: string;
}): Promise<Synthesized> {
  const { root, out } = options;
  const sources = await readFolder(root);
  const declared = environmentNames(sources);
  const environments = options.environment === undefined ? declared : [known(options.environment, declared)];
  const loaded = environments.map((name) => loadEnvironment(name, sources));
  const issues = loaded.flatMap(issuesOf).sort(compareIssues);
  if (issues.some(({ severity }) => severity === 'error')) return { issues, environments, files: [], written: [], removed: [] };
  const rendered = new Map(loaded.flatMap((environment) => [...renderFiles(environment)]));
  const written: string[] = [];
  for (const [file, text] of rendered) if (await replace(join(out, file), text)) written.push(file);
  const removed = await removeStale(out, environments, rendered);
  return { issues, environments, files: [...rendered.keys()], written, removed };
}

function known(name: string, declared: readonly string[]): string {
  if (declared.includes(name)) return name;
  throw new UnknownEnvironment(
    `Cannot synthesize environment '${name}' as there is none: there are ${declared.join(', ') || 'no environments'}`,
  );
}

/** Whether the file had other bytes, or wasn't there. Readers see the old text or the new one, never half of it. */
async function replace(file: string, text: string): Promise<boolean> {
  if ((await readFile(file, 'utf8').catch(() => undefined)) === text) return false;
  await mkdir(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.tmp`;
  await writeFile(beside, text);
  await rename(beside, file);
  return true;
}

async function removeStale(out: string, environments: readonly string[], wanted: ReadonlyMap<string, string>): Promise<string[]> {
  const removed: string[] = [];
  for (const environment of environments) {
    const folders = (await entries(join(out, environment))).filter((entry) => entry.isDirectory()).map(({ name }) => name);
    for (const folder of folders.sort()) {
      for (const { name } of await entries(join(out, environment, folder))) {
        const file = `${environment}/${folder}/${name}`;
        if (!isOurs(name) || wanted.has(file)) continue;
        await rm(join(out, file));
        removed.push(file);
      }
    }
  }
  return removed;
}

/** A link to a folder is no folder: what it leads to isn't ours. */
async function entries(directory: string): Promise<readonly Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** What `cdk8s.yaml` runs. Exit code 2: the documents are not valid. */
async function main(): Promise<void> {
  const { issues } = await synthesizeDirectory({ root: process.cwd(), out: process.env.CDK8S_OUTDIR ?? 'dist' });
  for (const issue of issues) process.stderr.write(`${printIssue(issue)}\n`);
  if (issues.some(({ severity }) => severity === 'error')) process.exitCode = 2;
}

// Not import.meta.url: in the bundled command that is the bundle's own.
if (/[\\/]synth[\\/]main\.[jt]s$/.test(process.argv[1] ?? '')) await main();
