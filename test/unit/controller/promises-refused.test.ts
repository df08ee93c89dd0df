import { expect, test } from 'vitest';
import { Failure } from '../../../controller/errors.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { FaultySource } from '../../support/faulty-source.ts';
import { memoryRepository } from '../../support/memory-repository.ts';
import { FakeRollouts, startPromiseLoop } from '../../support/promise-loop.ts';
import { MINUTE, SECOND, silentLog } from './sla/world.ts';

const TASK = { name: 'w', replicas: 4, image: 'example/worker', ports: [44240], qos: [{ qosid: 'DeadlinesMissed_1' }] };

test.each(['terminal', 'transient'] as const)(
  'while git refuses writes (%s) all is judged at its time, and what was pushed at once',
  async (outcome) => {
    const clock = fakeClock();
    const memory = memoryRepository(clock);
    memory.add({
      'infrastructures/modena.json': JSON.stringify({ name: 'modena', type: 'Kubernetes' }),
      'tasks/w.json': JSON.stringify(TASK),
    });
    let refused = 0;
    let refuses = true;
    const commit: typeof memory.commit = async (...args) => {
      if (!refuses) return memory.commit(...args);
      refused += 1;
      throw new Failure(outcome, 'Cannot push: a hook refuses it');
    };
    const source = new FaultySource('prometheus', clock);
    source.targets.set('deadlines_missed_w', 0);
    const loop = startPromiseLoop({
      repository: { ...memory, commit },
      sourcesOf: () => [source],
      cluster: new FakeRollouts(clock, 20 * SECOND),
      evaluateEveryMs: 15 * SECOND,
      clock,
      log: silentLog,
    });
    const evidence = () => {
      const task = loop.desired()?.inForce?.environment.tasks.get('w');
      return task && loop.promises.agreementsOf(task)[0];
    };
    const pass = async (durationMs: number) => {
      for (let passed = 0; passed < durationMs; passed += 5 * SECOND) {
        source.scrape();
        await clock.advance(5 * SECOND);
      }
    };
    await pass(MINUTE);
    source.targets.set('deadlines_missed_w', 1);
    await pass(5 * MINUTE);
    expect(refused).toBeGreaterThan(3);
    expect(loop.promises.reason).toContain('a hook refuses it');
    source.targets.set('deadlines_missed_w', 2);
    await pass(20 * SECOND);
    expect(evidence(), 'seen at the next evaluation').toMatchObject({ state: 'violated', value: 2 });
    source.targets.set('deadlines_missed_w', 3);
    source.scrape();
    loop.promises.pushed(['deadlines_missed_w']);
    await clock.advance(SECOND);
    expect(evidence(), 'seen when it was pushed').toMatchObject({ state: 'violated', value: 3 });
    refuses = false;
    await pass(20 * SECOND);
    expect(loop.desired()?.inForce?.environment.tasks.get('w')?.spec.replicas).toBe(6);
    await loop.stop();
  },
);
