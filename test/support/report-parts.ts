import { PARTS } from './parts.ts';

/** After a whole run: one table that says what ran on what, and how to get the rest. */
export function teardown(): void {
  const rows = Object.entries(PARTS).map(([part, { version, get }]) => [
    part,
    version ? 'real' : 'missing',
    version ?? `its tests were left out: ${get}`,
  ]);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  process.stdout.write(
    `\nThe tests ran against these parts (and the embedded sandbox):\n${lines.map((line) => `  ${line.trimEnd()}`).join('\n')}\n`,
  );
}
