/** `5m ago`: in the largest unit that it is two of. */
export function printAge(ageMs: number): string {
  const [, unitMs, unit] = UNITS.find(([least]) => ageMs >= least) ?? [0, 1_000, 's'];
  return `${Math.max(0, Math.floor(ageMs / unitMs))}${unit} ago`;
}

const UNITS = [
  [2 * 86_400_000, 86_400_000, 'd'],
  [2 * 3_600_000, 3_600_000, 'h'],
  [2 * 60_000, 60_000, 'm'],
] as const;
