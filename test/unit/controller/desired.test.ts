import { describe, expect, it } from 'vitest';
import { DesiredState } from '../../../controller/desired.ts';
import { wantedOf } from '../../../controller/wanted.ts';
import { memoryRepository } from '../../support/memory-repository.ts';

const INFRASTRUCTURE =
  'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: modena}\nspec: {type: kubernetes, default: true}\n';
const task = (replicas: number) => JSON.stringify({ name: 'redis', image: 'redis', replicas });
const city = (replicas: number, more: Readonly<Record<string, string>> = {}) => ({
  'infrastructures/modena.yaml': INFRASTRUCTURE,
  'tasks/redis.json': task(replicas),
  ...more,
});
const DOCK = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Dock\nmetadata: {name: spare}\nspec: {infrastructures: []}\n';
const BROKEN = { 'tasks/broken.yaml': 'kind: [' };
const decision = (from: number, to: number) =>
  `Scale redis\n\nRotterdam-Decision: ${JSON.stringify({
    id: `${from}-${to}`,
    environment: 'city',
    task: 'redis',
    agreement: 'redis_deadlines',
    guarantee: 'deadlines_missed',
    from,
    to,
    evidence: { value: 1, limit: 1, at: '2026-01-01T00:00:00Z', source: 'push', consumed: {} },
    reason: 'deadlines_missed 1, promised < 1',
  })}`;

function setup() {
  const repository = memoryRepository();
  return { repository, state: new DesiredState(repository, 'city') };
}
const replicas = (desired: Awaited<ReturnType<DesiredState['at']>>) => desired.inForce?.environment.tasks.get('redis')?.spec.replicas;

