import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { Call, Reply } from './routes.ts';
import { StatusError, unauthorized } from './status.ts';
import type { WatchRequest, WatchResponse } from './watch.ts';

type Response = ServerResponse | Http2ServerResponse;

export interface ServerOptions {
  readonly port: number;
  readonly key: string;
  readonly certificate: string;
  readonly token: string;
  /** Throws StatusError. */
  readonly handle: (call: Call) => Reply;
  readonly watch: (request: WatchRequest, response: WatchResponse) => void;
  readonly served: () => void;
}

const MAX_BODY_BYTES = 3 * 1024 * 1024;

/** HTTP/2, and HTTP/1.1 for who prefers it, over TLS on 127.0.0.1, for who has the token. */
export async function listen(options: ServerOptions): Promise<{ readonly port: number; close(): Promise<void> }> {
  const { key, certificate: cert, port } = options;
  const server = createSecureServer({ key, cert, allowHTTP1: true }, (request, response) => {
    void answer(request, response, options);
  });
  const sockets = new Set<Socket>();
  const sessions = new Set<ServerHttp2Session>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('close', () => sessions.delete(session));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server, sessions, sockets) };
}

/** Sessions first: a socket that is taken away under one may crash the process. */
function close(server: Http2SecureServer, sessions: ReadonlySet<ServerHttp2Session>, sockets: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const session of sessions) session.destroy();
    setImmediate(() => {
      for (const socket of sockets) socket.destroy();
    });
  });
}

async function answer(request: Request, response: Response, options: ServerOptions): Promise<void> {
  options.served();
  try {
    const reply = await replyTo(request, options);
    if ('watch' in reply) options.watch(reply.watch, begun(response));
    else {
      if (reply.warnings?.length) response.setHeader('Warning', reply.warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', '));
      send(response, reply.status, reply.body);
    }
  } catch (error) {
    const status = error instanceof StatusError ? error : new StatusError(500, 'InternalError', `Internal error occurred: ${error}`);
    send(response, status.code, status.body());
  }
}

type Request = IncomingMessage | Http2ServerRequest;

async function replyTo(request: Request, options: ServerOptions): Promise<Reply> {
  const { headers, method = 'GET', url = '/' } = request;
  const { pathname, searchParams } = new URL(url, 'https://127.0.0.1');
  if (headers.authorization !== `Bearer ${options.token}`) throw unauthorized();
  const body = await readBody(request);
  return options.handle({
    method,
    path: pathname,
    query: searchParams,
    contentType: headers['content-type']?.split(';')[0]?.trim() ?? '',
    accept: headers.accept ?? '',
    userAgent: headers['user-agent'] ?? '',
    body,
  });
}

async function readBody(request: Request): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read all the same: a client that is still sending doesn't see the answer.
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) {
    throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function begun(response: Response): WatchResponse {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  if ('flushHeaders' in response) response.flushHeaders();
  return response;
}

function send(response: Response, status: number, body: unknown): void {
  if (response.headersSent) {
    response.end();
    return;
  }
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-cache, private' });
  response.end(text);
}
