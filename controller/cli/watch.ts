import { createLog } from '../adapters/log.ts';
import { type CommonOptions, settingsOf } from '../config.ts';
import { sentence, UsageError } from '../errors.ts';
import { parseListenAddress } from '../gateway/address.ts';
import { startWatch } from '../main.ts';
import { EXIT } from './exit.ts';
import { keepHeapSmall } from './heap.ts';
import { aborted, interrupted } from './interrupt.ts';

/** Runs the controller until it is interrupted. */
export async function watch(options: CommonOptions & { readonly listen?: string; readonly json?: boolean }): Promise<number> {
  keepHeapSmall();
  const settings = settingsOf(options);
  const listen = options.listen === undefined ? undefined : listenAddress(options.listen);
  const signal = interrupted();
  const log = createLog({ pretty: process.stderr.isTTY && !options.json });
  const running = await startWatch(settings, { log, ...(listen === undefined ? {} : { listen }) });
  if (running.url !== undefined) process.stdout.write(`Listening on ${running.url}\n`);
  await aborted(signal);
  await running.stop();
  return EXIT.done;
}

function listenAddress(text: string) {
  try {
    return parseListenAddress(text);
  } catch (error) {
    throw new UsageError(sentence(error), { cause: error });
  }
}
