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

/** @throws Refusal when `If-Match` is sent with what no single document is there for. */
export function refuseMatch(ifMatch: string | undefined, what: string): void {
  if (ifMatch !== undefined) throw new Refusal('invalid', `Send no If-Match with ${what}: there is no one document that it could mean`);
}
