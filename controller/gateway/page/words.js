// What people read of numbers and times. Pure.

const UNITS = /** @type {const} */ ([
  [2 * 86_400, 86_400, 'd'],
  [2 * 3_600, 3_600, 'h'],
  [2 * 60, 60, 'm'],
]);

/** `12 s`, `5 m`: in the largest unit that it is two of. */
export function span(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [, size, unit] = UNITS.find(([least]) => seconds >= least) ?? [0, 1, 's'];
  return `${Math.floor(seconds / size)} ${unit}`;
}

/** `12 s ago`; a clock that is ahead of this one tells no future. */
export function ago(atMs, nowMs) {
  return nowMs - atMs < 1_500 ? 'just now' : `${span(nowMs - atMs)} ago`;
}

/** Four digits that count, and no more zeros than that. */
export function number(value) {
  if (typeof value !== 'number') return '–';
  const short = Number.isInteger(value) ? value : Number(value.toPrecision(4));
  return Math.abs(short) >= 1e15 ? String(short) : short.toLocaleString('en', { maximumFractionDigits: 6 });
}

/** `1 task`, `2 tasks` */
export function count(size, noun) {
  return `${number(size)} ${noun}${size === 1 ? '' : 's'}`;
}

export function short(revision) {
  return revision?.slice(0, 10) ?? 'none';
}

/** `4 → 6, limited by maxReplicas 6`, or why nothing is done. */
export function decided(decision) {
  if (decision === undefined) return '';
  if (decision.kind === 'hold') return decision.reason;
  return `${decision.from} → ${decision.to}${decision.limitedBy === undefined ? '' : `, limited by ${decision.limitedBy}`}`;
}

/** A name that may be broken where its parts end: long ids must not make a table wide. */
export function breakable(text) {
  return String(text).replaceAll(/([_./:-])(?=.)/g, '$1\u200b');
}
