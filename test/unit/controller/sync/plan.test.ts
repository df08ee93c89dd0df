import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../controller/errors.ts';
import { desire } from '../../../../controller/sync/desired.ts';
import { EMPTY, type Entry, type Inventory } from '../../../../controller/sync/inventory/inventory.ts';
import type { Lineage } from '../../../../controller/sync/inventory/lineage.ts';
import { entryFor, type Observed, planSync } from '../../../../controller/sync/plan.ts';
import type { Live } from '../../../../controller/sync/watch/live.ts';
import { identity, type Manifest, type ObjectRef, refOf } from '../../../../synth/manifest.ts';
import { configMap, live, manifest, SET } from './samples.ts';

const TYPE = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: ['list'] };
const TYPES = new Map([['/ConfigMap', TYPE]]);
const target = { infrastructure: 'modena', maxPrune: 30, removing: false };
const ENDING = { since: '2026-11-23T00:00:00Z', finalizers: [], says: [] };

const keyOf = (name: string) => identity(refOf(configMap(name)));
const wanted = (manifests: readonly Manifest[]) => desire({ manifests, defaultDock: 'class' }, SET, TYPES);
/** What the inventory holds after an apply of exactly this. */
function entry(name: string, changes: Partial<Entry> = {}): Entry {
  const [desired] = wanted([configMap(name)]);
  return { ref: refOf(configMap(name)), uid: `uid-${name}`, hash: desired?.hash ?? '', fields: 'fields', ...changes };
}

function observed(has: {
  desired?: readonly Manifest[];
  entries?: readonly Entry[];
  live?: Readonly<Record<string, Live>>;
  inventory?: Partial<Inventory>;
  lineage?: Partial<Lineage>;
  more?: Partial<Observed>;
}): Observed {
  const objects = new Map(Object.entries(has.live ?? {}).map(([name, one]) => [keyOf(name), one]));
  return {
    setId: SET,
    inventory: {
      ...EMPTY,
      revision: 'before',
      entries: new Map((has.entries ?? []).map((one) => [identity(one.ref), one])),
      ...has.inventory,
    },
    lineage: { words: [], allowed: false, allowedTasks: new Set(), divergedFrom: undefined, ...has.lineage },
    desired: wanted(has.desired ?? []),
    live: (key) => objects.get(key),
    members: () => objects.entries(),
    unseen: new Map(),
    elsewhere: new Map(),
    types: TYPES,
    heldUntilMs: () => undefined,
    reported: new Map(),
    takeOver: [],
    ...has.more,
  };
}

/** `owned` objects are there, and all but the first `deleted` wanted; a word let the first `letGo` go. */
function deleting(
  deleted: number,
  owned: number,
  { letGo = 0, ...has }: { inventory?: Partial<Inventory>; lineage?: Partial<Lineage>; letGo?: number },
): Observed {
  const names = Array.from({ length: owned }, (_, index) => `m${index}`);
  const entries = names.map((name, index) => entry(name, index < letGo ? { letGo: true } : {}));
  const there = Object.fromEntries(names.map((name) => [name, live(name)]));
  return observed({ desired: names.slice(deleted).map((name) => configMap(name)), entries, live: there, ...has });
}

const holder = (manager: string, field: string) => [{ manager, fieldsV1: { 'f:data': { [field]: {} } } }];
const bare = ({ uid: _, hash: __, fields: ___, ...rest }: Entry): Entry => rest;

