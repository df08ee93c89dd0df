import { expect, test } from 'vitest';
import { fakeClock } from '../../support/fake-clock.ts';
import { FaultySource } from '../../support/faulty-source.ts';
import { memoryRepository } from '../../support/memory-repository.ts';
import { FakeRollouts, startPromiseLoop } from '../../support/promise-loop.ts';
import { MINUTE, SECOND, silentLog } from './sla/world.ts';

const TASK = { name: 'w', replicas: 4, image: 'example/worker', ports: [44240], qos: [{ qosid: 'DeadlinesMissed_1' }] };
const FILES = {
  'infrastructures/modena.json': JSON.stringify({ name: 'modena', type: 'Kubernetes' }),
  'tasks/w.json': JSON.stringify(TASK),
};

test('a clock that is set back by an hour stops no judging and no writing, and repeats nothing', async () => {
  const time = fakeClock();
  let offMs = 0;
  const clock = { ...time, now: () => time.now() + offMs };
  const repository = memoryRepository(clock);
  repository.add(FILES);
  const source = new FaultySource('prometheus', time);
  source.targets.set('deadlines_missed_w', 0);
  let asked = 0;
  const counting = Object.assign(Object.create(source) as FaultySource, {
    samples: (...args: Parameters<FaultySource['samples']>) => {
      asked += 1;
      return source.samples(...args);
    },
  });
  const cluster = new FakeRollouts(clock, 20 * SECOND);
  const loop = startPromiseLoop({ repository, sourcesOf: () => [counting], cluster, evaluateEveryMs: 15 * SECOND, clock, log: silentLog });
  const pass = async (durationMs: number) => {
    for (let passed = 0; passed < durationMs; passed += 15 * SECOND) {
      source.scrape();
      await time.advance(15 * SECOND);
    }
  };
  const replicas = () => loop.desired()?.inForce?.environment.tasks.get('w')?.spec.replicas;
  await pass(MINUTE);
  source.targets.set('deadlines_missed_w', 1);
  await pass(MINUTE);
  expect(replicas()).toBe(6);
  offMs = -60 * MINUTE;
  asked = 0;
  await pass(2 * MINUTE);
  expect(asked).toBeGreaterThanOrEqual(6);
  offMs = 0;
  await pass(2 * MINUTE);
  expect(replicas()).toBe(6);
  source.targets.set('deadlines_missed_w', 2);
  await pass(MINUTE);
  expect(replicas()).toBe(9);
  await loop.stop();
});
