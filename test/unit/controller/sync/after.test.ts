import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ANNOTATION, LABEL } from '../../../../constructs/labels.ts';
import { turnOf } from '../../../../controller/sync/after.ts';
import { type Desired, desire } from '../../../../controller/sync/desired.ts';
import type { HealthState } from '../../../../controller/sync/health/health.ts';
import { EMPTY, type Entry } from '../../../../controller/sync/inventory/inventory.ts';
import { type Observed, planSync } from '../../../../controller/sync/plan.ts';
import type { Live } from '../../../../controller/sync/watch/live.ts';
import { identity, type Manifest, refOf } from '../../../../synth/manifest.ts';
import { live, SET } from './samples.ts';

const type = (apiVersion: string, kind: string) => ({ apiVersion, kind, plural: 'x', namespaced: kind !== 'Namespace', verbs: [] });
const TYPES = new Map([
  ['apps/Deployment', type('apps/v1', 'Deployment')],
  ['/Service', type('v1', 'Service')],
  ['/Namespace', type('v1', 'Namespace')],
]);

interface Object_ {
  readonly kind?: 'Deployment' | 'Service' | 'Namespace';
  readonly task?: string;
  readonly after?: string;
  /** As it is on the cluster; absent: not there. */
  readonly health?: HealthState;
  /** Its document changed since it was applied. */
  readonly changed?: boolean;
  readonly drifted?: boolean;
  /** No longer declared. */
  readonly gone?: boolean;
  readonly terminating?: boolean;
}

function manifestOf(name: string, { kind = 'Deployment', task, after }: Object_): Manifest {
  const labels = task === undefined ? {} : { [LABEL.task]: task };
  const annotations = after === undefined ? {} : { [ANNOTATION.after]: after };
  const namespace = kind === 'Namespace' ? {} : { namespace: 'class' };
  return { apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1', kind, metadata: { name, ...namespace, labels, annotations } };
}

function observedOf(objects: Readonly<Record<string, Object_>>): Observed {
  const all = Object.entries(objects).map(([name, object]) => {
    const [desired] = desire({ manifests: [manifestOf(name, object)], defaultDock: 'class' }, SET, TYPES) as [Desired];
    return { ...object, desired };
  });
  const there = all.filter(({ health }) => health !== undefined);
  const lives = new Map(
    there.map(({ desired, health = 'ready', drifted, terminating = false }): [string, Live] => {
      const { metadata } = desired.manifest;
      const ending = terminating ? { since: '2026-11-23T00:00:00Z', finalizers: [], says: [] } : undefined;
      const said = { ref: refOf(desired.manifest), state: health, reason: '' };
      return [desired.key, live(metadata.name, { turn: turnOf(metadata), health: said, ending, ...(drifted ? { fields: 'fewer' } : {}) })];
    }),
  );
  const entries = there.map(({ desired, changed }): [string, Entry] => {
    const uid = `uid-${desired.ref.name}`;
    return [desired.key, { ref: desired.ref, uid, hash: changed ? 'before' : desired.hash, fields: 'fields' }];
  });
  return {
    setId: SET,
    inventory: { ...EMPTY, revision: 'before', entries: new Map(entries) },
    lineage: { words: [], allowed: true, allowedTasks: new Set(), divergedFrom: undefined },
    desired: all.filter(({ gone }) => !gone).map(({ desired }) => desired),
    live: (key) => lives.get(key),
    members: () => lives.entries(),
    unseen: new Map(),
    elsewhere: new Map(),
    types: TYPES,
    heldUntilMs: () => undefined,
    reported: new Map(),
    takeOver: [],
  };
}

/** What is done now, and what waits for what. */
function turns(
  objects: Readonly<Record<string, Object_>>,
  waits: ReadonlyMap<string, string> = new Map(),
): { now: string[]; later: string[] } {
  const { apply, remove, later } = planSync({ infrastructure: 'modena', maxPrune: 30, removing: false, waits }, observedOf(objects));
  return {
    now: [...apply, ...remove].map(({ change }) => change.ref.name),
    later: later.map(({ ref, waitsFor }) => `${ref.name}: ${waitsFor}`),
  };
}

const A = { task: 'a' };
const B = { task: 'b', after: 'a' };

describe('planSync: a task that comes after another', () => {
  it.each<[reason: string, objects: Record<string, Object_>, now: string[], later: string[]]>([
    ['both are new', { a: A, b: B }, ['a'], ['b: Task a']],
    ['the first is not ready', { a: { ...A, health: 'progressing' }, b: B }, [], ['b: Task a']],
    ['the first is ready', { a: { ...A, health: 'ready' }, b: B }, ['b'], []],
    ['a chain', { a: A, b: B, c: { task: 'c', after: 'b' } }, ['a'], ['b: Task a', 'c: Task b']],
    ['the middle of a chain has nothing to do', { a: A, b: { ...B, health: 'ready' }, c: { task: 'c', after: 'b' } }, ['a', 'c'], []],
    ['two before it', { a: A, z: { task: 'z' }, b: { task: 'b', after: 'a, z' } }, ['a', 'z'], ['b: Task a, Task z']],
    ['it is there and as it should be', { a: { ...A, health: 'ready', changed: true }, b: { ...B, health: 'ready' } }, ['a'], []],
    ['both changed', { a: { ...A, health: 'ready', changed: true }, b: { ...B, health: 'ready', changed: true } }, ['a'], ['b: Task a']],
    ['it drifted', { a: { ...A, health: 'failed' }, b: { ...B, health: 'ready', drifted: true } }, ['b'], []],
    ['the first has failed, and others wait for nobody', { a: { ...A, health: 'failed' }, b: B, c: { task: 'c' } }, ['c'], ['b: Task a']],
    [
      'the first is ready, but for an address',
      { a: { ...A, health: 'ready' }, s: { ...A, kind: 'Service', health: 'progressing' }, b: B },
      ['b'],
      [],
    ],
    ['an object of no task waits too', { a: A, m: { after: 'a' } }, ['a'], ['m: Task a']],
  ])('%s', (_, objects, now, later) => {
    const found = turns(objects);
    expect([found.now.sort(), found.later.sort()]).toEqual([now.sort(), later.sort()]);
  });

  it('a first task that is refused holds back those after it', () => {
    const observed = observedOf({ a: { ...A, health: 'ready' }, b: B });
    const elsewhere = new Map([[observed.desired[0]?.key ?? '', 'applyset-other-v1']]);
    const { apply, later, failed } = planSync({ infrastructure: 'modena', maxPrune: 30, removing: false }, { ...observed, elsewhere });
    expect([apply.length, later.length, failed.length]).toEqual([0, 1, 1]);
  });

  it('a chain of any length settles link by link, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (length) => {
        const names = Array.from({ length }, (_, at) => `t${at}`);
        const ready = new Set<string>();
        for (const name of names) {
          const objects = names.map((one, at): [string, Object_] => {
            const after = at === 0 ? {} : { after: `t${at - 1}` };
            return [one, { task: one, ...after, ...(ready.has(one) ? { health: 'ready' as const } : {}) }];
          });
          expect(turns(Object.fromEntries(objects)).now).toEqual([name]);
          ready.add(name);
        }
      }),
    );
  });
});