describe('planSync: what we want', () => {
  it.each<[string, Entry | undefined, Live | undefined, string | undefined]>([
    ['as we left it', entry('x'), live('x'), undefined],
    ['never seen', undefined, undefined, 'create: new'],
    ['named, then a crash before it was made', bare(entry('x')), undefined, 'create: new'],
    ['made, then a crash before it was recorded', bare(entry('x')), live('x'), 'update: applied, but not recorded'],
    ['there, but not by us', undefined, live('x', { fields: undefined }), 'update: already there'],
    ['gone', entry('x'), undefined, 'create: somebody deleted it, or took our label off'],
    ['made again by somebody', entry('x'), live('x', { uid: 'other' }), 'update: somebody deleted it and made it again'],
    ['of an older document', entry('x', { hash: 'older' }), live('x'), 'update: its document changed'],
    ['with a field that somebody took', entry('x'), live('x', { fields: 'fewer' }), 'update: drift: somebody changed fields of ours'],
    [
      'with a field left to somebody who is there',
      entry('x', { kept: { '.data.a': { managers: ['hpa'], value: '1' } } }),
      live('x', { holding: holder('hpa', 'f:a') }),
      undefined,
    ],
    [
      'with a field left to somebody who has another one now',
      entry('x', { kept: { '.data.a': { managers: ['hpa'], value: '1' } } }),
      live('x', { holding: holder('hpa', 'f:b') }),
      'update: a field that was left to another manager is free',
    ],
    [
      'with a field left to somebody who has it by another name',
      entry('x', { kept: { '.data.a': { managers: ['hpa'], value: '1', loose: true } } }),
      live('x', { managers: ['hpa'] }),
      undefined,
    ],
    [
      'with a field left to somebody who is gone',
      entry('x', { kept: { '.data.a': { managers: ['hpa'], value: '1' } } }),
      live('x'),
      'update: a field that was left to another manager is free',
    ],
  ])('%s', (_, recorded, there, expected) => {
    const { plan } = planSync(
      target,
      observed({ desired: [configMap('x')], entries: recorded ? [recorded] : [], live: there ? { x: there } : {} }),
    );
    expect(plan.changes.map(({ op, reason }) => `${op}: ${reason}`)).toEqual(expected === undefined ? [] : [expected]);
    expect(plan.counts.unchanged).toBe(expected === undefined ? 1 : 0);
  });

  it.each([
    { managers: ['argo'], takeOver: ['argo'], changes: ['fields of argo are taken over'], reason: 'allowed' },
    { managers: ['argo'], takeOver: ['flux'], changes: [], reason: 'another one is' },
    { managers: ['argo', 'flux'], takeOver: ['flux'], changes: [], reason: 'one of two is' },
    { managers: ['argo', 'flux'], takeOver: ['flux', 'argo'], changes: ['fields of argo, flux are taken over'], reason: 'both are' },
  ])('takes over from $managers with $takeOver: $reason', ({ managers, takeOver, changes }) => {
    const entries = [entry('x', { kept: { '.data.a': { managers, value: '1' } } })];
    const { plan } = planSync(
      target,
      observed({
        desired: [configMap('x')],
        entries,
        live: { x: live('x', { holding: managers.flatMap((manager) => holder(manager, 'f:a')) }) },
        more: { takeOver },
      }),
    );
    expect(plan.changes.map(({ reason }) => reason)).toEqual(changes);
  });

  it('names in a fight who changes what we want, not who came last', () => {
    const takers = [
      { manager: 'kube-controller-manager', fields: ['.metadata.annotations.deployment.kubernetes.io/revision'] },
      { manager: 'kubectl-set', fields: ['.data.a'] },
    ];
    const there = { x: live('x', { fields: 'fewer', takers }) };
    const desired = [{ ...configMap('x'), data: { a: '1' } }];
    const entries = [entry('x', { hash: wanted(desired)[0]?.hash ?? '' })];
    const { plan } = planSync(target, observed({ desired, entries, live: there, more: { heldUntilMs: () => 1 } }));
    expect(plan.changes.map(({ op, reason }) => `${op}: ${reason}`)).toEqual([
      'leave: fighting with kubectl-set, put back once a minute: drift: kubectl-set changed .data.a',
    ]);
  });

  it('refuses a kind that is not served, and one that cannot be looked at', () => {
    const unseen = new Map([['/ConfigMap', new Failure('terminal', 'Cannot list')]]);
    const { failed, apply } = planSync(
      target,
      observed({ desired: [configMap('x'), manifest('g/v1', 'Thing', 'y', 'class')], more: { unseen } }),
    );
    expect(apply).toEqual([]);
    expect(failed.map(({ ref }) => ref.kind)).toEqual(['ConfigMap', 'Thing']);
  });

  it('waits for the definition that the same plan brings', () => {
    const crd = {
      ...manifest('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'things.g'),
      spec: { group: 'g', names: { kind: 'Thing' }, scope: 'Namespaced' },
    };
    const { apply, failed } = planSync(target, observed({ desired: [manifest('g/v1', 'Thing', 'y'), crd] }));
    expect(failed.map(({ ref }) => ref.kind)).toEqual(['CustomResourceDefinition']);
    expect(apply.map(({ change }) => change)).toMatchObject([
      { ref: { kind: 'Thing', namespace: 'class' }, waitsFor: 'CustomResourceDefinition things.g' },
    ]);
  });
});

describe('planSync: what we no longer want', () => {
  it.each<[string, Entry, Live | undefined, string]>([
    ['ours', entry('x'), live('x'), 'delete'],
    ['pending, with our label and our fields', bare(entry('x')), live('x'), 'delete'],
    ['pending, made by somebody else', bare(entry('x')), live('x', { fields: undefined, managers: ['kubectl'] }), 'forget'],
    ['gone', entry('x'), undefined, 'forget'],
    ['another object of that name', entry('x'), live('x', { uid: 'other' }), 'forget'],
    ['without our label', entry('x'), live('x', { setId: undefined }), 'forget'],
    ['with the label of another set', entry('x'), live('x', { setId: 'applyset-other-v1' }), 'forget'],
    ['on its way out', entry('x'), live('x', { ending: ENDING }), 'ending'],
    ['on its way out, but another object', entry('x'), live('x', { uid: 'other', ending: ENDING }), 'forget'],
    ['precious', entry('x'), live('x', { pruneNever: true }), 'keep'],
  ])('%s', (_, recorded, there, expected) => {
    const { plan, forget, remove } = planSync(target, observed({ entries: [recorded], live: there ? { x: there } : {} }));
    expect([...plan.changes.map(({ op }) => op), ...plan.ending.map(() => 'ending'), ...forget.map(() => 'forget')]).toEqual([expected]);
    expect(remove.length).toBe(expected === 'delete' ? 1 : 0);
  });

  it.each(['default', 'kube-system', 'rotterdam-system'])('never deletes namespace %s', (name) => {
    const ref = { apiVersion: 'v1', kind: 'Namespace', name };
    const { plan, remove } = planSync(target, observed({ entries: [{ ref, uid: 'u' }], more: { live: () => live('x', { uid: 'u' }) } }));
    expect([plan.changes.map(({ op }) => op), remove]).toEqual([['keep'], []]);
  });

  it('leaves everything of a kind that cannot be looked at', () => {
    const unseen = new Map([['/ConfigMap', new Failure('terminal', 'Cannot list')]]);
    const { plan, forget } = planSync(target, observed({ entries: [entry('x')], more: { unseen } }));
    expect([plan.changes, forget]).toEqual([[], []]);
  });

  it.each([
    [3, 3, false, undefined],
    [4, 4, false, '4 of 4'],
    [4, 100, false, undefined],
    [30, 100, false, undefined],
    [31, 100, false, '31 of 100'],
    [31, 100, true, undefined],
  ])('%i of %i with a word %s: held %s', (deleted, owned, allowed, held) => {
    const { plan, remove } = planSync(target, deleting(deleted, owned, { lineage: { allowed } }));
    expect(plan.counts.delete).toBe(deleted);
    expect(remove.length).toBe(held === undefined ? deleted : 0);
    expect(plan.held?.split(' objects')[0]).toBe(held);
  });

  it.each([
    { maxPrune: 0, deleted: 4, owned: 1000, held: true },
    { maxPrune: 0, deleted: 3, owned: 1000, held: false },
    { maxPrune: 50, deleted: 5, owned: 10, held: false },
    { maxPrune: 50, deleted: 6, owned: 10, held: true },
    { maxPrune: 100, deleted: 9, owned: 10, held: false },
    { maxPrune: 100, deleted: 10, owned: 10, held: true },
  ])('up to $maxPrune %: $deleted of $owned held $held', ({ maxPrune, deleted, owned, held }) => {
    expect(planSync({ ...target, maxPrune }, deleting(deleted, owned, {})).plan.held !== undefined).toBe(held);
  });

  it('an infrastructure that is no longer declared needs no word, but for a branch that was rewritten', () => {
    const removing = { ...target, removing: true };
    expect(planSync(removing, deleting(10, 10, {})).remove.length).toBe(10);
    expect(planSync(removing, deleting(10, 10, { lineage: { divergedFrom: 'old' } })).remove).toEqual([]);
  });

  it.each([
    { reason: 'others than are wanted', desired: 4, others: false, says: 'drift: it has 4 replicas' },
    { reason: 'those that are wanted', desired: 6, others: false, says: undefined },
    { reason: 'those that somebody else owns', desired: 4, others: true, says: undefined },
    { reason: 'none to tell of', desired: undefined, others: false, says: undefined },
  ])('a workload whose fields look settled, with $reason', ({ desired: has, others, says }) => {
    const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'app', namespace: 'class' }, spec: { replicas: 6 } };
    const types = new Map([['apps/StatefulSet', { ...TYPE, apiVersion: 'apps/v1', kind: 'StatefulSet' }]]);
    const desired = desire({ manifests: [set], defaultDock: 'class' }, SET, types);
    const entries = new Map(desired.map(({ key, ref, hash }) => [key, { ref, uid: 'uid-app', hash, fields: 'fields' }]));
    const { health, ...rest } = live('app');
    const one = { ...rest, othersReplicas: others, health: has === undefined ? health : { ...health, desired: has } };
    const more = { desired, inventory: { ...EMPTY, revision: 'before', entries }, types, live: () => one, members: () => [] };
    expect(planSync(target, observed({ more })).plan.changes.map(({ reason }) => reason)).toEqual(says === undefined ? [] : [says]);
  });

  it.each([
    { reason: 'with the replicas that they served, and asks nobody', stays: true, held: undefined, removed: 9 },
    { reason: 'with the task itself only by a word', stays: false, held: expect.stringContaining('10 of 10 objects'), removed: 0 },
  ])("workers' Services go $reason", ({ stays, held, removed }) => {
    const set = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'app', namespace: 'class' } };
    const service = (at: number) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: `app-w${at}`, namespace: 'class' } });
    const types = new Map(
      Object.entries({
        'apps/StatefulSet': { ...TYPE, apiVersion: 'apps/v1', kind: 'StatefulSet' },
        '/Service': { ...TYPE, kind: 'Service' },
      }),
    );
    const all = desire({ manifests: [set, ...Array.from({ length: 9 }, (_, at) => service(at))], defaultDock: 'class' }, SET, types);
    const entries = new Map(all.map(({ key, ref, hash }) => [key, { ref, uid: `uid-${key}`, hash, fields: 'fields' }]));
    const more = { desired: stays ? all.slice(0, 1) : [], inventory: { ...EMPTY, revision: 'before', entries }, types };
    const steps = planSync(target, observed({ more: { ...more, live: (key) => live(key), members: () => [] } }));
    expect({ held: steps.plan.held, removed: steps.remove.length }).toEqual({ held, removed });
  });

  it('a word lets go by name, so that it need not be said again and lets go no others', () => {
    const said = planSync(target, deleting(4, 10, { lineage: { allowed: true } })).letGo;
    expect([...said]).toEqual(['m0', 'm1', 'm2', 'm3'].map(keyOf));
    const again = planSync(target, deleting(4, 10, { letGo: 4 }));
    expect([again.plan.held, again.remove.length, again.letGo]).toEqual([undefined, 4, said]);
    const more = planSync(target, deleting(8, 10, { letGo: 4 }));
    expect([more.plan.held?.split(' objects')[0], more.remove.map(({ key }) => key)]).toEqual(['4 of 6', [...said]]);
  });

  it.each([
    { reason: 'no word', allowedTasks: [], held: '8 of 8', letGo: 0, removed: 0 },
    { reason: 'a word for it', allowedTasks: ['web'], held: undefined, letGo: 5, removed: 8 },
    { reason: 'a word for another', allowedTasks: ['bank'], held: '4 of 4', letGo: 4, removed: 3 },
    { reason: 'words for both', allowedTasks: ['web', 'bank'], held: undefined, letGo: 8, removed: 8 },
  ])(
    'four objects of a task, the namespace that they were in and three of another, with $reason',
    ({ allowedTasks, held, letGo, removed }) => {
      const objects = ['w0', 'w1', 'w2', 'w3', 'b0', 'b1', 'b2'].map((name) => entry(name));
      const home = { apiVersion: 'v1', kind: 'Namespace', name: 'class' };
      const entries = [...objects, { ref: home, uid: 'uid-class', hash: 'h', fields: 'fields' }];
      const turnOf = (ref: ObjectRef) => (ref.kind === 'Namespace' ? {} : { task: ref.name.startsWith('w') ? 'web' : 'bank' });
      const types = new Map([...TYPES, ['/Namespace', { ...TYPE, kind: 'Namespace', plural: 'namespaces', namespaced: false }]]);
      const more = { types, live: (_: string, ref: ObjectRef) => live(ref.name, { turn: turnOf(ref) }) };
      const steps = planSync(target, observed({ entries, lineage: { allowedTasks: new Set(allowedTasks) }, more }));
      expect({ held: steps.plan.held?.split(' objects')[0], letGo: steps.letGo.size, removed: steps.remove.length }).toEqual({
        held,
        letGo,
        removed,
      });
    },
  );

  it.each([
    { reason: 'just now', lineage: { divergedFrom: 'old' }, inventory: {}, held: true, divergedFrom: 'old' },
    { reason: 'before', lineage: {}, inventory: { divergedFrom: 'old' }, held: true, divergedFrom: 'old' },
    { reason: 'before, and a word is said', lineage: { allowed: true }, inventory: { divergedFrom: 'old' }, held: false },
    { reason: 'never', lineage: {}, inventory: {}, held: false },
  ])('a branch that was rewritten $reason', ({ lineage, inventory, held, divergedFrom }) => {
    const steps = planSync(target, deleting(1, 10, { lineage, inventory }));
    expect(steps).toMatchObject({ remove: { length: held ? 0 : 1 }, divergedFrom });
    const sentence =
      "1 of 10 objects would be deleted, but old, which was applied before, is not part of this revision (the branch was rewritten, or merged from a side): commit with the trailer 'Rotterdam-Allow-Prune: modena' to let them go";
    expect(steps.plan.held).toBe(held ? sentence : undefined);
  });

  it('a rewritten branch that wants all that there is is a branch like any other, once everything is seen', () => {
    const rewritten = { lineage: { divergedFrom: 'old' } };
    expect(planSync(target, deleting(0, 10, rewritten))).toMatchObject({ plan: { changes: [] }, divergedFrom: undefined });
    const unseen = new Map([['apps/Deployment', new Failure('terminal', 'Cannot list')]]);
    expect(planSync(target, { ...deleting(0, 10, rewritten), unseen })).toMatchObject({ divergedFrom: 'old' });
  });

  it('a word that no plan needed lets nothing go, and what is wanted again is no longer let go', () => {
    expect(planSync(target, deleting(2, 10, { lineage: { allowed: true } })).letGo.size).toBe(0);
    expect(planSync(target, deleting(0, 10, { letGo: 1 })).letGo.size).toBe(0);
  });
});

