export interface ListenAddress {
  readonly host: string;
  /** 0 lets the machine choose. */
  readonly port: number;
}

/** Where the API is served. */
export interface Listening {
  readonly listen: ListenAddress;
  /** The SLA Manager's bare paths have a port of their own. */
  readonly slaListen?: ListenAddress;
  /** Clients of the original know no other status than 200. */
  readonly alwaysOk?: boolean;
  /** That what is written by REST may have the controller ask, beside those that documents name already. */
  readonly allowedHosts?: readonly string[];
  /** Who may ask, and what for; a file. */
  readonly tokensFile?: string;
  /** In PEM; files. */
  readonly certificateFiles?: { readonly cert: string; readonly key: string };
  /** Addresses and networks of proxies in front, that say whom a request is from. */
  readonly proxies?: readonly string[];
}

/**
 * Reads `ADDRESS:PORT`, e.g. `127.0.0.1:8333`, `localhost:0`, `[::1]:8333`.
 * @throws Error when it is not that.
 */
export function parseListenAddress(text: string): ListenAddress {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:[\]]+):(\d{1,5})$/.exec(text);
  const host = match?.[1]?.replace(/^\[|\]$/g, '') ?? '';
  const port = Number(match?.[2]);
  if (!match || port > 65535) throw new Error(`Write an address like 127.0.0.1:8333: ${text}`);
  return { host, port };
}

/** Whether a host name or address stays on this machine. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase();
  return name === 'localhost' || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}
