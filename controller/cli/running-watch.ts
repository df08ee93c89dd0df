import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createClient, type Story } from '../client/index.ts';
import { addressFile, stateDirectory } from '../config.ts';
import { Failure, sentence, UsageError } from '../errors.ts';
import type { Status } from '../status.ts';

export interface WatchOptions {
  readonly address?: string;
  readonly environment?: string;
  readonly state?: string;
  /** Holds what `token create` printed; default: ROTTERDAM_TOKEN. */
  readonly tokenFile?: string;
}

/** Longer than the watch itself gives a cluster that doesn't answer. */
const LONGEST_LOOK_MS = 150_000;

export interface RunningWatch {
  /** What it has seen. */
  status(): Promise<Status>;
  /** Has it look at the branch now, and then at these infrastructures; at all when undefined. */
  reconcile(infrastructures: readonly string[] | undefined): Promise<Status>;
  /** How each promise of a task led to what runs. */
  story(task: string): Promise<Story>;
}

/** Speaks to a running watch. Throws UsageError when none can be found; its calls reject with a Failure when it doesn't answer, or refuses. */
export function runningWatch({ address, environment, state, tokenFile }: WatchOptions): RunningWatch {
  const at = address ?? leftAddress(stateDirectory(state), environment);
  const base = /^https?:\/\//.test(at) ? at : `http://${at}`;
  const client = createClient(base, tokenFile === undefined ? process.env.ROTTERDAM_TOKEN : readFileSync(tokenFile, 'utf8').trim());
  const soon = () => AbortSignal.timeout(5_000);
  return {
    status: () => answered(base, client.GET('/api/v1/status', { signal: soon() })),
    reconcile: (infrastructures) => {
      const body = infrastructures === undefined ? {} : { infrastructures: [...infrastructures] };
      return answered(base, client.POST('/api/v1/reconcile', { body, signal: AbortSignal.timeout(LONGEST_LOOK_MS) }));
    },
    story: async (id) => (await answered(base, client.GET('/api/v1/tasks/{id}/story', { params: { path: { id } }, signal: soon() }))).story,
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

interface Answer<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

async function answered<T>(base: string, asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked.catch((cause) => {
    throw new Failure('transient', `Cannot ask the watch at ${base}: ${sentence(cause)}`, { cause });
  });
  if (data !== undefined) return data;
  const { message = `it answered ${response.status}` } = (typeof error === 'object' ? error : {}) as { readonly message?: string };
  const hint = response.status === 401 ? ' (commands take it from --token-file or ROTTERDAM_TOKEN)' : '';
  throw new Failure('terminal', [400, 404].includes(response.status) ? message : `Cannot ask the watch at ${base}: ${message}${hint}`);
}
