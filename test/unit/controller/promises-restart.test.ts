import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decisionLines, parseDecision } from '../../../controller/sla/trailer.ts';
import { fakeClock } from '../../support/fake-clock.ts';
import { FaultySource } from '../../support/faulty-source.ts';
import { type MemoryKeep, memoryKeep } from '../../support/memory-keep.ts';
import { type MemoryRepository, memoryRepository } from '../../support/memory-repository.ts';
import { FakeRollouts, type PromiseLoop, startPromiseLoop } from '../../support/promise-loop.ts';
import { SECOND, silentLog } from './sla/world.ts';

const PERIOD_MS = 15 * SECOND;

const document = (kind: string, name: string, spec: object) =>
  JSON.stringify({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });
const task = (name: string, replicas: number, qos: readonly string[]) =>
  document('Task', name, { type: 'compss', replicas, containers: [{ image: 'example/worker' }], qos });
const template = (name: string, spec: object) => document('QosTemplate', name, { maxReplicas: 60, window: '2m', ...spec });

const CITY = {
  'infrastructures/modena.json': document('Infrastructure', 'modena', { type: 'kubernetes', default: true }),
  'qos/misses.json': template('misses', {
    type: 'app-compss',
    maxAllowed: 0,
    scaleFactor: 2,
    guarantees: [{ name: 'misses', constraint: 'misses < 1' }],
  }),
  'qos/busy.json': template('busy', {
    type: 'app',
    maxAllowed: 2,
    cooldown: '30s',
    scaleFactor: 2,
    guarantees: [{ name: 'load', constraint: 'load < 80' }],
  }),
  'qos/idle.json': template('idle', {
    type: 'app',
    maxAllowed: 2,
    cooldown: '30s',
    action: 'scale_in',
    scaleFactor: 0.5,
    guarantees: [{ name: 'load', constraint: 'load > 20' }],
  }),
  'qos/rate.json': template('rate', {
    type: 'app',
    action: 'target',
    targetValue: 100,
    cooldown: '15s',
    behavior: { scaleIn: { stabilizationWindow: '1m' } },
    guarantees: [{ name: 'rate', constraint: 'rate < 1000' }],
  }),
  'qos/blind.json': template('blind', {
    type: 'app',
    maxAllowed: 2,
    guarantees: [{ name: 'seen', constraint: 'seen < 80', onUnknown: 'fallback', fallback: { replicas: 6, after: '45s' } }],
  }),
  'qos/kept.json': template('kept', {
    type: 'app',
    guarantees: [{ name: 'seen', constraint: 'seen < 80', onUnknown: 'fallback', fallback: { replicas: 'current', after: '45s' } }],
  }),
  'tasks/b.json': task('b', 3, ['blind', 'kept']),
  'tasks/t.json': task('t', 3, ['rate']),
  'tasks/w.json': task('w', 2, ['misses']),
  'tasks/g.json': task('g', 4, ['busy', 'idle']),
};

type Named = 'w' | 'g' | 'b';
const QOS: Readonly<Record<Named, readonly string[]>> = { w: ['misses'], g: ['busy', 'idle'], b: ['blind', 'kept'] };

/** What happens between two scrapes. */
type Step =
  | { readonly kind: 'misses'; readonly count: number }
  | { readonly kind: 'load'; readonly value: number }
  | { readonly kind: 'rate'; readonly value: number }
  | { readonly kind: 'client restarts' }
  | { readonly kind: 'source fails'; readonly fault: 'down' | 'empty' | 'stale' | 'NaN' | undefined }
  | { readonly kind: 'gone'; readonly isGone: boolean }
  | { readonly kind: 'human'; readonly name: Named; readonly replicas: number }
  | { readonly kind: 'merge' }
  | { readonly kind: 'time' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Step>({ kind: 'time' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ kind: 'merge' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('misses' as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('load' as const), value: fc.constantFrom(5, 50, 95) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rate' as const), value: fc.constantFrom(20, 100, 250) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ kind: 'client restarts' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('source fails' as const),
      fault: fc.constantFrom('down', 'empty', 'stale', 'NaN', undefined),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('gone' as const), isGone: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('human' as const),
      name: fc.constantFrom('w', 'g', 'b'),
      replicas: fc.integer({ min: 1, max: 9 }),
    }),
  },
);

/**
 * Plays a story on one branch. At step `at`, or at each, the controller ends and another one begins: between two evaluations, or in the next commit, when
 * that has reached the branch and nothing of it is known here yet. With 'none' it only looks again, and 'beside' another one goes on, too.
 */