describe('planSync: what others live in', () => {
  const space = { apiVersion: 'v1', kind: 'Namespace', name: 'class' };
  const definition = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'configmaps.' };
  const inClass = { ...live('x'), turn: { task: 'web' } };
  const recorded = [{ ref: space, uid: 'uid-class' }, { ref: definition, uid: 'uid-kind' }, entry('x')];
  const homes = new Map([space, definition].map((ref) => [identity(ref), live(ref.name === 'class' ? 'class' : 'kind')]));
  const plan = (there: Live, has: Parameters<typeof observed>[0] = {}, held: readonly string[] = []) => {
    const objects = new Map([...homes, [keyOf('x'), there] as const]);
    const more = { live: (key: string) => objects.get(key), members: () => objects.entries() };
    return planSync({ ...target, maxPrune: 100, held: new Set(held) }, observed({ entries: recorded, more, ...has }));
  };

  it('goes with all that is ours in it', () => {
    expect(plan(inClass).remove.map(({ change }) => change.ref.name)).toEqual(['x', 'configmaps.', 'class']);
    expect(plan({ ...inClass, ending: ENDING }).remove.map(({ change }) => change.ref.name)).toEqual(['configmaps.', 'class']);
  });

  it.each([
    { reason: 'is never pruned', steps: plan({ ...inClass, pruneNever: true }) },
    { reason: 'is of a task that is left as it is', steps: plan(inClass, {}, ['web']) },
    { reason: 'is wanted', steps: plan(inClass, { desired: [configMap('x')] }) },
    { reason: 'has our label, but was never recorded', steps: plan(inClass, { entries: recorded.slice(0, 2) }) },
  ])('stays while something in it $reason', ({ steps }) => {
    expect(steps.remove).toEqual([]);
    expect(steps.plan.changes.filter(({ ref }) => ref.kind !== 'ConfigMap')).toMatchObject([
      { op: 'keep', ref: space, reason: 'ConfigMap class/x stays, and would go with it' },
      { op: 'keep', ref: definition },
    ]);
  });

  it('stays while something in it waits for other infrastructures', () => {
    const objects = new Map([[identity(space), live('class')] as const, [keyOf('x'), inClass] as const]);
    const more = { live: (key: string) => objects.get(key), members: () => objects.entries() };
    const waits = new Map([['web', 'Task web on milan']]);
    const entries = [{ ref: space, uid: 'uid-class' }, entry('x')];
    expect(planSync({ ...target, waits }, observed({ entries, more }))).toMatchObject({ remove: [], later: { length: 1 } });
  });

  it('stays while the deletion of something in it waits for a word, though a word let it go before', () => {
    const many = ['x', 'b', 'c', 'd'].map((name) => entry(name));
    const entries = [{ ref: space, uid: 'uid-class', letGo: true as const }, ...many];
    const objects = new Map([
      [identity(space), live('class')] as const,
      ...many.map(({ ref }) => [identity(ref), live(ref.name)] as const),
    ]);
    const more = { live: (key: string) => objects.get(key), members: () => objects.entries() };
    expect(planSync(target, observed({ entries, more }))).toMatchObject({ remove: [], plan: { counts: { delete: 5 } } });
  });
});

