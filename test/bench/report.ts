/** One row of docs/performance.md. */
export interface Figure {
  readonly what: string;
  readonly figure: string;
  /** The floor or the peer, measured in the same run. */
  readonly against: string;
  readonly floor: string;
  readonly ratio: string;
  readonly how: string;
}

export function printFigures(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ what, figure, against, floor, ratio, how }) => `| ${what} | ${figure} | ${against} | ${floor} | ${ratio} | ${how} |`,
  );
  return ['| what | figure | against | its figure | ratio | how |', '|---|---|---|---|---|---|', ...rows].join('\n');
}
