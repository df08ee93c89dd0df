import { type ClientHttp2Stream, connect, type OutgoingHttpHeaders, type SecureClientSessionOptions } from 'node:http2';
import type { Socket } from 'node:net';
import type { Access } from './kubeconfig.ts';
import { createPulse, TICK_MS } from './pulse.ts';

export type Use = 'request' | 'watch';

/** One HTTP/2 connection: requests and watches are streams of it. */
export interface Session {
  /** Whether a new stream belongs here: it is open, it shows signs of life, and the server takes one more. */
  readonly isFit: boolean;
  /** Whether an answer came over it before. */
  readonly isProven: boolean;
  /** Whether the other side closed it, or the connection broke. */
  readonly isBroken: boolean;
  /** Throws when it isn't fit. */
  begin(headers: OutgoingHttpHeaders, payload: Buffer | undefined, use: Use, signal: AbortSignal | undefined): ClientHttp2Stream;
  close(): void;
}

/** Unread bytes of one slow reader must not hold up the others. */
const WINDOW_BYTES = { stream: 1024 * 1024, session: 32 * 1024 * 1024 };
const MEMORY_MB = 64;
/** Until the server says how many streams it takes. */
const STREAMS = 100;

/** Connects without waiting for it: what begins meanwhile goes out as soon as it is there. `ended` is called when it is closed. */
export function openSession(access: Access, ended: () => void): Session {
  const session = connect(access.server, {
    ...tlsOf(access),
    settings: { enablePush: false, initialWindowSize: WINDOW_BYTES.stream },
    maxSessionMemory: MEMORY_MB,
  });
  const pulse = createPulse();
  const outstanding = { request: 0, watch: 0 };
  let socket: Socket | undefined;
  let ticking: NodeJS.Timeout | undefined;
  let room = STREAMS;
  let isProven = false;
  let isGivenUp = false;

  const bytesRead = () => socket?.bytesRead ?? 0;
  const streams = () => outstanding.request + outstanding.watch;
  const rest = () => {
    clearInterval(ticking);
    ticking = undefined;
  };
  const tick = () => {
    if (session.destroyed || (streams() === 0 && !pulse.isUneasy)) return rest();
    const act = pulse.tick(bytesRead(), outstanding.request);
    if (act === 'ask') session.ping(() => undefined);
    if (act !== 'give up') return;
    isGivenUp = true;
    session.destroy(new Error('not a sign of life within some seconds'));
  };

  session.on('connect', (_, connected) => {
    socket = connected as Socket;
    if (session.alpnProtocol === 'h2') session.setLocalWindowSize(WINDOW_BYTES.session);
    else session.destroy(new Error('it does not speak HTTP/2: this is no Kubernetes API server'));
  });
  session.on('remoteSettings', ({ maxConcurrentStreams = STREAMS }) => {
    room = Math.max(1, maxConcurrentStreams);
  });
  // Every stream gets it.
  session.on('error', () => undefined);
  session.on('close', () => {
    rest();
    ended();
  });

  return {
    get isFit() {
      return !session.closed && !session.destroyed && !pulse.isDoubtful && streams() < room;
    },
    get isProven() {
      return isProven;
    },
    get isBroken() {
      return (session.closed || session.destroyed) && !isGivenUp;
    },
    begin(headers, payload, use, signal) {
      const readBefore = bytesRead();
      const stream = session.request(headers, { endStream: payload === undefined, ...(signal ? { signal } : {}) });
      outstanding[use] += 1;
      session.ref();
      ticking ??= setInterval(tick, TICK_MS).unref();
      stream.on('response', () => {
        isProven = true;
      });
      stream.on('close', () => {
        outstanding[use] -= 1;
        if (streams() === 0) session.unref();
        if (bytesRead() === readBefore) pulse.doubt();
      });
      if (payload !== undefined) stream.end(payload);
      return stream;
    },
    close: () => afterReading(() => session.destroy()),
  };
}

/**
 * Node's memory is corrupted when a stream is reset, or a session destroyed, while bytes of the connection are being read
 * (nodejs/node#64113), and whatever waits for an answer goes on in the middle of that. Timers are safe, and so are signals.
 */
export function afterReading(end: () => void): void {
  setImmediate(end);
}

function tlsOf({ ca, cert, key, serverName }: Access): SecureClientSessionOptions {
  return {
    rejectUnauthorized: true,
    ...(ca ? { ca } : {}),
    ...(cert ? { cert } : {}),
    ...(key ? { key } : {}),
    ...(serverName ? { servername: serverName } : {}),
  };
}
