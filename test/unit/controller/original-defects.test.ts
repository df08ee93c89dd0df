import { afterEach, describe, expect, test } from 'vitest';
import { type DecisionRecord, decisionLines, parseDecision } from '../../../controller/sla/trailer.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { issuesOf } from '../../../synth/synthesize.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { FaultySource } from '../../support/faulty-source.ts';
import { memoryRepository } from '../../support/memory-repository.ts';
import { FakeRollouts, type PromiseLoop, startPromiseLoop } from '../../support/promise-loop.ts';
import { cityFiles } from '../../support/source-files.ts';
import { HOUR, MINUTE, SECOND, silentLog } from './sla/world.ts';

/** Rotterdam's own JSON, as its clients write it. */
const MODENA = { name: 'modena', type: 'Kubernetes' };
const WORKFLOW = { name: 'compss-workflow', replicas: 4, image: 'example/worker', ports: [44240] };
const MISSED = 'deadlines_missed_compss_workflow';
const LONG = { name: 'compss-workflow', replicas: 4, type: 'compss', containers: [{ name: 'worker', image: 'example/worker' }] };

type Documents = Readonly<Record<string, object>>;

const loops: PromiseLoop[] = [];
afterEach(async () => {
  for (const loop of loops.splice(0)) await loop.stop();
});

/** A city with its promises kept, once its first minute has passed; `targets` is what its Prometheus scrapes. */
async function city(documents: Documents, targets: Readonly<Record<string, number>> = {}) {
  const clock = fakeClock();
  const repository = memoryRepository(clock);
  const source = new FaultySource('prometheus', clock);
  const elsewhere = new FaultySource('prometheus elsewhere', clock);
  for (const [name, value] of Object.entries(targets)) source.targets.set(name, value);
  const commit = (all: Documents) => {
    const files = Object.entries({ 'infrastructures/modena.json': MODENA, ...all }).map(([path, text]) => [path, JSON.stringify(text)]);
    repository.add(Object.fromEntries(files));
  };
  commit(documents);
  const cluster = new FakeRollouts(clock, 20 * SECOND);
  const sourcesOf = (name: string) => [name === 'modena' ? source : elsewhere];
  const loop = startPromiseLoop({ repository, sourcesOf, cluster, evaluateEveryMs: 15 * SECOND, clock, log: silentLog });
  loops.push(loop);
  const pass = async (durationMs: number) => {
    for (const untilMs = clock.now() + durationMs; clock.now() < untilMs; ) {
      source.scrape();
      elsewhere.scrape();
      await clock.advance(15 * SECOND);
    }
  };
  await pass(MINUTE);
  const task = (name = 'compss-workflow') => {
    const found = loop.desired()?.inForce?.environment.tasks.get(name);
    if (found === undefined) throw new Error(`no task ${name}`);
    return found;
  };
  return {
    pass,
    commit,
    source,
    elsewhere,
    loop,
    show: (name: string, value: number) => source.targets.set(name, value),
    replicas: (name?: string) => task(name).spec.replicas,
    agreements: (name?: string) => loop.promises.agreementsOf(task(name)),
    decisions: (): readonly DecisionRecord[] =>
      repository.log().flatMap(({ message }) => decisionLines(message).flatMap((line) => parseDecision(line) ?? [])),
  };
}

function errorsIn(documents: Documents): readonly string[] {
  const files = { 'infrastructures/modena.json': MODENA, ...documents };
  return issuesOf(loadEnvironment('city', cityFiles(files))).flatMap(({ severity, message }) => (severity === 'error' ? [message] : []));
}

const bound = (...names: readonly string[]): Documents => ({
  'tasks/w.json': { ...WORKFLOW, qos: names.map((qosid) => ({ qosid })) },
});
const definition = (guaranteeName: string, more: object) => ({
  [`qos/${guaranteeName}.json`]: { guaranteeName, type: 'app-compss', maxAllowed: 0, action: 'scale_out', scaleFactor: 1.5, ...more },
});
const native = (kind: string, name: string, spec: object) => ({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });

describe('D1: a constraint was read as what must hold and as what fires', () => {
  test('ManyDeadlines acts when many are missed, and not when none is', async () => {
    const world = await city(bound('ManyDeadlines'), { deadlines_missed: 0 });
    await world.pass(5 * MINUTE);
    expect(world.replicas()).toBe(4);
    for (const missed of [2, 3, 4]) {
      world.show('deadlines_missed', missed);
      await world.pass(15 * SECOND);
    }
    await world.pass(MINUTE);
    expect(world.replicas()).toBe(6);
  });

  test('a factor that turns scale_in into growth is an error', () => {
    const template = native('QosTemplate', 'shrink', {
      type: 'app',
      action: 'scale_in',
      scaleFactor: 2,
      guarantees: [{ name: 'pods', constraint: 'pods < 50' }],
    });
    expect(errorsIn({ 'qos/shrink.json': template })).toEqual([expect.stringMatching(/scale_in needs a factor between 0 and 1: 2/)]);
  });
});

describe('D2, D3: a stale pushed counter was a violation at each poll, and was reset through the Pushgateway', () => {
  test('a miss that stands there for an hour is one action', async () => {
    const world = await city(bound('DeadlinesMissed_1'), { [MISSED]: 0 });
    world.show(MISSED, 1);
    await world.pass(HOUR);
    expect(world.decisions()).toMatchObject([{ from: 4, to: 6, evidence: { value: 1 } }]);
  });

  test('the client goes on counting from where it was: only the growth is new', async () => {
    const world = await city(bound('DeadlinesMissed_1'), { [MISSED]: 0 });
    world.show(MISSED, 5);
    await world.pass(5 * MINUTE);
    world.show(MISSED, 6);
    await world.pass(5 * MINUTE);
    expect(world.decisions()).toMatchObject([
      { from: 4, to: 6, evidence: { value: 5 } },
      { from: 6, to: 9, evidence: { value: 1 } },
    ]);
  });
});

describe('D5, §7.16: limits of templates were read and dropped', () => {
  test.each([
    {
      how: 'a definition',
      documents: {
        ...definition('Limited', { maxReplicas: 5, guarantees: [{ name: 'm', constraint: 'deadlines_missed < 1' }] }),
        ...bound('Limited'),
      },
    },
    {
      how: 'an inline guarantee',
      documents: {
        'tasks/w.json': {
          ...WORKFLOW,
          qos: [
            { metric: 'deadlines_missed', comparator: '<', value: 1, action: 'scale_out', scalefactor: 1.5, maxreplicas: 5, maxallowed: 0 },
          ],
        },
      },
    },
  ])('$how keeps its maximum', async ({ documents }) => {
    const world = await city(documents, { [MISSED]: 0 });
    for (const missed of [1, 2, 3]) {
      world.show(MISSED, missed);
      await world.pass(2 * MINUTE);
    }
    expect(world.replicas()).toBe(5);
  });
});

describe('D6, §7.14: violations were counted for ever', () => {
  test('one in ten minutes never adds up to more than maxAllowed', async () => {
    const world = await city(
      { ...definition('Patient', { maxAllowed: 2, guarantees: [{ name: 'm', constraint: 'deadlines_missed < 1' }] }), ...bound('Patient') },
      { [MISSED]: 0 },
    );
    for (let missed = 1; missed <= 6; missed += 1) {
      world.show(MISSED, missed);
      await world.pass(10 * MINUTE);
    }
    expect(world.decisions()).toEqual([]);
  });

  test('three in a row do', async () => {
    const world = await city(
      { ...definition('Patient', { maxAllowed: 2, guarantees: [{ name: 'm', constraint: 'deadlines_missed < 1' }] }), ...bound('Patient') },
      { [MISSED]: 0 },
    );
    for (let missed = 1; missed <= 3; missed += 1) {
      world.show(MISSED, missed);
      await world.pass(15 * SECOND);
    }
    await world.pass(MINUTE);
    expect(world.replicas()).toBe(6);
  });
});