describe('planSync: deleting a task that others come after', () => {
  const there = { health: 'ready', gone: true } as const;
  it.each<[reason: string, objects: Record<string, Object_>, now: string[], later: string[]]>([
    ['both go', { a: { ...A, ...there }, b: { ...B, ...there } }, ['b'], ['a: Task b']],
    ['the later one is on its way out', { a: { ...A, ...there }, b: { ...B, ...there, terminating: true } }, [], ['a: Task b']],
    ['the later one is gone', { a: { ...A, ...there } }, ['a'], []],
    ['the later one stays, and no longer waits', { a: { ...A, ...there }, b: { ...B, health: 'ready' } }, ['a'], []],
    [
      'what they stand on goes last',
      { n: { ...there, kind: 'Namespace' }, a: { ...A, ...there }, b: { ...B, ...there } },
      ['b'],
      ['a: Task b', 'n: Task a'],
    ],
    ['each after the other, of two revisions', { a: { task: 'a', after: 'b', ...there }, b: { ...B, ...there } }, ['a', 'b'], []],
  ])('%s', (_, objects, now, later) => {
    const found = turns(objects);
    expect([found.now.sort(), found.later.sort()]).toEqual([now.sort(), later.sort()]);
  });

  it('an object with a forged label holds nothing back', () => {
    const observed = observedOf({ a: { ...A, ...there }, forged: { ...B, ...there } });
    const entries = new Map([...observed.inventory.entries].filter(([, { ref }]) => ref.name !== 'forged'));
    const { remove } = planSync(
      { infrastructure: 'modena', maxPrune: 30, removing: false },
      { ...observed, inventory: { ...observed.inventory, entries } },
    );
    expect(remove.map(({ key }) => key)).toEqual([identity({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'class', name: 'a' })]);
  });
});

describe('planSync: tasks that wait for something elsewhere', () => {
  const waits = new Map([['web', 'Infrastructure edge-1']]);

  it.each<[reason: string, objects: Readonly<Record<string, Object_>>, now: string[], later: string[]]>([
    ['makes nothing of it', { web: { task: 'web' } }, [], ['web: Infrastructure edge-1']],
    ['changes nothing of it', { web: { task: 'web', health: 'ready', changed: true } }, [], ['web: Infrastructure edge-1']],
    ['deletes nothing of it', { web: { task: 'web', health: 'ready', gone: true } }, [], ['web: Infrastructure edge-1']],
    ['repairs drift of it', { web: { task: 'web', health: 'ready', drifted: true } }, ['web'], []],
    ['leaves others alone', { api: { task: 'api' }, map: {} }, ['api', 'map'], []],
    [
      'lets who comes after it wait',
      { web: { task: 'web', health: 'ready', changed: true }, api: { task: 'api', after: 'web' } },
      [],
      ['web: Infrastructure edge-1', 'api: Task web'],
    ],
  ])('%s', (_, objects, now, later) => {
    expect(turns(objects, waits)).toEqual({ now, later });
  });

  it('asks no word for deletions that are put off', () => {
    const gone = Object.fromEntries([...'abcdef'].map((name) => [name, { task: 'web', health: 'ready' as const, gone: true }]));
    expect(planSync({ infrastructure: 'modena', maxPrune: 30, removing: false, waits }, observedOf(gone)).plan.held).toBeUndefined();
  });
});
