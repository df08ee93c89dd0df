import type { FastifyRequest } from 'fastify';
import { HttpError } from '../rest/reply.ts';

/** What the machine's characters for people are not in: controls, what is not seen, half characters, and what leads elsewhere in a path. */
const TRICK = /[\p{C}\p{Zl}\p{Zp}/\\]|^\.\.?$/u;

/**
 * No page of another site has a browser write here: it tells where it is from. (What it may not do unasked, such as sending JSON, it asks for first, and gets no
 * leave.)
 * @throws HttpError 403
 */
export function checkOrigin(method: string, { origin, 'sec-fetch-site': site }: FastifyRequest['headers'], host: string): void {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return;
  const isOwn = site === undefined ? origin === undefined || hostIn(origin) === host : site === 'same-origin' || site === 'none';
  if (!isOwn) throw new HttpError(403, 'Refused as a page of another site asks for it');
}

/** No id leads out of where it stands, whatever is made of it. @throws HttpError 404 */
export function checkIds(params: unknown): void {
  for (const [name, value] of Object.entries(params ?? {})) {
    if (name === '*' || typeof value !== 'string') continue;
    if (TRICK.test(value) || value !== value.normalize('NFC')) {
      throw new HttpError(404, `There is nothing of this ${name}: none has slashes, or what can't be seen`);
    }
  }
}

function hostIn(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
