import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Failure } from '../../errors.ts';
import { gitEnvironment, type Settings } from './environment.ts';

export const LOCAL_TIMEOUT_MS = 30_000;
export const NETWORK_TIMEOUT_MS = 60_000;

export interface GitCall extends Settings {
  /** The repository. Without it git looks for one from `cwd` on. */
  readonly gitDir?: string;
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  /** {@link LOCAL_TIMEOUT_MS} unless given. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

export interface GitResult {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs git to its end; the caller judges its exit code. Rejects with the signal's reason when aborted, and with a transient
 * Failure when it takes too long. Either way git and what it started are told to stop.
 */
export function git(args: readonly string[], call: GitCall): Promise<GitResult> {
  return new Promise((resolve, reject) => {
    if (call.signal?.aborted) return reject(call.signal.reason);
    const { timeoutMs = LOCAL_TIMEOUT_MS, signal } = call;
    const child = startGit(args, call);
    const stop = (reason: unknown) => {
      stopGit(child);
      settle(() => reject(reason));
    };
    const aborted = () => stop(signal?.reason);
    const timer = setTimeout(() => stop(new Failure('transient', `Cannot wait for git ${args[0]} longer than ${timeoutMs} ms`)), timeoutMs);
    const settle = (end: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', aborted);
      end();
    };
    signal?.addEventListener('abort', aborted, { once: true });
    const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
    child.on('error', (cause) => settle(() => reject(new Failure('terminal', `Cannot run git: ${cause.message}`, { cause }))));
    child.on('close', (code) => settle(() => resolve({ code: code ?? -1, stdout: stdout(), stderr: stderr().toString() })));
    child.stdin.end(call.input ?? '');
  });
}

/** In a process group of its own: a Ctrl-C meant for us doesn't cut a commit in two, and ssh ends with the git that started it. */
export function startGit(args: readonly string[], call: GitCall): ChildProcessWithoutNullStreams {
  const variables = call.gitDir === undefined ? call.variables : { ...call.variables, GIT_DIR: call.gitDir };
  const env = gitEnvironment(process.env, { variables, configuration: call.configuration });
  const child = spawn('git', args, { cwd: call.cwd ?? '/', env, detached: true });
  // A git that ends before it has read everything: its exit code tells.
  child.stdin.on('error', () => undefined);
  return child;
}

export function stopGit(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    process.kill(-child.pid, 'SIGTERM');
  } catch {
    // It has ended by itself.
  }
}

function collect(stream: NodeJS.ReadableStream): () => Buffer {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks);
}