describe('D7, §7.13: violations were known by the name of the guarantee alone, and every second one was swallowed', () => {
  test('two tasks that break the same promise at once are both scaled', async () => {
    const other = { ...WORKFLOW, name: 'other', ports: [44241], qos: [{ qosid: 'DeadlinesMissed_1' }] };
    const world = await city({ ...bound('DeadlinesMissed_1'), 'tasks/o.json': other }, { [MISSED]: 0, deadlines_missed_other: 0 });
    world.show(MISSED, 1);
    world.show('deadlines_missed_other', 1);
    await world.pass(MINUTE);
    expect([world.replicas(), world.replicas('other')]).toEqual([6, 6]);
  });

  test('a second miss is acted on like the first', async () => {
    const world = await city(bound('DeadlinesMissed_1'), { [MISSED]: 0 });
    for (const missed of [1, 2, 3]) {
      world.show(MISSED, missed);
      await world.pass(2 * MINUTE);
    }
    expect(world.decisions().map(({ from, to }) => [from, to])).toEqual([
      [4, 6],
      [6, 9],
      [9, 14],
    ]);
  });
});

test('D10: a record was written by one id and read by another, so that a name with - was never found', async () => {
  const task = { ...WORKFLOW, name: 'a-b-c', qos: [{ qosid: 'DeadlinesMissed_1' }] };
  const world = await city({ 'tasks/w.json': task }, { deadlines_missed_a_b_c: 0 });
  world.show('deadlines_missed_a_b_c', 1);
  await world.pass(MINUTE);
  expect(world.replicas('a-b-c')).toBe(6);
});

describe('D11, §7.24: one failing guarantee ended the agreement', () => {
  const both = definition('Both', {
    guarantees: [
      { name: 'missed', constraint: 'deadlines_missed < 1' },
      { name: 'lost', constraint: 'jobs_lost < 1' },
    ],
  });

  test.each([
    { why: 'has no series', lost: undefined },
    { why: 'is NaN', lost: Number.NaN },
  ])('the other acts while one $why, and that is said', async ({ lost }) => {
    const world = await city(
      { ...both, ...bound('Both') },
      { [MISSED]: 0, ...(lost === undefined ? {} : { jobs_lost_compss_workflow: lost }) },
    );
    world.show(MISSED, 1);
    await world.pass(MINUTE);
    expect(world.replicas()).toBe(6);
    expect(world.agreements().find(({ guarantee }) => guarantee === 'lost')).toMatchObject({
      state: 'unknown',
      reason: expect.any(String),
    });
  });
});

test('D12: nothing ever scaled back in', async () => {
  const template = (name: string, spec: object) => native('QosTemplate', name, { type: 'app', cooldown: '30s', maxAllowed: 0, ...spec });
  const world = await city(
    {
      'qos/busy.json': template('busy', { scaleFactor: 2, guarantees: [{ name: 'load', constraint: 'load < 80' }] }),
      'qos/idle.json': template('idle', { action: 'scale_in', scaleFactor: 0.5, guarantees: [{ name: 'load', constraint: 'load > 20' }] }),
      'tasks/w.json': { ...WORKFLOW, qos: [{ qosid: 'busy' }, { qosid: 'idle' }] },
    },
    { load_compss_workflow: 50 },
  );
  world.show('load_compss_workflow', 90);
  await world.pass(30 * SECOND);
  world.show('load_compss_workflow', 50);
  await world.pass(5 * MINUTE);
  expect(world.replicas()).toBe(8);
  world.show('load_compss_workflow', 10);
  await world.pass(20 * MINUTE);
  expect(world.replicas()).toBeLessThan(8);
});

