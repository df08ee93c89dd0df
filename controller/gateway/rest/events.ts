import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Feed, FeedEvent } from '../../feed.ts';
import type { Clock } from '../../ports.ts';
import { whole } from './tasks.ts';

type Stream = FastifyReply['raw'];

const HEARTBEAT_MS = 15_000;
/** What one that doesn't read may have waiting for it. */
const MOST_WAITING_BYTES = 1024 * 1024;

const HEADERS = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no' };

/** What of an event one may see. */
type Sight = ((event: FeedEvent) => FeedEvent | undefined) | undefined;
/** That of whose request is being answered; undefined: all of each. */
export type SeenBy = () => Sight;

export interface EventOptions {
  readonly feed: Feed;
  readonly clock: Clock;
  readonly seen?: SeenBy;
}

/**
 * `/events`: what happens, as server-sent events. `Last-Event-ID` goes on from there; when that is too long ago, or the controller was started
 * since, the first event is `reset`: everything is to be read again. Without it only what is to come is told, or `?kept=N` events that were before it.
 */
export function addEventRoutes(server: FastifyInstance, { feed, clock, seen = () => undefined }: EventOptions): void {
  const streams = new Map<Stream, Sight>();
  const stopped = new AbortController();
  const send = (stream: Stream, text: string | Uint8Array) => {
    stream.write(text);
    if (stream.writableLength > MOST_WAITING_BYTES) stream.destroy();
  };
  const unfollow = feed.follow((event) => {
    const text = printed(event);
    for (const [stream, sight] of streams)
      send(
        stream,
        sight === undefined
          ? text
          : [event]
              .flatMap((one) => sight(one) ?? [])
              .map(printed)
              .join(''),
      );
  });
  const beat = async () => {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, stopped.signal);
      for (const stream of streams.keys()) send(stream, ': \n\n');
    }
  };
  beat().catch(() => undefined);
  server.addHook('preClose', async () => {
    unfollow();
    stopped.abort();
    for (const stream of streams.keys()) stream.end();
  });
  const newest = (kept: string | undefined) => {
    const most = whole(kept, 'kept', 0);
    return most === 0 ? [] : feed.since(undefined)?.slice(-most);
  };
  server.get<{ Querystring: { readonly kept?: string } }>('/events', (request, reply) => {
    if (request.method === 'HEAD') return reply.headers(HEADERS).send();
    const last = request.headers['last-event-id'];
    const sight = seen();
    const kept = last === undefined ? newest(request.query.kept) : feed.since(String(last));
    const missed = sight === undefined ? kept : kept?.flatMap((event) => sight(event) ?? []);
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, HEADERS);
    send(stream, missed === undefined ? 'event: reset\ndata: {}\n\n' : missed.map(printed).join('') || ': \n\n');
    streams.set(stream, sight);
    stream.on('close', () => streams.delete(stream));
  });
}

function printed({ id, event, at, fields }: FeedEvent): string {
  return `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify({ at, ...fields })}\n\n`;
}
