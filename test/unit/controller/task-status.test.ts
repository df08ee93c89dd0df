import { describe, expect, it } from 'vitest';
import { taskSpec } from '../../../constructs/spec/task.ts';
import { taskStatus } from '../../../controller/task-status.ts';
import type { Rollout } from '../../../controller/worker.ts';
import type { Environment, Task } from '../../../synth/environment.ts';

const ORIGIN = { file: 'x', line: 1, column: 1, index: 0 };
const REF = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'class', name: 'web' };

const task = (...infrastructures: readonly [string, ...string[]]): Task => ({
  id: 'web',
  name: 'web',
  infrastructure: infrastructures[0],
  infrastructures,
  dock: 'class',
  spec: taskSpec.parse({ replicas: 2, containers: [{ image: 'x' }] }),
  annotations: {},
  qos: [],
  origin: ORIGIN,
});
const rollout = (health: object, more: object = {}): Rollout =>
  ({ health: { ref: REF, state: 'ready', ready: 2, desired: 2, ...health }, settledAtMs: 0, reason: undefined, ...more }) as Rollout;
const statusOf = (of: Task, rollouts: Readonly<Record<string, Rollout>>, infrastructures: Readonly<Record<string, object>> = {}) =>
  taskStatus({ infrastructures: new Map(Object.entries(infrastructures)) } as unknown as Environment, of, (name) => rollouts[name], {
    agreements: [],
  });

describe('taskStatus', () => {
  it('shows the replicas that an autoscaler wants, and which one it is', () => {
    const scaled = rollout({ ready: 5, desired: 5, scaledBy: 'HorizontalPodAutoscaler web' });
    expect(statusOf(task('modena'), { modena: scaled })).toMatchObject({
      replicas: { desired: 5, ready: 5 },
      health: 'ready',
      scaledBy: 'HorizontalPodAutoscaler web',
    });
    expect(statusOf(task('modena'), { modena: rollout({}) })).not.toHaveProperty('scaledBy');
  });

  it('is as well as the infrastructure that is worst off, by its name', () => {
    const waiting = rollout({ state: 'progressing', ready: 1 }, { reason: '1 of 2 are ready' });
    expect(statusOf(task('modena', 'edge'), { modena: rollout({}), edge: waiting })).toMatchObject({
      replicas: { desired: 2, ready: 1 },
      health: 'progressing',
      reason: 'edge: 1 of 2 are ready',
    });
  });

  it('tells the URL by what was seen on the first infrastructure', () => {
    const web = { ...task('modena'), spec: taskSpec.parse({ containers: [{ image: 'x', ports: [{ containerPort: 80 }] }] }) };
    const exposed = { modena: { type: 'kubernetes', expose: 'nodePort', address: '10.0.0.7' } };
    expect(statusOf(web, { modena: rollout({}, { reach: { port: 30_080 } }) }, exposed).url).toBe('http://10.0.0.7:30080');
    expect(statusOf(web, { modena: rollout({}) }, exposed)).not.toHaveProperty('url');
  });

  it.each([
    { reason: 'all of one place', modena: ['m0', 'm1'], edge: undefined, places: ['modena'], workers: ['m0', 'm1'] },
    { reason: 'none while another place has none', modena: ['m0', 'm1'], edge: undefined, places: ['modena', 'edge'], workers: undefined },
    {
      reason: 'those of all places',
      modena: ['m0', 'm1'],
      edge: ['e0', 'e1'],
      places: ['modena', 'edge'],
      workers: ['m0', 'e0', 'm1', 'e1'],
    },
    {
      reason: 'as before while one has scaled',
      modena: ['m0', 'm1', 'm2'],
      edge: ['e0'],
      places: ['modena', 'edge'],
      workers: ['m0', 'e0'],
    },
    { reason: 'none where none are wanted', modena: [], edge: [], places: ['modena', 'edge'], workers: [] },
  ])('has workers: $reason', ({ modena, edge, places, workers }) => {
    const on = (names: readonly string[] | undefined) =>
      rollout({}, names === undefined ? {} : { workers: names.map((name) => ({ name })) });
    const [first = 'modena', ...others] = places;
    const { workers: seen } = statusOf(task(first, ...others), { modena: on(modena), edge: on(edge) });
    expect(seen?.map(({ name }) => name)).toEqual(workers);
  });

  it('is unknown where nobody looks after it', () => {
    expect(statusOf(task('modena'), {})).toMatchObject({ replicas: { desired: 2, ready: 0 }, health: 'unknown' });
  });
});
