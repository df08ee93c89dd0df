import { afterEach, describe, expect, it } from 'vitest';
import { createServer } from '../../../../../controller/gateway/server.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';

let close: () => Promise<void> = async () => undefined;
afterEach(() => close());

async function events() {
  const clock = fakeClock();
  const options = gatewayOptions({ clock });
  const server = createServer(options);
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const stopped = new AbortController();
  close = async () => {
    stopped.abort();
    await server.close();
  };
  const open = async (last?: string, query = '') => {
    const reply = await fetch(`${url}/api/v1/events${query}`, {
      headers: last === undefined ? {} : { 'last-event-id': last },
      signal: stopped.signal,
    });
    const reader = (reply.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    /** All that came, once it holds `wanted`. */
    const until = async (wanted: string) => {
      while (!text.includes(wanted)) text += (await reader.read()).value ?? '';
      return text;
    };
    return { reply, until };
  };
  return { log: options.feed.log, feed: options.feed, clock, open };
}

describe('Events by REST', () => {
  it('are told as they happen, to all who listen', async () => {
    const { log, open } = await events();
    const streams = await Promise.all([open(), open()]);
    expect(streams[0].reply.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    for (const { until } of streams) await until(': \n\n');
    log.info({ task: 'web', from: 4, to: 6 }, 'decision');
    for (const { until } of streams)
      expect(await until('decision')).toMatch(/\nid: \w+-1\nevent: decision\ndata: \{"at":".*","task":"web","from":4,"to":6\}\n\n$/);
  });

  it('go on after the last one that was heard', async () => {
    const { log, feed, open } = await events();
    for (const event of ['a', 'b', 'c']) log.info({}, event);
    const first = feed.since(undefined)?.[0]?.id;
    const text = await (await open(first)).until('event: c');
    expect(text.match(/event: \w/g)).toEqual(['event: b', 'event: c']);
  });

  it('begin with those that were before, where they are asked for', async () => {
    const { log, open } = await events();
    for (const event of ['a', 'b', 'c']) log.info({}, event);
    expect((await (await open(undefined, '?kept=2')).until('event: c')).match(/event: \w/g)).toEqual(['event: b', 'event: c']);
    expect((await open(undefined, '?kept=some')).reply.status).toBe(400);
  });

  it('begin with a reset where that one is not known any more', async () => {
    const { open } = await events();
    expect(await (await open('other-7')).until('reset')).toBe('event: reset\ndata: {}\n\n');
  });

  it('show that they live while nothing happens', async () => {
    const { clock, open } = await events();
    const { until } = await open();
    await until(': \n\n');
    await clock.advance(15_000);
    await until(': \n\n: \n\n');
  });
});
