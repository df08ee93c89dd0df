import { Failure } from '../../errors.ts';
import { isLoopback, type ListenAddress } from '../address.ts';
import type { Grant } from './grant.ts';
import type { TlsServers } from './server-options.ts';

/** Who is let in, and how. */
export interface Door {
  /** Those in force now; undefined: nobody needs a token. */
  readonly grants?: (() => readonly Grant[]) | undefined;
  /** Addresses and networks of proxies in front. */
  readonly proxies?: readonly string[];
  readonly tls?: TlsServers | undefined;
}

/** @throws terminal Failure when others than this machine could ask without a token, or read along. */
export function checkDoor(
  { host, port }: ListenAddress,
  { grants, proxies = [], tls }: { readonly [K in keyof Door]?: unknown } & Pick<Door, 'proxies'>,
): void {
  if (proxies.length > 0 && grants === undefined) throw refused('Cannot be behind a proxy without tokens: add --tokens FILE');
  if (isLoopback(host)) return;
  const only = `or use a loopback address such as 127.0.0.1:${port}`;
  if (grants === undefined) throw refused(`Cannot listen on ${host} without tokens: add --tokens FILE (see token create), ${only}`);
  if (tls === undefined && proxies.length === 0)
    throw refused(`Cannot listen on ${host} in the clear: add --tls-cert FILE and --tls-key FILE, or --behind-proxy ADDRESS, ${only}`);
}

/** Whether only a proxy may ask there: what comes to it is not encrypted. */
export function isPlain({ host }: ListenAddress, { tls }: Door): boolean {
  return tls === undefined && !isLoopback(host);
}

function refused(why: string): Failure {
  return new Failure('terminal', why);
}
