import { type Command, Option } from 'commander';
import { sentence, UsageError } from '../errors.ts';
import { checkDoor } from '../gateway/access/door.ts';
import { isNetwork } from '../gateway/access/networks.ts';
import { type ListenAddress, type Listening, parseListenAddress } from '../gateway/address.ts';

export interface ListeningOptions {
  readonly listen?: string;
  readonly slaListen?: string;
  readonly status200?: boolean;
  readonly tokens?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly behindProxy?: readonly string[];
  readonly allowHost?: readonly string[];
}

/** For commands that serve the API: where, and to whom. */
export function withListening(command: Command): Command {
  return command
    .option(
      '--listen <address:port>',
      'serve REST, health, metrics, status and the push source; port 0 lets the machine choose. Others than loopback addresses take --tokens, and TLS or a proxy',
    )
    .option('--sla-listen <address:port>', "serve the SLA Manager's API at its bare paths too (8090 in the original)")
    .option('--status-200', 'answer below /api/v1 with status 200 whatever happened, as the original did')
    .option('--tokens <file>', 'who may ask, and what for, as `token create` writes it; without it this machine may, and nobody else')
    .option('--tls-cert <file>', 'certificate, with those between it and its root, in PEM; read again when it changes')
    .option('--tls-key <file>', 'its private key, in PEM')
    .addOption(
      new Option('--behind-proxy <address>', 'address or network of a proxy in front, which does TLS; may be repeated').argParser(repeated),
    )
    .addOption(
      new Option(
        '--allow-host <host[:port]>',
        'what REST writes may have the controller ask: a Prometheus, an API server; may be repeated',
      ).argParser(repeated),
    )
    .option('--hook-secret <name>', 'secret that git hosts sign their calls of /api/v1/hooks/git with');
}

/** Undefined when nothing is to be served. Throws UsageError. */
export function listeningOf(options: ListeningOptions): Listening | undefined {
  const {
    listen,
    slaListen,
    status200: alwaysOk = false,
    tokens,
    tlsCert,
    tlsKey,
    behindProxy: proxies = [],
    allowHost: allowedHosts = [],
  } = options;
  if (listen === undefined) return undefined;
  try {
    if ((tlsCert === undefined) !== (tlsKey === undefined)) throw new Error('Give --tls-cert and --tls-key together');
    const wrong = proxies.find((one) => !isNetwork(one));
    if (wrong !== undefined) throw new Error(`Write an address or a network such as 10.0.0.0/8 after --behind-proxy: ${wrong}`);
    const addresses = [listen, slaListen ?? []].flat().map(parseListenAddress);
    for (const address of addresses) checkDoor(address, { grants: tokens, proxies, tls: tlsCert });
    const [address, slaAddress] = addresses as [ListenAddress, ListenAddress?];
    return {
      listen: address,
      ...(slaAddress === undefined ? {} : { slaListen: slaAddress }),
      alwaysOk,
      allowedHosts,
      proxies,
      ...(tokens === undefined ? {} : { tokensFile: tokens }),
      ...(tlsCert === undefined || tlsKey === undefined ? {} : { certificateFiles: { cert: tlsCert, key: tlsKey } }),
    };
  } catch (error) {
    throw new UsageError(sentence(error), { cause: error });
  }
}

function repeated(one: string, before: readonly string[] = []): readonly string[] {
  return [...before, one];
}

export function sayAddresses({ url, slaUrl }: { readonly url: string | undefined; readonly slaUrl: string | undefined }): void {
  if (url !== undefined) process.stdout.write(`Listening on ${url}\n`);
  if (slaUrl !== undefined) process.stdout.write(`Listening on ${slaUrl} as the SLA Manager\n`);
}
