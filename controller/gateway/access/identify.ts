import { isLoopback } from '../address.ts';
import { HttpError } from '../rest/reply.ts';
import { type Grant, type Need, suffices } from './grant.ts';
import { isAddress, isWithin } from './networks.ts';
import { grantOf } from './tokens.ts';

/** What is known of who asks. */
export interface Asking {
  readonly authorization: string | undefined;
  /** Header of the original's document: a token alone. */
  readonly apiKey: string | undefined;
  readonly address: string;
  /** As the caller wrote it, without a port. */
  readonly host: string;
}

/** Whose grant it is. @throws HttpError 401 when there is none, 403 when one who shows no token came under a name of its own making. */
export function identify(asking: Asking, grants: readonly Grant[], need: Need, nowMs: number): Grant {
  const inForce = grants.filter(
    ({ networks, expires }) => (networks === undefined || isWithin(asking.address, networks)) && !isOver(expires, nowMs),
  );
  const token = tokenIn(asking);
  return token === undefined ? anonymous(asking, inForce, need) : shown(token, inForce);
}

function tokenIn({ authorization, apiKey }: Asking): string | undefined {
  if (authorization === undefined) return apiKey;
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? [];
  if (token === undefined) throw new HttpError(401, 'Send the token as Authorization: Bearer TOKEN');
  return token;
}

function shown(token: string, grants: readonly Grant[]): Grant {
  const grant = grantOf(token, grants);
  if (grant === undefined) throw new HttpError(401, 'Refused the token: it is not known, not in force any more, or not from here');
  return grant;
}

/** The first of the file that suffices, as several may be open to one network. */
function anonymous({ host }: Asking, grants: readonly Grant[], need: Need): Grant {
  const open = grants.filter(({ sha256 }) => sha256 === undefined);
  const grant = open.find((one) => suffices(one, need)) ?? open[0];
  if (grant === undefined) throw new HttpError(401, 'Send a token as Authorization: Bearer TOKEN');
  if (isAddress(host) || isLoopback(host) || grant.hosts?.includes(host.toLowerCase())) return grant;
  throw new HttpError(
    403,
    `Refused without a token under the name ${host.slice(0, 80)}: ask by address, or add the name to hosts of grant ${grant.name}`,
  );
}

function isOver(expires: string | undefined, nowMs: number): boolean {
  return expires !== undefined && Date.parse(expires) <= nowMs;
}
