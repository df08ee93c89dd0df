import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../controller/ports.ts';
import { Slots, sharing } from '../../../controller/slots.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const never = () => new Promise<void>(() => undefined);

describe('Slots', () => {
  it('never lets more work at once than there are, and does all of it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 30 }),
        async (total, works) => {
          const slots = new Slots(total, fakeClock());
          let running = 0;
          let most = 0;
          const done = works.map((turns, at) =>
            slots.use(async () => {
              running += 1;
              most = Math.max(most, running);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              running -= 1;
              return at;
            }),
          );
          expect(await Promise.all(done)).toEqual(works.map((_, at) => at));
          expect(most).toBeLessThanOrEqual(total);
        },
      ),
    );
  });

  it('is given back by work that fails', async () => {
    const slots = new Slots(1, fakeClock());
    await expect(slots.use(() => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    expect(await slots.use(async () => 'next')).toBe('next');
  });

  it('lends a slot for a second, so that who gets no answer holds up nobody for longer', async () => {
    const clock = fakeClock();
    const slots = new Slots(2, clock);
    void slots.use(never);
    void slots.use(never);
    let done = 0;
    void slots.use(async () => {
      done += 1;
    });
    await clock.advance(999);
    expect(done).toBe(0);
    await clock.advance(1);
    expect(done).toBe(1);
  });
});

describe('sharing', () => {
  const cluster = {
    version: async () => 'v1.36.0',
    get: async () => undefined,
    watch: async () => events(),
  } as unknown as Cluster;
  async function* events() {
    yield { type: 'BOOKMARK', resourceVersion: '1' };
  }
  const REF = { apiVersion: 'v1', kind: 'ConfigMap', name: 'x' };

  it('holds up requests, and neither probes nor watches', async () => {
    const clock = fakeClock();
    const slots = new Slots(1, clock);
    void slots.use(never);
    const shared = sharing(cluster, slots);
    let got = false;
    void shared.get(REF).then(() => {
      got = true;
    });
    expect(await shared.version()).toBe('v1.36.0');
    for await (const event of await shared.watch({} as never, '0')) expect(event.type).toBe('BOOKMARK');
    expect(got).toBe(false);
    await clock.advance(1_000);
    expect(got).toBe(true);
  });
});
