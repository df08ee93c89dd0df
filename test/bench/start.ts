import { execFileSync } from 'node:child_process';
import { CLI } from '../support/watch.ts';
import { inTurn, median, ms, ratio } from './measure.ts';
import type { Figure } from './report.ts';

/** `--help` against a Node that does nothing. */
export async function benchStart(): Promise<Figure[]> {
  const run = (...args: string[]) => execFileSync(process.execPath, args, { stdio: 'ignore' });
  const { a, b } = await inTurn(
    20,
    () => run(CLI, '--help'),
    () => run('-e', '0'),
  );
  return [
    {
      what: '`rotterdam-sync --help`',
      figure: ms(median(a)),
      against: '`node -e 0`',
      floor: ms(median(b)),
      ratio: ratio(median(a) / median(b)),
      how: 'median of 20, in turn',
    },
  ];
}
