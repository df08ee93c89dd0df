import type { Command } from 'commander';
import { sentence, UsageError } from '../errors.ts';
import { type ListenAddress, type Listening, parseListenAddress } from '../gateway/address.ts';

export interface ListeningOptions {
  readonly listen?: string;
}

/** For commands that serve the API: where, and to whom. */
export function withListening(command: Command): Command {
  return command
    .option(
      '--listen <address:port>',
      'serve REST, health, metrics, status and the push source (loopback only; port 0 lets the machine choose)',
    )
    .option('--hook-secret <name>', 'secret that git hosts sign their calls of /api/v1/hooks/git with');
}

/** Undefined when nothing is to be served. Throws UsageError. */
export function listeningOf({ listen }: ListeningOptions): Listening | undefined {
  return listen === undefined ? undefined : { listen: addressIn(listen) };
}

function addressIn(text: string): ListenAddress {
  try {
    return parseListenAddress(text);
  } catch (error) {
    throw new UsageError(sentence(error), { cause: error });
  }
}
