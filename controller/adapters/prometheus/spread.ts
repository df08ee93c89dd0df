import { createHash } from 'node:crypto';
import type { Clock } from '../../ports.ts';

const SPREAD_MS = 250;
/** What is asked within it belongs together. */
const TOGETHER_MS = 900;

/**
 * Sources that are all asked at the same moment would answer at the same moment: each waits its own part of {@link SPREAD_MS}, which its name
 * decides, once for all that is asked of it together.
 */
export function createSpread(name: string, clock: Clock): () => Promise<void> {
  const waitMs = spreadMs(name);
  let waited = Promise.resolve();
  let untilMs = Number.NEGATIVE_INFINITY;
  return () => {
    if (clock.now() >= untilMs) {
      untilMs = clock.now() + TOGETHER_MS;
      waited = clock.sleep(waitMs);
    }
    return waited;
  };
}

export function spreadMs(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) % SPREAD_MS;
}
