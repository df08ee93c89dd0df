import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const DURATION = /^(?:\d+(?:ms|s|m|h|d))+$/;

/**
 * Milliseconds of a duration as Prometheus writes it: `250ms`, `5m`, `1h30m`, `0s`.
 * @throws Error when `text` is not one.
 */
export function parseDuration(text: string): number {
  if (!DURATION.test(text)) throw new Error(`Write a duration like 30s, 5m or 1h30m: ${JSON.stringify(text)}`);
  let totalMs = 0;
  for (const [, count, unit] of text.matchAll(/(\d+)(ms|s|m|h|d)/g)) {
    totalMs += Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  return totalMs;
}

/** The shortest text that {@link parseDuration} reads back: 90000 → `1m30s`. */
export function formatDuration(durationMs: number): string {
  let restMs = Math.round(durationMs);
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const count = Math.floor(restMs / UNIT_MS[unit]);
    if (count > 0) text += `${count}${unit}`;
    restMs -= count * UNIT_MS[unit];
  }
  return text || '0s';
}

/** A duration in a document, as written. */
export const durationText = z.string().regex(DURATION, 'Write a duration like 30s, 5m or 1h30m');

/** A duration in a document; milliseconds once parsed. A bare `0` is accepted. */
export const duration = z.union([durationText, z.literal(0)]).transform((value) => (value === 0 ? 0 : parseDuration(value)));

const PERCENT = /^\d+(?:\.\d+)?%$/;

/** A share in a document, `99.9%` or 0.999; a ratio above 0 and below 1 once parsed. */
export const share = z
  .union([z.number(), z.string().regex(PERCENT, 'Write a share like 99.9%')])
  .transform((value) => (typeof value === 'number' ? value : Number((Number(value.slice(0, -1)) / 100).toPrecision(12))))
  .refine((value) => value > 0 && value < 1, 'Write a share above 0% and below 100%');
