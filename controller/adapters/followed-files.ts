import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { Failure, sentence } from '../errors.ts';
import type { Clock, Log } from '../ports.ts';

const LOOK_EVERY_MS = 1_000;

export interface Followed<Value> {
  /** Made of the files as they were when they could be read last. */
  now(): Value;
  /** Calls back with each value that comes after it. */
  follow(changed: (value: Value) => void): void;
  stop(): void;
}

/**
 * Reads `files` now, and again when they change, whatever replaced or mounted them. What can't be read then, or not be used as `read` throws, is logged once,
 * and what was before stays. Rejects with a Failure when that is so at the beginning.
 */
export async function followFiles<Value>(
  what: string,
  files: readonly string[],
  read: (texts: readonly string[]) => Value,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<Followed<Value>> {
  const stopped = new AbortController();
  const listeners: ((value: Value) => void)[] = [];
  let seen = await textsOf(files);
  let value = read(seen.texts ?? refuse(seen.reason));
  const look = async () => {
    const now = await textsOf(files);
    if (now.reason === seen.reason && now.texts?.every((text, at) => text === seen.texts?.[at]) !== false) return;
    seen = now;
    try {
      value = read(now.texts ?? refuse(now.reason));
      for (const tell of listeners) tell(value);
      log.info({ files }, what);
    } catch (error) {
      log.error({ files, reason: `${sentence(error)}. What was there before stays in force` }, what);
    }
  };
  const loop = async () => {
    for (;;) {
      await clock.sleep(LOOK_EVERY_MS, stopped.signal);
      await look();
    }
  };
  loop().catch(() => undefined);
  return { now: () => value, follow: (changed) => listeners.push(changed), stop: () => stopped.abort() };
}

/** Of a certificate and its key, in PEM. Throws a terminal Failure when they can't be used together. */
export function keyPair([cert = '', key = '']: readonly string[]): { readonly cert: string; readonly key: string } {
  try {
    createSecureContext({ cert, key });
    return { cert, key };
  } catch (cause) {
    throw new Failure('terminal', `Cannot use the certificate with the key: ${sentence(cause)}`, { cause });
  }
}

async function textsOf(files: readonly string[]): Promise<{ readonly texts?: readonly string[]; readonly reason?: string }> {
  try {
    return { texts: await Promise.all(files.map((file) => readFile(file, 'utf8'))) };
  } catch (error) {
    return { reason: `Cannot read ${(error as NodeJS.ErrnoException).path ?? files.join(', ')}: ${(error as NodeJS.ErrnoException).code}` };
  }
}

function refuse(reason: string | undefined): never {
  throw new Failure('terminal', reason ?? 'Cannot read it');
}
