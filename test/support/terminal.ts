import { spawn } from 'node:child_process';

export interface TerminalRun {
  /** All that was shown so far, with control sequences. */
  shown(): string;
  /** Resolves when it has shown what matches. */
  until(matches: RegExp): Promise<void>;
  type(keys: string): void;
  readonly ended: Promise<number | null>;
}

/** A program on a pseudo-terminal of its own, as `script` of util-linux makes one; `exec`, so that no shell stays between to die of a Ctrl-C itself. */
export function onTerminal(command: readonly string[], cwd: string): TerminalRun {
  const line = command.map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', `exec ${line}`, '/dev/null'], {
    cwd,
    env: { ...process.env, NO_COLOR: '1', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let text = '';
  const looks = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    for (const look of looks) look();
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  return {
    shown: () => text,
    until: (matches) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (matches.test(text)) resolve();
        };
        looks.add(look);
        void ended.then(() => reject(new Error(`It ended before it showed ${matches}:\n${text}`)));
        look();
      }),
    type: (keys) => child.stdin.write(keys),
    ended,
  };
}
