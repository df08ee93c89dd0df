import { expect, test } from 'vitest';
import { fakeClock } from '../../support/fake-clock.ts';
import { FaultySource } from '../../support/faulty-source.ts';
import { memoryRepository } from '../../support/memory-repository.ts';
import { FakeRollouts, startPromiseLoop } from '../../support/promise-loop.ts';
import { MINUTE, SECOND, silentLog } from './sla/world.ts';

const QOS = {
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind: 'QosTemplate',
  metadata: { name: 'Patient' },
  spec: {
    type: 'app-compss',
    maxAllowed: 0,
    cooldown: '10m',
    action: 'scale_out',
    scaleFactor: 1.5,
    guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed < 1' }],
  },
};

test('a hold that tells how long it lasts is logged once, not at every evaluation', async () => {
  const clock = fakeClock();
  const repository = memoryRepository(clock);
  repository.add({
    'infrastructures/modena.json': JSON.stringify({ name: 'modena', type: 'Kubernetes' }),
    'qos/patient.json': JSON.stringify(QOS),
    'tasks/w.json': JSON.stringify({ name: 'w', replicas: 4, image: 'example/worker', ports: [44240], qos: [{ qosid: 'Patient' }] }),
  });
  const source = new FaultySource('prometheus', clock);
  source.targets.set('deadlines_missed_w', 0);
  const holds: string[] = [];
  const log = { ...silentLog, info: (fields: object, event: string) => void (event === 'hold' && holds.push(JSON.stringify(fields))) };
  const cluster = new FakeRollouts(clock, 20 * SECOND);
  const loop = startPromiseLoop({ repository, sourcesOf: () => [source], cluster, evaluateEveryMs: 15 * SECOND, clock, log });
  const pass = async (durationMs: number) => {
    for (let passed = 0; passed < durationMs; passed += 15 * SECOND) {
      source.scrape();
      await clock.advance(15 * SECOND);
    }
  };
  await pass(MINUTE);
  for (const missed of [1, 2]) {
    source.targets.set('deadlines_missed_w', missed);
    await pass(3 * MINUTE);
  }
  expect(loop.desired()?.inForce?.environment.tasks.get('w')?.spec.replicas).toBe(6);
  expect(holds.filter((text) => text.includes('Cooling down for'))).toHaveLength(1);
  await loop.stop();
});
