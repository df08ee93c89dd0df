import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { addressFile, stateDirectory } from '../config.ts';
import { Failure, sentence, UsageError } from '../errors.ts';
import type { Status } from '../status.ts';

export interface WatchOptions {
  readonly address?: string;
  readonly environment?: string;
  readonly state?: string;
}

/** Longer than the watch itself gives a cluster that doesn't answer. */
const LONGEST_LOOK_MS = 150_000;

export interface RunningWatch {
  /** What it has seen. */
  status(): Promise<Status>;
  /** Has it look at the branch now, and then at these infrastructures; at all when undefined. */
  reconcile(infrastructures: readonly string[] | undefined): Promise<Status>;
}

/** Speaks to a running watch. Throws UsageError when none can be found; its calls reject with a Failure when it doesn't answer, or refuses. */
export function runningWatch({ address, environment, state }: WatchOptions): RunningWatch {
  const at = address ?? leftAddress(stateDirectory(state), environment);
  const base = /^https?:\/\//.test(at) ? at : `http://${at}`;
  return {
    status: () => ask(base, '/api/v1/status', { signal: AbortSignal.timeout(5_000) }),
    reconcile: (infrastructures) =>
      ask(base, '/api/v1/reconcile', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ infrastructures }),
        signal: AbortSignal.timeout(LONGEST_LOOK_MS),
      }),
  };
}

function leftAddress(state: string, environment?: string): string {
  const left = existsSync(state) ? readdirSync(state).flatMap((name) => /^watch-(.+)\.json$/.exec(name)?.[1] ?? []) : [];
  const [named = '', ...others] = environment === undefined ? left : left.filter((name) => name === environment);
  if (others.length > 0) throw new UsageError(`Name one of the environments that are watched here: --environment ${left.join(' or ')}`);
  try {
    return (JSON.parse(readFileSync(addressFile(state, named), 'utf8')) as { url: string }).url;
  } catch {
    throw new UsageError('Name the address of a running watch: --address http://127.0.0.1:PORT (no watch --listen runs in this folder)');
  }
}

async function ask(base: string, path: string, request: RequestInit): Promise<Status> {
  const token = process.env.ROTTERDAM_TOKEN;
  const headers = {
    prefer: 'rotterdam-status=true',
    ...request.headers,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const reply = await fetch(new URL(path, base), { ...request, headers }).catch((cause) => {
    throw new Failure('transient', `Cannot ask the watch at ${base}: ${sentence(cause)}`, { cause });
  });
  if (reply.ok) return (await reply.json()) as Status;
  const { message = `it answered ${reply.status}` } = (await reply.json().catch(() => ({}))) as { message?: string };
  throw new Failure('terminal', reply.status === 400 ? message : `Cannot ask the watch at ${base}: ${message}`);
}
