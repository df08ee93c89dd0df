/** From here on a number is milliseconds, before it seconds: the year 5138, or 1973. */
const LEAST_MS = 100_000_000_000;

/**
 * Milliseconds since 1970 of a time as recordings write it: seconds or milliseconds since 1970, RFC 3339, or a date and a time without a zone, which is UTC.
 * Undefined when it is none.
 */
export function timeOf(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^-?\d+(\.\d+)?([eE]\+?\d+)?$/.test(trimmed)) {
    const number = Number(trimmed);
    return Math.round(Math.abs(number) < LEAST_MS ? number * 1000 : number);
  }
  if (!/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?/.test(trimmed)) return undefined;
  const zoned = /(Z|[+-]\d{2}:?\d{2})$/i.test(trimmed.slice(10));
  const atMs = Date.parse(zoned || trimmed.length === 10 ? trimmed.replace(' ', 'T') : `${trimmed.replace(' ', 'T')}Z`);
  return Number.isNaN(atMs) ? undefined : atMs;
}
