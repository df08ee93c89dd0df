import { createLog } from '../adapters/log.ts';
import { type CommonOptions, settingsOf } from '../config.ts';
import { UsageError } from '../errors.ts';
import { startServe } from '../main.ts';
import { EXIT } from './exit.ts';
import { aborted, interrupted } from './interrupt.ts';
import { type ListeningOptions, listeningOf, sayAddresses } from './listening.ts';

/** Serves the API alone until it is interrupted. */
export async function serve(options: CommonOptions & ListeningOptions & { readonly json?: boolean }): Promise<number> {
  const settings = settingsOf(options);
  const listening = listeningOf(options);
  if (listening === undefined) throw new UsageError('Say where to listen: --listen 127.0.0.1:8333');
  const signal = interrupted();
  const log = createLog({ pretty: process.stderr.isTTY && !options.json });
  const running = await startServe(settings, { log, listening });
  sayAddresses(running);
  await aborted(signal);
  await running.stop();
  return EXIT.done;
}
