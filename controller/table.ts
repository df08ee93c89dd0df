/** Columns as wide as their widest cell, two spaces apart; '' without rows. Control characters of a cell become spaces: it may come from a cluster. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const cells = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => cells.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Without control characters. */
export function printable(cell: string): string {
  return cell.replaceAll(/\p{Cc}/gu, ' ');
}
