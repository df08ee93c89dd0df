import { describe, expect, it } from 'vitest';
import { ApiError, Failure } from '../../../../../controller/errors.ts';
import type { Cluster } from '../../../../../controller/ports.ts';
import { createEventSender } from '../../../../../controller/sync/events/event-sender.ts';
import { eventsOf } from '../../../../../controller/sync/events/events.ts';
import type { Manifest } from '../../../../../synth/manifest.ts';

const CONTEXT = {
  environment: 'city',
  infrastructure: 'modena',
  syncId: 'root',
  revision: 'a'.repeat(40),
  subject: 'Change the city',
  nowMs: Date.UTC(2026, 0, 1),
};
const refOf = (name: string, namespace: string | undefined = 'dock') => ({ apiVersion: 'apps/v1', kind: 'Deployment', namespace, name });
const change = (name: string, op: 'create' | 'update' | 'delete' = 'update') => ({ op, ref: refOf(name), reason: 'its document changed' });
const NOTHING = { applied: [], failed: [], conflicts: [], uidOf: () => 'uid' };

describe('eventsOf', () => {
  it.each([
    { op: 'create' as const, reason: 'Created' },
    { op: 'update' as const, reason: 'Applied' },
    { op: 'delete' as const, reason: 'Deleted' },
  ])('tells $op as $reason, with the revision and its subject, where the object is', ({ op, reason }) => {
    const [event] = eventsOf({ ...NOTHING, applied: [change('hello', op)] }, CONTEXT);
    expect(event).toMatchObject({
      metadata: { namespace: 'dock', name: expect.stringMatching(/^hello\.[0-9a-f]{16}$/) },
      involvedObject: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'dock', name: 'hello', uid: 'uid' },
      message: `${reason} by revision aaaaaaaaaa "Change the city": its document changed`,
      type: 'Normal',
      firstTimestamp: '2026-01-01T00:00:00Z',
      reason,
    });
  });

  it('warns of failures first, and of conflicts of what was applied, not of old ones', () => {
    const failed = [{ ref: refOf('broken'), error: new Failure('terminal', 'Cannot apply it') }];
    const conflict = (name: string) => ({ ref: refOf(name), field: '.spec', managers: ['argo'], live: '1', wanted: '2' });
    const conflicts = [conflict('hello'), conflict('old')] as never;
    const events = eventsOf({ ...NOTHING, applied: [change('hello')], failed, conflicts }, CONTEXT);
    expect(events.map(({ reason, type }) => [reason, type])).toEqual([
      ['Failed', 'Warning'],
      ['Conflict', 'Warning'],
      ['Applied', 'Normal'],
    ]);
  });

  it('sums up what is more than 50, on the inventory', () => {
    const applied = Array.from({ length: 4_000 }, (_, n) => change(`a-${n}`));
    const events = eventsOf({ ...NOTHING, applied }, CONTEXT);
    expect(events).toHaveLength(51);
    expect(events.at(-1)).toMatchObject({
      metadata: { namespace: 'rotterdam-system' },
      message: '4000 events of revision aaaaaaaaaa "Change the city", of which 3950 are not told one by one',
    });
  });

  it('names the same event alike, and one of another revision or object otherwise', () => {
    const name = (changes: object, uid = 'uid') =>
      eventsOf({ ...NOTHING, applied: [change('hello')], uidOf: () => uid }, { ...CONTEXT, ...changes })[0]?.metadata.name;
    expect(name({ nowMs: 0 })).toBe(name({}));
    expect(new Set([name({}), name({ revision: 'b' }), name({}, 'other')]).size).toBe(3);
  });

  it('makes a name that Kubernetes takes of any, and puts what has no namespace into default', () => {
    const ref = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: `System:${'x'.repeat(250)}` };
    const [event] = eventsOf({ ...NOTHING, applied: [{ op: 'create', ref, reason: 'new' }] }, CONTEXT);
    expect(event?.metadata.namespace).toBe('default');
    expect(event?.metadata.name).toMatch(/^[a-z0-9][a-z0-9.-]{1,252}$/);
  });
});

describe('createEventSender', () => {
  const event = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Event', metadata: { name } });
  function setup(create: (name: string) => Promise<void> = async () => undefined) {
    const made: string[] = [];
    const said: string[] = [];
    const cluster = {
      create: async (manifest: Manifest) => {
        made.push(manifest.metadata.name);
        await create(manifest.metadata.name);
        return manifest;
      },
    } as unknown as Cluster;
    const note = ({ reason }: Readonly<Record<string, unknown>>) => void said.push(String(reason));
    const sender = createEventSender({ infrastructure: 'modena', log: { debug: note, info: note, warn: note, error: note } });
    return { send: (...names: string[]) => sender.send(cluster, names.map(event)), made, said };
  }
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const answer = (status: number, message: string) => async () => {
    throw new ApiError(message, { status, reason: '' });
  };

  it('sends each event once, whatever came of the one before', async () => {
    const { send, made, said } = setup(answer(409, 'already exists'));
    send('a', 'b');
    send('b', 'c');
    await settle();
    expect([made, said]).toEqual([['a', 'b', 'c'], []]);
  });

  it('says a missing right once, and sends no more', async () => {
    const { send, made, said } = setup(answer(403, 'events is forbidden'));
    send('a', 'b');
    await settle();
    send('c');
    await settle();
    expect(made).toEqual(['a']);
    expect(said).toEqual(['Cannot tell of changes by Kubernetes Events: events is forbidden']);
  });

  it('goes on after a namespace that is being deleted', async () => {
    const { send, made, said } = setup(answer(403, 'forbidden: it is being terminated'));
    send('a', 'b');
    await settle();
    expect([made, said]).toEqual([['a', 'b'], []]);
  });

  it('sends one at a time, and keeps no more than 200 waiting', async () => {
    const { send, made } = setup(() => new Promise(() => undefined));
    send(...Array.from({ length: 5_000 }, (_, n) => `${n}`));
    await settle();
    expect(made).toHaveLength(1);
  });
});