describe('DesiredState', () => {
  it('puts a valid tip in force', async () => {
    const { repository, state } = setup();
    const tip = repository.add(city(4));
    const desired = await state.at(tip);
    expect({ revision: desired.inForce?.revision, replicas: replicas(desired) }).toEqual({ revision: tip, replicas: 4 });
  });

  it('reads the same tip once', async () => {
    const { repository, state } = setup();
    const tip = repository.add(city(4));
    expect(await state.at(tip)).toBe(await state.at(tip));
    expect(repository.reads).toHaveLength(1);
  });

  it('keeps the newest valid ancestor in force, past commits that are invalid or elsewhere', async () => {
    const { repository, state } = setup();
    repository.add(city(2));
    const valid = repository.add(city(4));
    repository.add(city(5, BROKEN));
    repository.add(city(6, BROKEN));
    const desired = await state.at(await repository.head());
    expect({ revision: desired.inForce?.revision, replicas: replicas(desired) }).toEqual({ revision: valid, replicas: 4 });
    expect(desired.issues).toContainEqual(expect.objectContaining({ file: 'environments/city/tasks/broken.yaml', severity: 'error' }));
  });

  it.each([
    { reason: 'while it runs', restarted: false },
    { reason: 'after a restart', restarted: true },
  ])('knows an infrastructure that is to be emptied as its document is gone, $reason', async ({ restarted }) => {
    const { repository, state } = setup();
    const edge = INFRASTRUCTURE.replace('modena', 'edge').replace(', default: true', ', sync: {onRemoval: prune}');
    const before = repository.add(city(2, { 'infrastructures/edge.yaml': edge }));
    if (!restarted) expect((await state.at(before)).removals).toEqual([]);
    repository.add(city(2, BROKEN));
    expect((await state.at(await repository.head())).removals).toEqual([]);
    const removal = repository.add(city(3, BROKEN));
    const tip = repository.add(city(3));
    const desired = await state.at(tip);
    expect(desired.removals.map(({ infrastructure: { name } }) => name)).toEqual(['edge']);
    expect(desired.removals[0]?.revision).not.toBe(removal);
    expect(
      wantedOf(desired, []).map(({ infrastructure, removal: word, manifests }) => [infrastructure.name, word, manifests.length]),
    ).toEqual([
      ['modena', undefined, expect.any(Number)],
      ['edge', desired.removals[0]?.revision, 0],
    ]);
    expect(wantedOf(desired, ['modena']).map(({ infrastructure }) => infrastructure.name)).toEqual(['modena']);
  });

  it('puts decisions made on an invalid tip on the valid revision, and no human edits', async () => {
    const { repository, state } = setup();
    const valid = repository.add(city(4));
    repository.add(city(4, BROKEN));
    repository.add(city(6, BROKEN), { message: decision(4, 6) });
    repository.add(city(20, BROKEN), { message: 'Scale by hand, unseen while the tip is broken' });
    const desired = await state.at(await repository.head());
    expect({ revision: desired.inForce?.revision, replicas: replicas(desired) }).toEqual({ revision: valid, replicas: 6 });
  });

  it.each([
    { reason: 'while it runs', restarted: false },
    { reason: 'after a restart', restarted: true },
  ])('keeps decisions in force under an invalid merge from a side, $reason', async ({ restarted }) => {
    const { repository, state } = setup();
    const first = repository.add(city(4));
    const decided = repository.add(city(6), { message: decision(4, 6) });
    if (!restarted) await state.at(decided);
    const side = repository.add(city(4, { 'tasks/side.json': JSON.stringify({ name: 'side', image: 'redis' }) }), { parent: first });
    const merge = repository.add(city(6, BROKEN), { parent: side, merged: decided });
    const desired = await state.at(merge);
    expect({ revision: desired.inForce?.revision, replicas: replicas(desired) }).toEqual({
      revision: restarted ? side : decided,
      replicas: 6,
    });
  });

  it('judges what is in force by its own history, not by that of an invalid tip', async () => {
    const { repository, state } = setup();
    const bound = (qos: string) => JSON.stringify({ name: 'redis', image: 'redis', replicas: 4, qos: [{ qosid: qos }] });
    const valid = repository.add({ ...city(4), 'tasks/redis.json': bound('DeadlinesMissed_1') });
    const { history } = await state.at(repository.add({ ...city(4), 'tasks/redis.json': bound('DeadlinsMissed_1') }));
    expect(history.tasks.get('redis')?.agreed.get('DeadlinesMissed_1')?.revision).toBe(valid);
  });

  it('has nothing in force where no revision was ever valid', async () => {
    const { repository, state } = setup();
    repository.add(BROKEN);
    const { inForce, issues } = await state.at(repository.add({ ...BROKEN, 'tasks/other.yaml': '[' }));
    expect(inForce).toBeUndefined();
    expect(issues.length).toBeGreaterThan(1);
  });

  it('takes a folder that is gone for a mistake', async () => {
    const { repository, state } = setup();
    const valid = repository.add(city(4));
    const desired = await state.at(repository.add({}));
    expect(desired.inForce?.revision).toBe(valid);
    expect(desired.issues.map(({ code }) => code)).toEqual(['unknown-environment']);
  });

  it('wants the same work, object for object, where a commit changes nothing of it', async () => {
    const { repository, state } = setup();
    const before = wantedOf(await state.at(repository.add(city(4))), []);
    const after = wantedOf(await state.at(repository.add(city(4, { 'docks/spare.yaml': DOCK }))), []);
    expect(before[0]?.manifests.length).toBeGreaterThan(1);
    for (const manifest of before[0]?.manifests ?? []) expect(after[0]?.manifests.some((other) => other === manifest)).toBe(true);
  });

  it('folds only what is new, and starts again when the branch was rewritten', async () => {
    const { repository, state } = setup();
    const first = repository.add(city(4));
    await state.at(repository.add(city(6), { message: decision(4, 6) }));
    const more = await state.at(repository.add(city(9), { message: decision(6, 9) }));
    expect(more.history.tasks.get('redis')?.decisions.map(({ to }) => to)).toEqual([6, 9]);
    const rewritten = await state.at(repository.add(city(5), { message: 'Scale by hand', parent: first }));
    expect(rewritten.history.tasks.get('redis')).toMatchObject({ decisions: [], human: { from: 4, to: 5 } });
  });

  it('names the set after the first commit, or as the Defaults say', async () => {
    const { repository, state } = setup();
    const first = repository.add(city(4));
    expect((await state.at(first)).syncId).toBe(first.slice(0, 12));
    const defaults = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Defaults\nspec: {sync: {id: ours}}\n';
    expect((await state.at(repository.add(city(4, { 'defaults.yaml': defaults })))).syncId).toBe('ours');
  });
});