describe('§7.1, §2 C: the long format and tasks without QoS got an empty record, and were scaled to 0', () => {
  test.each([
    { how: 'a template named in the long format', qos: { qos: { name: 'DeadlinesMissed_1' } }, to: 9 },
    { how: 'a template named in the simple format', qos: { qos: [{ qosid: 'DeadlinesMissed_1' }] }, to: 9 },
    { how: 'no QoS at all', qos: {}, to: 4 },
    { how: 'a QoS called None', qos: { qos: { name: 'None' } }, to: 4 },
    {
      how: 'a guarantee of its own, whose violations were dropped',
      qos: {
        qos: {
          name: 'own',
          custom: [
            {
              type: 'task',
              guarantees: [{ metric: 'deadlines_missed', condition: '<', value: '1' }],
              scalefactor: 2,
              action: 'scale_out',
              max: 30,
              min: 1,
            },
          ],
        },
      },
      to: 8,
    },
  ])('$how, three misses: 4 → $to', async ({ qos, to }) => {
    const format = Array.isArray((qos as { qos?: unknown }).qos) ? WORKFLOW : LONG;
    const world = await city({ 'tasks/w.json': { ...format, ...qos } }, { [MISSED]: 0 });
    for (const missed of [1, 2, 3]) {
      world.show(MISSED, missed);
      await world.pass(15 * SECOND);
    }
    expect(world.replicas()).toBe(to);
  });
});

describe('§7.3, §4.6: what is no integer became the time, and what is missing 0', () => {
  const gauge = (constraint: string) =>
    native('QosTemplate', 'load', {
      type: 'app',
      maxAllowed: 0,
      cooldown: '0s',
      scaleFactor: 2,
      guarantees: [{ name: 'load', constraint }],
    });
  const task = { ...WORKFLOW, qos: [{ qosid: 'load' }] };

  test.each([
    { shows: 0.5, constraint: 'load < 1', state: 'met', value: 0.5 },
    { shows: 1e6, constraint: 'load < 2000000', state: 'met', value: 1e6 },
    { shows: 1.5, constraint: 'load < 1', state: 'violated', value: 1.5 },
    { shows: Number.NaN, constraint: 'load < 1', state: 'unknown', value: undefined },
    { shows: Number.POSITIVE_INFINITY, constraint: 'load < 1', state: 'unknown', value: undefined },
    { shows: undefined, constraint: 'load > 50', state: 'unknown', value: undefined },
    { shows: undefined, constraint: 'load < 1', state: 'unknown', value: undefined },
  ])('$shows, promised $constraint: $state', async ({ shows, constraint, state, value }) => {
    const world = await city(
      { 'qos/load.json': gauge(constraint), 'tasks/w.json': { ...task, replicas: 30 } },
      shows === undefined ? {} : { load_compss_workflow: shows },
    );
    expect(world.agreements()).toMatchObject([{ state, ...(value === undefined ? {} : { value }) }]);
  });

  test.each(['down', '502', 'empty', 'partial', 'stale', 'absent', 'NaN', 'hanging'] as const)(
    'a source that is %s is unknown, said, and never acted on',
    async (fault) => {
      const world = await city({ 'qos/load.json': gauge('load > 50'), 'tasks/w.json': task }, { load_compss_workflow: 60 });
      world.source.fault = fault;
      await world.pass(15 * MINUTE);
      expect(world.agreements()).toMatchObject([{ state: 'unknown', reason: expect.any(String) }]);
      expect(world.decisions()).toEqual([]);
    },
  );
});

