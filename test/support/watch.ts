import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../build/cli/rotterdam-sync.js', import.meta.url));

export type LogLine = Readonly<Record<string, unknown>> & { readonly msg: string };

/** `rotterdam-sync watch` as a process of its own, as a user runs it. */
export interface WatchProcess {
  readonly url: string;
  readonly lines: readonly LogLine[];
  /** The first line of this event, seen already (from the line `from` on) or still to come, that matches. Rejects when the process ends first. */
  until(event: string, matches?: (line: LogLine) => boolean, from?: number): Promise<LogLine>;
  /** Ends it and resolves with how long that took. */
  kill(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly durationMs: number }>;
}

export async function startWatchProcess(
  args: readonly string[],
  options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly command?: 'watch' | 'serve' },
): Promise<WatchProcess> {
  const child = spawn(process.execPath, [CLI, options.command ?? 'watch', '--json', '--listen', '127.0.0.1:0', ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  createInterface({ input: child.stderr }).on('line', (text) => {
    lines.push(parse(text));
    wake();
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  void ended.then(wake);
  const until = (event: string, matches: (line: LogLine) => boolean = () => true, from = 0) =>
    new Promise<LogLine>((resolve, reject) => {
      const look = () => {
        const found = lines.find((line, index) => index >= from && line.msg === event && matches(line));
        if (found === undefined && child.exitCode === null && child.signalCode === null) return;
        waiting.delete(look);
        if (found === undefined)
          reject(new Error(`The watch ended before '${event}':\n${lines.map((line) => JSON.stringify(line)).join('\n')}`));
        else resolve(found);
      };
      waiting.add(look);
      look();
    });
  const { url } = await until('listening');
  return { url: String(url), lines, until, kill: (signal) => kill(child, ended, signal) };
}

async function kill(child: ChildProcess, ended: Promise<number | null>, signal: NodeJS.Signals) {
  const start = performance.now();
  child.kill(signal);
  const code = await ended;
  return { code, durationMs: performance.now() - start };
}

function parse(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: 'not JSON', text };
  }
}
