import { Failure } from '../errors.ts';
import type { Clock } from '../ports.ts';

/** Less than a process has to end in, once it was asked to. */
const LONGEST_MS = 1000;

/** Does what is worth a try when something else has failed: for a short time, whatever comes of it. */
export async function briefly(clock: Clock, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const limit = new AbortController();
  const end = () => limit.abort(new Failure('transient', 'It took too long'));
  void clock.sleep(LONGEST_MS, limit.signal).then(end, () => undefined);
  await work(limit.signal).catch(() => undefined);
  end();
}
