import { describe, expect, it } from 'vitest';
import { createFeed } from '../../../controller/feed.ts';
import { fakeClock } from '../../support/fake-clock.ts';

function feed() {
  const logged: string[] = [];
  const note = (_fields: object, event: string) => void logged.push(event);
  return { ...createFeed({ debug: note, info: note, warn: note, error: note }, fakeClock()), logged };
}

describe('The feed of what happens', () => {
  it('is what the log is told at info and above, and the log is told as before', () => {
    const { log, since, logged } = feed();
    log.debug({}, 'plan');
    log.info({ task: 'web' }, 'decision');
    log.warn({}, 'decision held');
    log.error({}, 'repository');
    expect(since(undefined)?.map(({ event }) => event)).toEqual(['decision', 'decision-held', 'repository']);
    expect(logged).toEqual(['plan', 'decision', 'decision held', 'repository']);
  });

  it('goes on after an event that is known', () => {
    const { log, since } = feed();
    for (const event of ['a', 'b', 'c']) log.info({}, event);
    const [first, , last] = since(undefined) ?? [];
    expect(since(first?.id)?.map(({ event }) => event)).toEqual(['b', 'c']);
    expect(since(last?.id)).toEqual([]);
  });

  it('knows nothing of an event that is too old, of another run, or to come', () => {
    const { log, since } = feed();
    for (let at = 0; at < 1_100; at += 1) log.info({}, 'a');
    const [oldest] = since(undefined) ?? [];
    expect(since(undefined)).toHaveLength(1_000);
    const run = oldest?.id.split('-')[0];
    expect([since(`${run}-100`)?.length, since(`${run}-99`), since(`${run}-1101`), since('other-5'), since('x')]).toEqual([
      1_000,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('tells those who follow, until they stop', () => {
    const { log, follow } = feed();
    const told: string[] = [];
    const stop = follow(({ event }) => told.push(event));
    log.info({}, 'a');
    stop();
    log.info({}, 'b');
    expect(told).toEqual(['a']);
  });
});
