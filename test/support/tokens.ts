import type { Grant, Scope } from '../../controller/gateway/access/grant.ts';
import { makeToken } from '../../controller/gateway/access/tokens.ts';

export interface Held {
  readonly token: string;
  readonly grant: Grant;
}

/** A token and what it grants. */
export function hold(name: string, scope: Scope, docks?: readonly string[], more: Partial<Grant> = {}): Held {
  const { token, sha256 } = makeToken();
  return { token, grant: { name, scope, ...(docks === undefined ? {} : { docks }), sha256, ...more } };
}

export function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` };
}