describe('§7.4, §4.4: constraints were not read before they were judged', () => {
  test.each([
    { constraint: 'deadlines_missed + 1', why: 'ended the process' },
    { constraint: '1', why: 'ended the process' },
    { constraint: 'deadlines_missed <', why: 'was silently never judged' },
  ])('$constraint $why: it is an error of the document', ({ constraint }) => {
    const template = definition('Wrong', { guarantees: [{ name: 'm', constraint }] });
    expect(errorsIn(template)).toHaveLength(1);
  });

  test('two metrics in one were never judged: they are', async () => {
    const both = definition('Both', { guarantees: [{ name: 'm', constraint: 'deadlines_missed < 1 && jobs_lost < 1' }] });
    const world = await city({ ...both, ...bound('Both') }, { [MISSED]: 0, jobs_lost_compss_workflow: 0 });
    world.show('jobs_lost_compss_workflow', 1);
    await world.pass(MINUTE);
    expect(world.replicas()).toBe(6);
  });
});

test('§7.2: the metric was registered under the name of the guarantee, and never found: it is that of the constraint', async () => {
  const named = definition('Named', { guarantees: [{ name: 'quality of service', constraint: 'deadlines_missed < 1' }] });
  const world = await city({ ...named, ...bound('Named') }, { [MISSED]: 0 });
  world.show(MISSED, 1);
  await world.pass(MINUTE);
  expect(world.replicas()).toBe(6);
});

describe('§7.15: any unknown action scaled out', () => {
  test.each(['scale_sideways', 'restart', 'SCALE_OUT_NOW'])('%s is an error', (action) => {
    const template = native('QosTemplate', 'odd', { type: 'app', action, guarantees: [{ name: 'm', constraint: 'm < 1' }] });
    expect(errorsIn({ 'qos/odd.json': template })).toHaveLength(1);
  });
});

describe('§7.17: an explicit 0 was taken for nothing said', () => {
  test('of a definition: nothing is allowed', async () => {
    const strict = definition('Strict', { guarantees: [{ name: 'm', constraint: 'deadlines_missed < 1' }] });
    const world = await city({ ...strict, ...bound('Strict') }, { [MISSED]: 0 });
    world.show(MISSED, 1);
    await world.pass(MINUTE);
    expect(world.replicas()).toBe(6);
  });

  test('of a document of ours: down to none, and out of it again', async () => {
    const spec = { type: 'app', cooldown: '0s', maxAllowed: 0, minReplicas: 0, scaleFactor: 0.5, action: 'scale_in' };
    const idle = native('QosTemplate', 'idle', { ...spec, guarantees: [{ name: 'load', constraint: 'load > 20' }] });
    const busy = native('QosTemplate', 'busy', {
      ...spec,
      scaleFactor: 2,
      action: 'scale_out',
      guarantees: [{ name: 'load', constraint: 'load < 80' }],
    });
    const task = { ...WORKFLOW, replicas: 1, qos: [{ qosid: 'idle' }, { qosid: 'busy' }] };
    const world = await city({ 'qos/idle.json': idle, 'qos/busy.json': busy, 'tasks/w.json': task }, { load_compss_workflow: 0 });
    await world.pass(10 * MINUTE);
    expect(world.replicas()).toBe(0);
    world.show('load_compss_workflow', 100);
    await world.pass(30 * SECOND);
    expect(world.replicas()).toBe(1);
  });
});

test('README: a comparator = was no token, and the agreement silently never judged: it is judged, and never acted on', async () => {
  const inline = { qosid: 'equal', metric: 'deadlines_missed', comparator: '=', value: 1 };
  const world = await city({ 'tasks/w.json': { ...WORKFLOW, qos: [inline] } }, { [MISSED]: 0 });
  world.show(MISSED, 3);
  await world.pass(5 * MINUTE);
  expect(world.agreements()).toMatchObject([{ state: 'violated', reason: expect.stringMatching(/never acts/) }]);
  expect(world.decisions()).toEqual([]);
});