describe('planSync: a task that is left as it is', () => {
  const held = { ...target, held: new Set(['web']) };
  const ofTask = (names: readonly string[], task: string) =>
    Object.fromEntries(names.map((name) => [name, live(name, { turn: { task } })]));

  it('counts as ours when deletions are counted', () => {
    const names = Array.from({ length: 20 }, (_, index) => `m${index}`);
    const there = { ...ofTask(names.slice(5), 'web'), ...ofTask(names.slice(0, 5), 'other') };
    const { plan, remove } = planSync(held, observed({ entries: names.map((name) => entry(name)), live: there }));
    expect([plan.held, remove.length]).toEqual([undefined, 5]);
  });

  it('counts when deletions are counted, though it waits for other infrastructures', () => {
    const names = Array.from({ length: 10 }, (_, index) => `m${index}`);
    const there = { ...ofTask(names.slice(0, 3), 'web'), ...ofTask(names.slice(3), 'other') };
    const waits = new Map([['web', 'Task web on milan']]);
    const has = { desired: names.slice(4).map((name) => configMap(name)), entries: names.map((name) => entry(name)), live: there };
    expect(planSync({ ...target, waits }, observed(has))).toMatchObject({
      remove: [],
      plan: { held: expect.stringContaining('4 of 10 objects') },
    });
  });

  it('keeps a word that was said for it, and the memory of a branch that was rewritten', () => {
    const seen = { entries: [entry('x', { letGo: true })], live: ofTask(['x'], 'web'), lineage: { divergedFrom: 'old' } };
    const steps = planSync(held, observed(seen));
    expect(steps).toMatchObject({ remove: [], divergedFrom: 'old' });
    expect([...steps.letGo]).toEqual([keyOf('x')]);
  });
});

