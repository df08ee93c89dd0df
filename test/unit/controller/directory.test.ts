import { describe, expect, it } from 'vitest';
import { infrastructureSpec } from '../../../constructs/spec/infrastructure.ts';
import { taskSpec } from '../../../constructs/spec/task.ts';
import { Directory, type WorkersSeen } from '../../../controller/directory.ts';
import { Failure } from '../../../controller/errors.ts';
import type { Cluster } from '../../../controller/ports.ts';
import type { Infrastructure, Task } from '../../../synth/environment.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { silentLog } from './sla/world.ts';

const ORIGIN = { file: 'x', line: 1, column: 1, index: 0 };
const EDGE: Infrastructure = { ...infrastructureSpec.parse({ type: 'kubernetes' }), name: 'edge', original: 'edge', origin: ORIGIN };

function task(replicas: number, ports: readonly object[] = [{ containerPort: 43001 }]): Task {
  const spec = taskSpec.parse({ type: 'compss', replicas, containers: [{ image: 'x', ports }] });
  return {
    id: 'app',
    name: 'app',
    infrastructure: 'edge',
    infrastructures: ['edge'],
    dock: 'class',
    spec,
    annotations: {},
    qos: [],
    origin: ORIGIN,
  };
}

/** A cluster whose first `ready` pods are; undefined is one that is closed. */
function world() {
  const clock = fakeClock();
  const state = { ready: 0 as number | undefined, connected: true, lists: 0, published: 0, subnet: 1 };
  const pods = (ready: number) =>
    Array.from({ length: ready }, (_, at) => ({
      metadata: { name: `app-${at}` },
      status: { phase: 'Running', podIP: `10.${state.subnet}.0.${at}`, conditions: [{ type: 'Ready', status: 'True' }] },
    }));
  const cluster = {
    list: async ({ kind }: { kind: string }) => {
      state.lists += 1;
      if (state.ready === undefined) throw new Failure('transient', 'Cannot list pods: the connection is closed');
      return { items: kind === 'Pod' ? pods(state.ready) : [], resourceVersion: '1' };
    },
  } as unknown as Cluster;
  const directory = new Directory({
    infrastructure: 'edge',
    cluster: () => (state.connected ? cluster : undefined),
    clock,
    log: silentLog,
    published: () => {
      state.published += 1;
    },
  });
  return { clock, state, directory, count: (replicas = 9) => directory.workersOf(task(replicas))?.length };
}

describe('The directory of workers', () => {
  it('publishes the whole set when it is ready, and keeps the one before until then', async () => {
    const { clock, state, directory, count } = world();
    state.ready = 2;
    directory.look(EDGE, task(2));
    await clock.settle();
    expect([count(), state.published]).toEqual([2, 1]);
    directory.look(EDGE, task(3));
    await clock.advance(10_000);
    expect([count(), directory.reasonOf('app')]).toEqual([2, 'worker app-2 is not ready']);
    state.ready = 3;
    await clock.advance(60_000);
    expect([count(), state.published, directory.reasonOf('app')]).toEqual([3, 2, undefined]);
  });

  it('asks the cluster that is connected by then, and nobody once the set is whole', async () => {
    const { clock, state, directory, count } = world();
    state.ready = undefined;
    directory.look(EDGE, task(1));
    await clock.settle();
    expect(directory.reasonOf('app')).toBe('Cannot list pods: the connection is closed');
    state.connected = false;
    await clock.advance(60_000);
    expect(directory.reasonOf('app')).toBe('their cluster is not connected');
    Object.assign(state, { connected: true, ready: 1 });
    await clock.advance(60_000);
    expect(count()).toBe(1);
    const { lists } = state;
    await clock.advance(600_000);
    expect(state.lists).toBe(lists);
  });

  it('asks when a task runs as wanted, again when its pods or its place have changed, and else not', async () => {
    const { clock, state, directory, count } = world();
    state.ready = 2;
    const see = async (seen: Partial<WorkersSeen>, infrastructure = EDGE) => {
      directory.see(infrastructure, task(2), { ready: 2, statusAtMs: 1_000, runsAsWanted: true, ...seen });
      await clock.settle();
      return state.lists / 2;
    };
    expect(await see({ runsAsWanted: false })).toBe(0);
    expect([await see({}), count()]).toEqual([1, 2]);
    expect([await see({}), await see({ runsAsWanted: false })]).toEqual([1, 1]);
    expect(await see({ statusAtMs: 2_000 })).toBe(2);
    expect(await see({ statusAtMs: 2_000 }, { ...EDGE, address: 'edge.example' })).toBe(3);
    expect(await see({ statusAtMs: 2_000 }, { ...EDGE, expose: 'hostPort' })).toBe(4);
  });

  it('withdraws the set when one of it is not ready, and has it again, with what changed, when it is', async () => {
    const { clock, state, directory } = world();
    state.ready = 2;
    const see = async (ready: number, replicas = 2) => {
      directory.see(EDGE, task(replicas), { ready, statusAtMs: 1_000, runsAsWanted: ready === replicas });
      await clock.settle();
      return directory.workersOf(task(replicas))?.map(({ ip }) => ip);
    };
    expect(await see(2)).toEqual(['10.1.0.0', '10.1.0.1']);
    expect(await see(2, 3)).toEqual(['10.1.0.0', '10.1.0.1']);
    directory.see(EDGE, task(3), { runsAsWanted: false });
    expect(directory.workersOf(task(3))).toHaveLength(2);
    expect(await see(1, 3)).toBeUndefined();
    Object.assign(state, { ready: 3, subnet: 2 });
    expect(await see(3, 3)).toEqual(['10.2.0.0', '10.2.0.1', '10.2.0.2']);
  });

  it('leaves out those that are to leave before they do', async () => {
    const { clock, state, directory, count } = world();
    state.ready = 3;
    directory.look(EDGE, task(3));
    await clock.settle();
    expect(count(1)).toBe(1);
    directory.see(EDGE, task(1), { ready: 3, runsAsWanted: false });
    expect([count(1), count(3)]).toEqual([1, 1]);
  });

  it('asks nothing of a task without a port, and says why', async () => {
    const { clock, state, directory, count } = world();
    directory.look(EDGE, task(1, []));
    await clock.advance(600_000);
    expect([count(), state.lists, directory.reasonOf('app')]).toEqual([undefined, 0, 'they have no port: name one in its document']);
  });

  it.each(['forgotten', 'closed'])('asks no more once it is %s', async (how) => {
    const { clock, state, directory } = world();
    directory.look(EDGE, task(1));
    await clock.settle();
    if (how === 'closed') directory.close();
    else directory.keep(new Set());
    const { lists } = state;
    await clock.advance(600_000);
    expect(state.lists).toBe(lists);
  });
});
