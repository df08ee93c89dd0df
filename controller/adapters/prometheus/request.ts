import { type ClientRequest, Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { createSecureContext } from 'node:tls';
import { Failure } from '../../errors.ts';

/** What a server is shown and checked against; texts in PEM. */
export interface Login {
  readonly headers: Readonly<Record<string, string>>;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** Longer forms go into the body of a POST. */
const MAX_GET_LENGTH = 2_000;

export interface Requester {
  /** Sends a form; resolves when the server begins to answer. Redirects are not followed. */
  send(target: URL, form: URLSearchParams, login: Login, signal: AbortSignal): Promise<IncomingMessage>;
}

/** Connections are kept; with what is shown or checked they are made anew when it changes. */
export function createRequester(): Requester {
  const http = new HttpAgent({ keepAlive: true });
  let https: { readonly agent: HttpsAgent; readonly login: Login } | undefined;
  const secured = (login: Login) => {
    if (https !== undefined && sameTls(https.login, login)) return https.agent;
    https?.agent.destroy();
    https = { agent: httpsAgent(login), login };
    return https.agent;
  };
  const open = (target: URL, options: object, login: Login) =>
    target.protocol === 'https:'
      ? httpsRequest(target, { ...options, agent: secured(login) })
      : httpRequest(target, { ...options, agent: http });
  return {
    send: (target, form, login, signal) => {
      const text = form.toString();
      const post = text.length > MAX_GET_LENGTH;
      const url = new URL(post ? target : `${target.href}?${text}`);
      const headers = {
        ...login.headers,
        accept: 'application/json',
        ...(post ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      };
      const start = () => answered(open(url, { method: post ? 'POST' : 'GET', headers, signal }, login), post ? text : '');
      return start().catch((error: unknown) => {
        if (error instanceof ClosedMeanwhile) return start();
        throw error;
      });
    },
  };
}

/** A kept connection that the server closed as it was used again: nothing was asked. */
class ClosedMeanwhile extends Error {}

function answered(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      reject(request.reusedSocket && error.code === 'ECONNRESET' ? new ClosedMeanwhile(error.message, { cause: error }) : error);
    });
    request.end(body);
  });
}

function httpsAgent({ ca, certificate, key }: Login): HttpsAgent {
  const shown = certificate === undefined || key === undefined ? {} : { cert: certificate, key };
  try {
    const secureContext = createSecureContext({ ...(ca === undefined ? {} : { ca }), ...shown });
    return new HttpsAgent({ keepAlive: true, rejectUnauthorized: true, secureContext });
  } catch (error) {
    throw new Failure('terminal', 'its certificates or its key are not in PEM', { cause: error });
  }
}

function sameTls(a: Login, b: Login): boolean {
  return a.ca === b.ca && a.certificate === b.certificate && a.key === b.key;
}
