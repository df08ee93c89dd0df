import { createHash } from 'node:crypto';
import { Refusal } from '../../changes/change.ts';

/** Changes with what is said, wherever it stands. */
export function etagOf(said: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16)}"`;
}

/** @throws Refusal when `If-Match` names another state than the one that is there. */
export function checkMatch(ifMatch: string | undefined, etag: string, what: string): void {
  if (ifMatch === undefined || ifMatch.trim() === '*' || ifMatch.split(',').some((tag) => tag.trim() === etag)) return;
  throw new Refusal('stale', `Refused as ${what} has changed: read it again`);
}
