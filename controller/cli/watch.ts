import { createLog } from '../adapters/log.ts';
import { type CommonOptions, settingsOf } from '../config.ts';
import { startWatch } from '../main.ts';
import { EXIT } from './exit.ts';
import { keepHeapSmall } from './heap.ts';
import { aborted, interrupted } from './interrupt.ts';
import { type ListeningOptions, listeningOf, sayAddresses } from './listening.ts';

/** Runs the controller until it is interrupted. */
export async function watch(options: CommonOptions & ListeningOptions & { readonly json?: boolean }): Promise<number> {
  keepHeapSmall();
  const settings = settingsOf(options);
  const listening = listeningOf(options);
  const signal = interrupted();
  const log = createLog({ pretty: process.stderr.isTTY && !options.json });
  const running = await startWatch(settings, { log, listening });
  sayAddresses(running);
  await aborted(signal);
  await running.stop();
  return EXIT.done;
}