test('§7.19: replicas were counted from a stale record while a rollout was under way', async () => {
  const world = await city(bound('DeadlinesMissed_1'), { [MISSED]: 0 });
  world.show(MISSED, 1);
  await world.pass(15 * SECOND);
  world.show(MISSED, 2);
  await world.pass(15 * SECOND);
  expect(world.decisions()).toHaveLength(1);
  await world.pass(MINUTE);
  expect(world.decisions().map(({ from, to }) => [from, to])).toEqual([
    [4, 6],
    [6, 9],
  ]);
});

test('§2, D8: of the guarantees of a QoS of its own, the first alone was read: each is judged and acted on', async () => {
  const guarantees = ['deadlines_missed', 'jobs_lost'].map((metric) => ({ metric, condition: '<', value: '1' }));
  const custom = [{ type: 'task', guarantees, scalefactor: 2, action: 'scale_out', max: 30, min: 1 }];
  const world = await city({ 'tasks/w.json': { ...LONG, qos: { name: 'own', custom } } }, { [MISSED]: 0, jobs_lost_compss_workflow: 0 });
  for (const lost of [1, 2, 3]) {
    world.show('jobs_lost_compss_workflow', lost);
    await world.pass(15 * SECOND);
  }
  await world.pass(MINUTE);
  expect(world.replicas()).toBe(8);
});

test('§2: a template that nobody knows made an agreement without guarantees: it is an error', () => {
  expect(errorsIn(bound('DeadlinesMissed_3'))).toEqual([
    expect.stringMatching(/Cannot bind task 'compss-workflow' to QoS 'DeadlinesMissed_3'/),
  ]);
});

test('§2: agreements and metrics were never deleted: those of a task that is gone are, and made anew they begin anew', async () => {
  const world = await city(bound('DeadlinesMissed_1'), { [MISSED]: 0 });
  world.commit({});
  world.show(MISSED, 3);
  await world.pass(MINUTE);
  expect(world.loop.desired()?.inForce?.environment.tasks.size).toBe(0);
  world.commit(bound('DeadlinesMissed_1'));
  await world.pass(5 * MINUTE);
  expect(world.agreements()).toMatchObject([{ state: 'met', value: 0 }]);
  expect(world.decisions()).toEqual([]);
});

test('§4.6: every endpoint was asked about every task, wherever it runs: a task is judged by the sources of its own infrastructure', async () => {
  const edge = { 'infrastructures/edge.json': { ...MODENA, name: 'edge' } };
  const task = { ...WORKFLOW, cluster: 'edge', qos: [{ qosid: 'DeadlinesMissed_1' }] };
  const world = await city({ ...edge, 'tasks/w.json': task }, { [MISSED]: 0 });
  world.elsewhere.targets.set(MISSED, 0);
  world.show(MISSED, 5);
  await world.pass(5 * MINUTE);
  expect(world.decisions()).toEqual([]);
  world.elsewhere.targets.set(MISSED, 1);
  await world.pass(MINUTE);
  expect(world.decisions()).toMatchObject([{ to: 6, evidence: { value: 1, source: 'prometheus elsewhere' } }]);
});

test('§4.6: a metric that was registered twice was judged twice: two agreements on it are one action', async () => {
  const world = await city(bound('DeadlinesMissed_1', 'Default_COMPSs'), { [MISSED]: 0 });
  world.show(MISSED, 1);
  await world.pass(10 * MINUTE);
  expect(world.agreements()).toHaveLength(2);
  expect(world.decisions()).toMatchObject([{ from: 4, to: 6 }]);
});

test('§2: Infr_Mem_2GB has factor 1: it is judged, never acted on, and says so', async () => {
  const world = await city(bound('Infr_Mem_2GB'), { node_memory_MemAvailable_bytes: 1e9 });
  await world.pass(10 * MINUTE);
  expect(world.decisions()).toEqual([]);
  expect(world.agreements()).toMatchObject([
    { state: 'violated', reason: expect.stringMatching(/never acts: scale_out needs a factor above 1/) },
  ]);
});