describe('planSync: laws', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const lives = fc.dictionary(
    name,
    fc.record({
      uid: fc.constantFrom('uid-a', 'uid-b', 'other'),
      setId: fc.constantFrom(SET, 'applyset-other-v1', undefined),
      fields: fc.constantFrom('fields', 'fewer', undefined),
      pruneNever: fc.boolean(),
      ending: fc.constantFrom(ENDING, undefined),
    }),
    { noNullPrototype: true },
  );
  const worlds = fc.record({
    desired: fc.uniqueArray(name),
    entries: fc.uniqueArray(fc.record({ name, pending: fc.boolean() }), { selector: (one) => one.name }),
    lives,
  });

  it('deletes only what is recorded, undesired, labelled, of the same uid and not precious', () => {
    fc.assert(
      fc.property(worlds, ({ desired, entries, lives: there }) => {
        const recorded = entries.map((one) => (one.pending ? bare(entry(one.name)) : entry(one.name)));
        const objects = Object.fromEntries(Object.entries(there).map(([key, changes]) => [key, live(key, changes)]));
        const { remove } = planSync(target, observed({ desired: desired.map((one) => configMap(one)), entries: recorded, live: objects }));
        for (const { change, uid } of remove) {
          const object = objects[change.ref.name];
          expect(desired).not.toContain(change.ref.name);
          expect(object).toMatchObject({ uid, setId: SET, pruneNever: false, ending: undefined });
          const own = recorded.find(({ ref }) => ref.name === change.ref.name);
          expect(own).toBeDefined();
          expect(own?.uid ?? uid).toBe(uid);
        }
      }),
    );
  });

  it('every desired object is sent, refused or unchanged, once', () => {
    fc.assert(
      fc.property(worlds, ({ desired, entries, lives: there }) => {
        const objects = Object.fromEntries(Object.entries(there).map(([key, changes]) => [key, live(key, changes)]));
        const { plan, apply, failed } = planSync(
          target,
          observed({ desired: desired.map((one) => configMap(one)), entries: entries.map((one) => entry(one.name)), live: objects }),
        );
        expect(apply.length + failed.length + plan.counts.unchanged).toBe(desired.length);
        expect(plan.counts.create + plan.counts.update).toBe(apply.length);
      }),
    );
  });
});

describe('entryFor', () => {
  it('speaks for a pending object only with our label and our fields', () => {
    expect(entryFor(bare(entry('x')), live('x'), SET)).toMatchObject({ uid: 'uid-x' });
    expect(entryFor(bare(entry('x')), live('x', { setId: undefined }), SET)).toBeUndefined();
    expect(entryFor(bare(entry('x')), live('x', { fields: undefined }), SET)).toBeUndefined();
  });
});
