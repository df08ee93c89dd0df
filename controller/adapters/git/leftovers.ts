import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const FULL = /No space left|Out of diskspace|quota exceeded|File too large/i;
/** Clocks of file systems go in ticks. */
const TICK_MS = 100;

/**
 * Removes what `git fast-import` leaves in a repository when it fails: a crash report, and on a full disk the files that it had
 * begun since `startedMs`. Each attempt would make a full disk fuller; git itself takes two weeks to remove them.
 */
export async function removeLeftovers(gitDir: string, stderr: string, startedMs: number): Promise<void> {
  const report = /fast_import_crash_\d+/.exec(stderr)?.[0];
  if (report !== undefined) await rm(join(gitDir, report), { force: true });
  if (!FULL.test(stderr)) return;
  const objects = join(gitDir, 'objects');
  for (const folder of await readdir(objects)) {
    for (const name of await readdir(join(objects, folder)).catch(() => [])) {
      if (/^tmp_(obj|pack|idx)_/.test(name)) await removeSince(join(objects, folder, name), startedMs - TICK_MS);
    }
  }
}

async function removeSince(file: string, sinceMs: number): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found !== undefined && found.ctimeMs >= sinceMs) await rm(file, { force: true });
}
