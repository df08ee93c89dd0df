import { describe, expect, test } from 'vitest';
import { Failure } from '../../../controller/errors.ts';
import { Outbox } from '../../../controller/outbox.ts';
import type { Notice } from '../../../controller/ports.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const SECOND = 1_000;

function notice(id: string): Notice {
  return { id, kind: 'decision', atMs: 0, environment: 'city', task: 't', agreement: 'a', guarantee: 'g', data: {} };
}

function outbox(send: (id: string) => Promise<void>) {
  const clock = fakeClock();
  const tried: string[] = [];
  const outcomes: string[] = [];
  const said: string[] = [];
  const note = ({ reason }: Readonly<Record<string, unknown>>, event: string) => void said.push(`${event}: ${reason}`);
  const box = new Outbox({
    notifier: {
      name: 'webhook',
      send: ({ id }) => {
        tried.push(id);
        return send(id);
      },
    },
    notified: (_, outcome) => outcomes.push(outcome),
    clock,
    log: { debug: note, info: note, warn: note, error: note },
  });
  return { box, clock, tried, outcomes, said };
}

describe('Outbox', () => {
  test('sends in order, one at a time', async () => {
    const { box, clock, tried, outcomes } = outbox(() => clock.sleep(SECOND));
    for (const id of ['a', 'b', 'c']) box.add(notice(id));
    await clock.settle();
    expect(tried).toEqual(['a']);
    await clock.advance(3 * SECOND);
    expect({ tried, outcomes }).toEqual({ tried: ['a', 'b', 'c'], outcomes: ['sent', 'sent', 'sent'] });
  });

  test('tries again after 1 s, 2 s, 4 s, whatever comes meanwhile, and says once why', async () => {
    let down = true;
    const { box, clock, tried, said } = outbox(async () => {
      if (down) throw new Failure('transient', 'it answers 502');
    });
    box.add(notice('a'));
    await clock.settle();
    box.add(notice('b'));
    await clock.settle();
    expect(tried).toEqual(['a']);
    await clock.advance(3 * SECOND);
    expect(tried).toEqual(['a', 'a', 'a']);
    down = false;
    await clock.advance(4 * SECOND);
    expect(tried).toEqual(['a', 'a', 'a', 'a', 'b']);
    expect(said).toEqual(['notice delayed: it answers 502']);
  });

  test('waits as long as the other side says', async () => {
    let asked = 0;
    const { box, clock, tried } = outbox(async () => {
      asked += 1;
      if (asked === 1) throw new Failure('transient', 'it answers 429', { afterMs: 30 * SECOND });
    });
    box.add(notice('a'));
    await clock.advance(29 * SECOND);
    expect(tried).toEqual(['a']);
    await clock.advance(SECOND);
    expect(tried).toEqual(['a', 'a']);
  });

  test('drops what is refused, says it, and goes on', async () => {
    const { box, clock, outcomes, said } = outbox(async (id) => {
      if (id === 'a') throw new Failure('terminal', 'it refuses the message with 400');
    });
    for (const id of ['a', 'b']) box.add(notice(id));
    await clock.settle();
    expect(outcomes).toEqual(['dropped', 'sent']);
    expect(said).toEqual(['notice dropped: it refuses the message with 400']);
  });

  test('keeps a thousand for who does not answer, drops the oldest beyond, and says it', async () => {
    let down = true;
    const { box, clock, tried, said } = outbox(async () => {
      if (down) throw new Failure('transient', 'it answers 502');
    });
    for (let at = 0; at < 1_003; at += 1) box.add(notice(`n${at}`));
    await clock.settle();
    expect(said.filter((line) => line === 'notice dropped: more than 1000 wait for webhook')).toHaveLength(3);
    down = false;
    tried.length = 0;
    await clock.advance(SECOND);
    expect(tried).toEqual(Array.from({ length: 1_000 }, (_, at) => `n${at + 3}`));
  });

  test('ends at once when it is stopped', async () => {
    const { box, clock, tried } = outbox(async () => {
      throw new Failure('transient', 'it answers 502');
    });
    box.add(notice('a'));
    await clock.settle();
    await box.stop();
    await clock.advance(60 * SECOND);
    expect(tried).toEqual(['a']);
  });
});