async function play(
  steps: readonly Step[],
  at: number | 'always',
  kill: 'none' | 'between' | 'in commit' | 'beside',
  { writeTo = 'auto', isPushed = false }: { readonly writeTo?: 'auto' | 'decisions'; readonly isPushed?: boolean } = {},
) {
  const clock = fakeClock(1_700_000_000_000);
  const repository = memoryRepository(clock);
  const source = new FaultySource('prometheus', clock);
  const keep = memoryKeep(clock);
  const cluster = new FakeRollouts(clock, 20 * SECOND);
  for (const [name, value] of Object.entries({ misses_w: 0, load_g: 50, rate_t: 100, seen_b: 50 })) source.targets.set(name, value);
  repository.add({ ...CITY, 'defaults.json': document('Defaults', 'defaults', { adaptation: { writeTo } }) });
  let dying = false;
  const mortal: MemoryRepository = {
    ...repository,
    commit: async (...args) => {
      const revision = await repository.commit(...args);
      if (!dying) return revision;
      dying = false;
      restart();
      return new Promise(() => {});
    },
  };
  const start = () =>
    startPromiseLoop({
      repository: mortal,
      sourcesOf: () => [isPushed ? keep.source : source],
      keep,
      cluster,
      evaluateEveryMs: PERIOD_MS,
      clock,
      log: silentLog,
    });
  let loop = start();
  const restart = () => {
    void loop.stop();
    keep.reopen();
    loop = start();
  };
  const others: PromiseLoop[] = [];
  /** `change` comes at another time of each second period, so that some pushes are not judged before it. */
  const tick = async (index = 0, change: () => void = () => {}) => {
    const changeMs = index % 2 === 0 ? SECOND : 8 * SECOND;
    source.scrape();
    await clock.advance(SECOND);
    if (isPushed) await pushAll(source.targets, keep);
    await clock.advance(changeMs);
    change();
    await clock.advance(PERIOD_MS - SECOND - changeMs);
  };
  for (let warm = 0; warm < 4; warm += 1) await tick();
  expect(loop.desired()?.issues).toEqual([]);
  for (const [index, one] of steps.entries()) {
    happen(one, source, repository);
    await tick(index, () => {
      if (index !== at && at !== 'always') return;
      if (kill === 'between') restart();
      dying = kill === 'in commit';
      if (kill === 'beside') others.push(start());
      loop.promises.judgeAll();
    });
  }
  for (let calm = 0; calm < 12; calm += 1) {
    source.fault = undefined;
    await tick();
  }
  for (const one of [loop, ...others]) await one.stop();
  return told(repository);
}

/** What is there is pushed, what is gone is deleted. */
function pushAll(targets: ReadonlyMap<string, number>, keep: MemoryKeep): Promise<unknown> {
  const pushes = ['misses_w', 'load_g', 'rate_t', 'seen_b'].map((name) => {
    const value = targets.get(name);
    return keep.push(value === undefined ? 'DELETE' : 'POST', `/metrics/job/${name}`, value === undefined ? '' : `${name} ${value}\n`);
  });
  return Promise.all(pushes);
}

function happen(one: Step, source: FaultySource, repository: MemoryRepository): void {
  const { targets } = source;
  if (one.kind === 'misses') targets.set('misses_w', (targets.get('misses_w') ?? 0) + one.count);
  if (one.kind === 'load') targets.set('load_g', one.value);
  if (one.kind === 'rate') targets.set('rate_t', one.value);
  if (one.kind === 'client restarts') targets.set('misses_w', 0);
  if (one.kind === 'source fails') source.fault = one.fault;
  if (one.kind === 'gone' && one.isGone) targets.delete('seen_b');
  if (one.kind === 'gone' && !one.isGone) targets.set('seen_b', 50);
  if (one.kind === 'merge') repository.merge();
  if (one.kind !== 'human') return;
  repository.add({ ...repository.files(), [`tasks/${one.name}.json`]: task(one.name, one.replicas, QOS[one.name]) });
}

async function told(repository: MemoryRepository) {
  const waiting = await repository.history((await repository.decisionsHead()) ?? '', await repository.head(), '');
  const decisions = [...repository.log(), ...waiting].flatMap(({ message }) => decisionLines(message).map((line) => parseDecision(line)));
  const replicas = ['w', 'g', 't', 'b'].map((name) => JSON.parse(repository.files()[`tasks/${name}.json`] ?? '{}').spec.replicas);
  return { replicas, decisions: decisions.map((one) => ({ change: `${one?.task} ${one?.from} → ${one?.to}`, id: one?.id })) };
}

function withoutIds({ replicas, decisions }: Awaited<ReturnType<typeof play>>) {
  return { replicas, changes: decisions.map(({ change }) => change) };
}

describe('what is decided in a random story is the same', () => {
  test.each([
    { how: 'between', why: 'after a restart at any point' },
    { how: 'between', when: 'always', why: 'after a restart at every point' },
    { how: 'between', when: 'always', writeTo: 'decisions', why: 'after a restart at every point, where decisions wait to be merged' },
    { how: 'between', when: 'always', isPushed: true, why: 'after a restart at every point, of what is pushed' },
    { how: 'in commit', why: 'after a crash between a commit and its being known' },
    { how: 'in commit', writeTo: 'decisions', why: 'after a crash between a commit that waits to be merged and its being known' },
    { how: 'beside', why: 'with another controller on the branch' },
  ] as const)('$why', { timeout: 120_000 }, async ({ how, ...more }) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 24 }), fc.nat(), async (steps, seed) => {
        const at = 'when' in more ? more.when : seed % steps.length;
        const [changed, plain] = [await play(steps, at, how, more), await play(steps, at, 'none', more)];
        // Another controller looks at other times: what is decided together, and so the commits that ids build on, may differ.
        if (how === 'beside') expect(withoutIds(changed)).toEqual(withoutIds(plain));
        else expect(changed).toEqual(plain);
      }),
      { numRuns: 10, seed: 7 },
    );
  });
});
