import type { Command } from 'commander';
import { sentence, UsageError } from '../errors.ts';
import { type ListenAddress, type Listening, parseListenAddress } from '../gateway/address.ts';

export interface ListeningOptions {
  readonly listen?: string;
  readonly allowHost?: readonly string[];
}

/** For commands that serve the API: where, and to whom. */
export function withListening(command: Command): Command {
  return command
    .option(
      '--listen <address:port>',
      'serve REST, health, metrics, status and the push source (loopback only; port 0 lets the machine choose)',
    )
    .option(
      '--allow-host <host[:port]>',
      'what REST writes may have the controller ask: a Prometheus, an API server; may be repeated',
      (host, before: readonly string[] = []) => [...before, host],
    )
    .option('--hook-secret <name>', 'secret that git hosts sign their calls of /api/v1/hooks/git with');
}

/** Undefined when nothing is to be served. Throws UsageError. */
export function listeningOf({ listen, allowHost = [] }: ListeningOptions): Listening | undefined {
  return listen === undefined ? undefined : { listen: addressIn(listen), allowedHosts: allowHost };
}

function addressIn(text: string): ListenAddress {
  try {
    return parseListenAddress(text);
  } catch (error) {
    throw new UsageError(sentence(error), { cause: error });
  }
}
