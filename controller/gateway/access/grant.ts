export const SCOPES = ['read', 'write', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, and how far that reaches. */
export interface Caller {
  /** The author of what is committed. */
  readonly name: string;
  readonly scope: Scope;
  /** Whose tasks are read and written; all when undefined. */
  readonly docks?: readonly string[];
}

/** A line of the tokens file: what is granted to one who shows a token, or, without one, to those who ask from its networks. */
export interface Grant extends Caller {
  /** SHA-256 of the token, in hexadecimal digits. */
  readonly sha256?: string;
  /** `10.0.0.0/8`: from nowhere else. Anywhere when undefined. */
  readonly networks?: readonly string[];
  /** Without a token: names under which it may be asked, beside addresses. A page in a browser can give itself any other. */
  readonly hosts?: readonly string[];
  readonly created?: string;
  /** RFC 3339. */
  readonly expires?: string;
}

/**
 * What a route asks for. `open`: nothing. `signed`: it has a proof of its own. `read all` and `write all`: not limited to docks, as what it shows
 * or changes is of all of them.
 */
export type Need = 'open' | 'signed' | Scope | 'read all' | 'write all';

/** Who may do everything, as the machine keeps out everybody else. */
export const LOCAL: Caller = { name: 'anonymous', scope: 'admin' };
/** Who asks for what is open. */
export const NOBODY: Caller = { name: 'nobody', scope: 'read', docks: [] };

export function suffices({ scope, docks }: Caller, need: Need): boolean {
  if (need === 'open' || need === 'signed') return true;
  const [wanted, all] = need.split(' ') as [Scope, 'all'?];
  return SCOPES.indexOf(scope) >= SCOPES.indexOf(wanted) && (all === undefined || docks === undefined);
}

export function hasDock({ docks }: Caller, dock: string): boolean {
  return docks === undefined || docks.includes(dock);
}
