import { createInterface } from 'node:readline/promises';
import { UsageError } from '../errors.ts';

/** Asks on the terminal; true for yes. Ctrl-C and the end of the input are no. Throws UsageError without a terminal. */
export async function confirm(question: string, signal: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('Cannot ask as there is no terminal: say --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const ended = new Promise<string>((resolve) => {
      terminal.on('SIGINT', () => resolve(''));
      terminal.on('close', () => resolve(''));
    });
    const answer = await Promise.race([terminal.question(`${question} [y/N] `, { signal }).catch(() => ''), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
