// What the page asks of the gateway, with the token of who looks when one is needed. It is kept in this tab alone, and never in an address.

const KEY = 'rotterdam-token';

/** An answer that is none: `status` is 0 when nobody answered. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function keepToken(token) {
  sessionStorage.setItem(KEY, token);
}

export function forgetToken() {
  sessionStorage.removeItem(KEY);
}

export function hasToken() {
  return sessionStorage.getItem(KEY) !== null;
}

/**
 * The response to a GET. Rejects with Refused for each status that is no success.
 * @param {string} path
 * @param {{ headers?: object, signal?: AbortSignal }} options
 */
export async function ask(path, { headers = {}, signal } = {}) {
  const token = sessionStorage.getItem(KEY);
  const credentials = token === null ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(path, {
    headers: { accept: 'application/json', prefer: 'rotterdam-status=true', ...credentials, ...headers },
    signal,
    cache: 'no-store',
  }).catch((error) => {
    throw signal?.aborted ? error : new Refused(0, 'The controller does not answer');
  });
  if (!response.ok) throw new Refused(response.status, (await messageOf(response)) ?? `The controller answers ${response.status}`);
  return response;
}

/** What JSON a path answers with. */
export async function read(path) {
  return (await ask(path)).json();
}

async function messageOf(response) {
  const body = await response.json().catch(() => undefined);
  return typeof body?.message === 'string' ? body.message : undefined;
}
