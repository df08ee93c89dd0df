import type { RequestListener } from 'node:http';
import { createServer, type Server, type ServerOptions } from 'node:https';

/** What is shown now, and what comes after it; texts in PEM. */
interface Shown {
  now(): { readonly cert: string; readonly key: string };
  follow(changed: (pair: { readonly cert: string; readonly key: string }) => void): void;
}

/** Makes servers that show new connections the certificate in force. A name such as localhost has several addresses, and each has a server of its own. */
export function tlsServers(shown: Shown): (handler: unknown, options: object) => Server {
  return (handler, options) => {
    const server = createServer({ ...shown.now(), ...(options as ServerOptions) }, handler as RequestListener);
    shown.follow((pair) => server.setSecureContext(pair));
    return server;
  };
}
