import { Failure, sentence } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { afterMs } from '../kube/answer.ts';

const TIMEOUT_MS = 10_000;
/** The message itself is refused: it would be again. */
const REFUSED = [400, 405, 410, 413, 415, 422];
/** It came before: as good as taken. */
const KNOWN = 409;

export interface Call {
  /** Of the other side, for messages. */
  readonly name: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * One POST, answered within ten seconds, its answer not read and its redirects not followed. Rejects with a Failure: terminal when the
 * message is refused, transient for all else, also for a refused signature, as what mends it may lie on either side.
 */
export async function post({ name, url, headers, body }: Call, clock: Clock, signal?: AbortSignal): Promise<void> {
  const late = new AbortController();
  const done = new AbortController();
  clock.sleep(TIMEOUT_MS, done.signal).then(
    () => late.abort(new Failure('transient', `no answer within ${TIMEOUT_MS / 1000} s`)),
    () => undefined,
  );
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'user-agent': 'rotterdam-sync', ...headers },
      body,
      redirect: 'manual',
      signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
    });
    await response.body?.cancel();
    if (!response.ok && response.status !== KNOWN) throw refusal(response);
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    const { outcome, afterMs: after } = error instanceof Failure ? error : new Failure('transient', '');
    throw new Failure(outcome, `Cannot tell ${name}: ${sentence(error)}`, {
      cause: error,
      ...(after === undefined ? {} : { afterMs: after }),
    });
  } finally {
    done.abort();
  }
}

function refusal({ status, headers }: Response): Failure {
  if (status >= 300 && status < 400)
    return new Failure('transient', `it redirects (${status}), which is not followed: set its url to where it answers`);
  if (REFUSED.includes(status)) return new Failure('terminal', `it refuses the message with ${status}`);
  const after = afterMs(headers.get('retry-after') ?? undefined);
  return new Failure('transient', `it answers ${status}`, after === undefined ? {} : { afterMs: after });
}
