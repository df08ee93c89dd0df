import type { Part } from './member.ts';

/** How far back Prometheus itself looks for a series' value at a time. */
export const LOOKBACK_MS = 300_000;

/** How far back samples are read: what a window begins with may be as old as Prometheus would take it. */
export function windowOf(part: Part): number {
  const { guarantee, leaf } = part;
  const counted = lookedBackMs(part);
  const shown = leaf.over === undefined ? counted : counted + leaf.over.windowMs + LOOKBACK_MS;
  return Math.max(LOOKBACK_MS, shown, guarantee.maxAge ?? 0);
}

/** How far back it is looked at what the guarantee was worth: for violations that are counted, and for its horizon. */
export function lookedBackMs({ agreement: { template }, horizonMs }: Part): number {
  return Math.max(template.maxAllowed > 0 ? template.window : 0, horizonMs);
}

export function keptMs({ agreement, horizonMs }: Part): number {
  return Math.max(agreement.template.window, horizonMs);
}
