import {
  type ClientHttp2Session,
  connect as connectHttp2,
  constants,
  createSecureServer,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import { parse, stringify } from 'yaml';
import { afterReading } from '../../controller/adapters/kube/session.ts';

/** A request that came to the proxy, and what can be done about it. */
export interface Caught {
  readonly method: string;
  readonly path: string;
  readonly isWatch: boolean;
  readonly token: string;
  /** Answers in the server's place. */
  answer(status: number, headers?: OutgoingHttpHeaders): void;
  /** Lets it through, with `change` made to the answer. */
  forward(change?: Change): void;
  /** Lets it through and never tells the answer; `heard` is called when it is there. */
  swallow(heard: () => void): void;
  /** Breaks the connection that it came on. */
  reset(): void;
  /** Ends its stream alone, as if the server had crashed in the middle. */
  cut(): void;
}

export interface Change {
  readonly headers?: (headers: IncomingHttpHeaders) => OutgoingHttpHeaders;
  /** What is sent of each piece, and when. */
  readonly body?: (chunk: Buffer) => Iterable<Buffer> | AsyncIterable<Buffer>;
}

/** What happens to each request. */
export type Fault = (caught: Caught) => void;

/** An API server's TLS and HTTP/2 in front of another, that does to requests what a test wants. */
export interface FaultProxy {
  /** The place's kubeconfig with its server reached through the proxy, maybe with another token. */
  kubeconfig(token?: string): string;
  /** Every request so far, `GET /api/v1/…`, let through or not. */
  readonly seen: string[];
  /** Connections that were made to it. */
  connections(): number;
  /** From now on. */
  begin(fault: Fault): void;
  /** Breaks off the watches that run. */
  cutWatches(): void;
  /** Accepts, reads, and says nothing more on any connection, old or new. */
  blackHole(): void;
  /** From now on all goes through; what a black hole has swallowed stays lost. */
  end(): void;
  stop(): Promise<void>;
}

export async function startFaultProxy(place: { readonly kubeconfig: string }): Promise<FaultProxy> {
  const config = parse(place.kubeconfig);
  const { server, 'certificate-authority-data': ca } = config.clusters[0].cluster;
  const token = config.users[0].user.token as string;
  const upstream = upstreamOf(server, Buffer.from(ca, 'base64'));
  const seen: string[] = [];
  const watches = new Set<ServerHttp2Stream>();
  const passing: Fault = (caught) => caught.forward();
  let fault = passing;

  const extensions = [{ name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] }];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'fault-proxy' }], { extensions });
  const inside = createSecureServer({ key, cert });
  const raw = new Set<Socket>();
  inside.on('connection', (socket: Socket) => raw.add(socket.on('close', () => raw.delete(socket))));
  inside.on('session', (session) => session.on('error', () => undefined));
  inside.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    const caught = caughtOf(stream, headers, upstream.session, token);
    seen.push(`${caught.method} ${caught.path}`);
    if (caught.isWatch) watches.add(stream.on('close', () => watches.delete(stream)));
    fault(caught);
  });
  await listening(inside);
  const door = createDoor((inside.address() as AddressInfo).port);
  await listening(door.server);
  const url = `https://127.0.0.1:${(door.server.address() as AddressInfo).port}`;

  return {
    kubeconfig(other = token) {
      const through = { server: url, 'certificate-authority-data': Buffer.from(cert).toString('base64') };
      return stringify({
        ...config,
        clusters: [{ ...config.clusters[0], cluster: through }],
        users: [{ ...config.users[0], user: { token: other } }],
      });
    },
    seen,
    connections: () => door.connections(),
    begin(wanted) {
      fault = wanted;
    },
    cutWatches() {
      afterReading(() => {
        for (const stream of watches) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
      });
    },
    blackHole: () => door.shut(),
    end() {
      fault = passing;
      door.open();
    },
    async stop() {
      upstream.close();
      await door.stop();
      const closed = new Promise<void>((resolve) => inside.close(() => resolve()));
      // A session that was broken off in the middle may keep its socket.
      afterReading(() => {
        for (const socket of raw) socket.destroy();
      });
      await closed;
    },
  };
}

function caughtOf(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, upstream: () => ClientHttp2Session, token: string): Caught {
  const { ':method': method = '', ':path': path = '' } = headers;
  const pass = (answered: (head: IncomingHttpHeaders, body: AsyncIterable<Buffer>) => void) => {
    const { ':authority': _, ':scheme': __, ...rest } = headers;
    const sent = upstream().request({ ...rest, authorization: `Bearer ${token}` }, { endStream: false });
    sent.on('error', () => afterReading(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR)));
    sent.on('response', (head) => answered(head, sent as AsyncIterable<Buffer>));
    stream.on('close', () => sent.close(constants.NGHTTP2_CANCEL));
    stream.pipe(sent);
  };
  return {
    method,
    path,
    isWatch: /[?&]watch=1/.test(path),
    token: String(headers.authorization).replace('Bearer ', ''),
    answer(status, more = {}) {
      const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: `the proxy says ${status}`, reason: '', code: status };
      stream.resume();
      stream.respond({ ':status': status, 'content-type': 'application/json', ...more });
      stream.end(JSON.stringify(body));
    },
    forward(change) {
      pass((head, body) => void relay(stream, head, body, change));
    },
    swallow: (heard) => pass(() => heard()),
    reset: () => afterReading(() => stream.session?.destroy()),
    cut: () => afterReading(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR)),
  };
}

async function relay(stream: ServerHttp2Stream, head: IncomingHttpHeaders, body: AsyncIterable<Buffer>, change: Change = {}) {
  const { headers = (all) => all, body: changed = (chunk) => [chunk] } = change;
  if (stream.destroyed) return;
  const { 'content-length': _, ...rest } = headers(head) as OutgoingHttpHeaders;
  stream.respond(rest);
  try {
    for await (const chunk of body) {
      for await (const piece of changed(chunk)) if (!stream.destroyed) stream.write(piece);
    }
    if (!stream.destroyed) stream.end();
  } catch {
    afterReading(() => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  }
}

function upstreamOf(server: string, ca: Buffer) {
  let session: ClientHttp2Session | undefined;
  return {
    session(): ClientHttp2Session {
      if (session === undefined || session.closed || session.destroyed) {
        session = connectHttp2(server, { ca });
        session.on('error', () => undefined);
      }
      return session;
    },
    close: () => afterReading(() => session?.destroy()),
  };
}

/** The TCP side of it: connections to the proxy that can go dead without being closed. */
function createDoor(port: number) {
  const sockets = new Set<Socket>();
  let isShut = false;
  let count = 0;
  const server = createServer((inbound) => {
    count += 1;
    sockets.add(inbound.on('close', () => sockets.delete(inbound)).on('error', () => undefined));
    if (isShut) return void inbound.resume();
    const outbound = connect(port, '127.0.0.1');
    sockets.add(outbound.on('close', () => sockets.delete(outbound)).on('error', () => undefined));
    inbound.pipe(outbound).pipe(inbound);
  });
  return {
    server,
    connections: () => count,
    shut() {
      isShut = true;
      for (const socket of sockets) socket.unpipe().resume();
    },
    open() {
      isShut = false;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listening(server: Pick<Server, 'listen' | 'once'>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
