import { describe, expect, it } from 'vitest';
import { ApiError, Failure } from '../../../../../controller/errors.ts';
import type { Cluster, LiveObject, WatchEvent } from '../../../../../controller/ports.ts';
import { createReflector } from '../../../../../controller/sync/watch/reflector.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';
import { configMap, liveObject } from '../samples.ts';

const TYPE = { apiVersion: 'v1', kind: 'ConfigMap', plural: 'configmaps', namespaced: true, verbs: ['list', 'watch'] };
const at = (name: string, version: number): LiveObject => liveObject(configMap(name), { metadata: { resourceVersion: String(version) } });

/** A server whose lists and watches the test answers one by one. */
function world() {
  const clock = fakeClock();
  const asked: string[] = [];
  let listed: LiveObject[] = [];
  let serverVersion = '1000';
  let broken: unknown;
  let refused: unknown;
  let push: (event: WatchEvent) => void = () => {};
  let end: (error?: unknown) => void = () => {};
  const cluster = {
    async list(_: unknown, { project }: { project: (object: LiveObject) => unknown }) {
      asked.push('list');
      if (broken !== undefined) throw broken;
      return { items: listed.map(project), resourceVersion: '10' };
    },
    async versionOf() {
      asked.push('version');
      if (broken !== undefined) throw broken;
      return serverVersion;
    },
    async watch(_: unknown, version: string, __: unknown, signal: AbortSignal) {
      asked.push(`watch ${version}`);
      if (broken !== undefined) throw broken;
      if (refused !== undefined && !(refused instanceof ApiError && refused.status === 410)) throw refused;
      return events(signal);
    },
  } as unknown as Cluster;
  async function* events(signal: AbortSignal) {
    const queue: WatchEvent[] = [];
    let ended: { error?: unknown } | undefined;
    let wake = () => {};
    push = (event) => {
      queue.push(event);
      wake();
    };
    end = (error) => {
      ended = { error };
      wake();
    };
    const abort = () => end(signal.reason);
    signal.addEventListener('abort', abort);
    if (refused !== undefined) end(refused);
    for (;;) {
      for (const event of queue.splice(0)) yield event;
      if (ended !== undefined) {
        signal.removeEventListener('abort', abort);
        if (ended.error === undefined) return;
        throw ended.error;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  const changes: string[] = [];
  const reflector = createReflector({
    cluster,
    clock,
    type: TYPE,
    select: {},
    project: (object) => ({ name: object.metadata.name, resourceVersion: object.metadata.resourceVersion }),
    changed: (before, after) =>
      changes.push(`${before?.name ?? '-'}@${before?.resourceVersion ?? '-'} → ${after?.name ?? '-'}@${after?.resourceVersion ?? '-'}`),
  });
  const names = () => [...reflector.items.values()].map(({ name, resourceVersion }) => `${name}@${resourceVersion}`);
  return {
    clock,
    asked,
    changes,
    reflector,
    names,
    list: (...objects: LiveObject[]) => {
      listed = objects;
    },
    breaks: (error: unknown) => {
      broken = error;
    },
    /** Every watch: at once, or as an event when it is too old, as API servers do. */
    refuses: (error: unknown) => {
      refused = error;
    },
    isAt: (version: string) => {
      serverVersion = version;
    },
    async push(event: WatchEvent) {
      push(event);
      await clock.settle();
    },
    async end(error?: unknown) {
      end(error);
      await clock.settle();
    },
  };
}

describe('createReflector', () => {
  it('lists once, then follows, and answers ready without asking', async () => {
    const { reflector, list, push, names, asked, clock } = world();
    list(at('a', 5), at('b', 6));
    await Promise.all([reflector.ready(), reflector.ready()]);
    await clock.settle();
    await push({ type: 'MODIFIED', object: at('a', 11) });
    await push({ type: 'DELETED', object: at('b', 12) });
    await push({ type: 'ADDED', object: at('c', 13) });
    await reflector.ready();
    expect(names()).toEqual(['a@11', 'c@13']);
    expect(asked).toEqual(['list', 'watch 10']);
    reflector.close();
  });

  it('takes no answer of a write for news that the watch has gone past, as when the object is already gone', async () => {
    const { reflector, push, names } = world();
    await reflector.ready();
    await push({ type: 'ADDED', object: at('a', 11) });
    await push({ type: 'DELETED', object: at('a', 12) });
    reflector.put(at('a', 11));
    expect(names()).toEqual([]);
    reflector.put(at('b', 13));
    expect(names()).toEqual(['b@13']);
    reflector.close();
  });

  it.each([
    ['the server ends the watch in turn', undefined],
    ['the connection breaks', new Failure('transient', 'the connection broke')],
  ])('goes on from the last bookmark at once, without a list, when %s', async (_, error) => {
    const { reflector, push, end, asked, clock } = world();
    await reflector.ready();
    await push({ type: 'BOOKMARK', resourceVersion: '42' });
    await end(error);
    await clock.advance(0);
    expect(asked).toEqual(['list', 'watch 10', 'version', 'watch 42']);
    reflector.close();
  });

  it('lists again when the server is behind what it told before, and takes its older objects', async () => {
    const { reflector, list, isAt, push, end, asked, names, clock } = world();
    list(at('a', 5), at('b', 6));
    await reflector.ready();
    await push({ type: 'MODIFIED', object: at('a', 42) });
    list(at('a', 5), at('c', 4));
    isAt('41');
    await end(new Failure('transient', 'the connection broke'));
    await clock.advance(0);
    expect(asked).toEqual(['list', 'watch 10', 'version', 'list', 'watch 10']);
    expect(names()).toEqual(['a@5', 'c@4']);
    await push({ type: 'MODIFIED', object: at('a', 12) });
    expect(names()).toEqual(['a@12', 'c@4']);
    reflector.close();
  });

  it('lists again at once when its version is too old, and tells what is gone', async () => {
    const { reflector, list, end, asked, names, changes, clock } = world();
    list(at('a', 5));
    await reflector.ready();
    await clock.settle();
    list(at('b', 20));
    await end(new ApiError('too old', { status: 410, reason: 'Expired' }));
    await clock.advance(0);
    expect(asked).toEqual(['list', 'watch 10', 'list', 'watch 10']);
    expect(names()).toEqual(['b@20']);
    expect(changes).toEqual(['a@5 → -@-', '-@- → b@20']);
    reflector.close();
  });

  it('asks nothing while it is paused, and then lists: what it knows already is no news', async () => {
    const { reflector, list, push, asked, names, changes, clock } = world();
    list(at('gone', 5), at('edited', 6));
    await reflector.ready();
    reflector.pause();
    await clock.advance(60_000);
    await push({ type: 'MODIFIED', object: at('edited', 11) });
    reflector.put(at('own', 12));
    expect(asked).toEqual(['list', 'watch 10']);
    list(at('edited', 13), at('own', 12));
    await Promise.all([reflector.ready(), reflector.ready()]);
    await clock.settle();
    expect(names()).toEqual(['edited@13', 'own@12']);
    expect(changes).toEqual(['gone@5 → -@-', 'edited@6 → edited@13']);
    expect(asked.slice(2)).toEqual(['list', 'watch 10']);
    await push({ type: 'MODIFIED', object: at('own', 14) });
    expect(names()).toEqual(['edited@13', 'own@14']);
    reflector.close();
  });

  it('backs off while the server is away, and asks at once when somebody needs it', async () => {
    const { reflector, end, breaks, asked, clock } = world();
    await reflector.ready();
    await clock.settle();
    breaks(new Failure('transient', 'Cannot reach'));
    await end(new Failure('transient', 'the connection broke'));
    await clock.advance(60_000);
    const attempts = asked.length - 2;
    expect(attempts).toBeGreaterThanOrEqual(5);
    expect(attempts).toBeLessThanOrEqual(14);
    await expect(reflector.ready()).rejects.toThrow('Cannot reach');
    expect(asked.length - 2).toBe(attempts + 1);
    breaks(undefined);
    await reflector.ready();
    await clock.settle();
    expect(asked.at(-1)).toBe('watch 10');
    reflector.close();
  });

  it('does not spin on a server that ends every watch at once', async () => {
    const { reflector, end, asked, clock } = world();
    await reflector.ready();
    await clock.settle();
    for (let turn = 0; turn < 20; turn += 1) {
      await end();
      await clock.advance(100);
    }
    const watches = asked.filter((call) => call.startsWith('watch')).length;
    expect(watches).toBeGreaterThan(2);
    expect(watches).toBeLessThanOrEqual(7);
    reflector.close();
  });

  const expired = new ApiError('too old', { status: 410, reason: 'Expired' });
  const forbidden = new ApiError('cannot watch', { status: 403, reason: 'Forbidden' });

  it.each([
    ['forbids', forbidden],
    ['calls too old at once', expired],
    ['cuts at once', new Failure('transient', 'the connection broke')],
  ])('asks less and less while lists go well and the server %s every watch', async (_, error) => {
    const { reflector, refuses, end, asked, clock } = world();
    await reflector.ready();
    refuses(error);
    await end(error);
    await clock.advance(60_000);
    const watches = asked.filter((call) => call.startsWith('watch')).length;
    expect(watches).toBeLessThanOrEqual(13);
    expect(watches).toBeGreaterThanOrEqual(8);
    reflector.close();
  });

  it('has one row of attempts, however often somebody asks meanwhile', async () => {
    const { reflector, refuses, asked, clock } = world();
    refuses(expired);
    for (let ask = 0; ask < 10; ask += 1) {
      await reflector.ready();
      await clock.settle();
    }
    const before = asked.length;
    await clock.advance(60_000);
    expect(asked.length - before).toBeLessThanOrEqual(10);
    reflector.close();
  });

  it.each([
    ['an event', async ({ push }: ReturnType<typeof world>) => push({ type: 'BOOKMARK', resourceVersion: '42' })],
    ['time', async ({ clock }: ReturnType<typeof world>) => clock.advance(5000)],
  ])('a watch that is proved by %s makes the next failure the first', async (_, prove) => {
    const all = world();
    const { reflector, refuses, end, asked, clock } = all;
    refuses(expired);
    await reflector.ready();
    await clock.advance(3000);
    refuses(undefined);
    await clock.advance(10_000);
    await end(expired);
    await prove(all);
    const before = asked.length;
    await end(expired);
    await clock.advance(0);
    expect(asked.slice(before)).toEqual(['list', 'watch 10']);
    reflector.close();
  });

  it('says that its watch is forbidden, until one is allowed', async () => {
    const { reflector, refuses, end, push, changes, clock } = world();
    await reflector.ready();
    await clock.settle();
    refuses(forbidden);
    await end(forbidden);
    await clock.advance(2000);
    expect(changes).toEqual(['-@- → -@-']);
    await expect(reflector.ready()).rejects.toBe(forbidden);
    refuses(undefined);
    await reflector.ready();
    await push({ type: 'BOOKMARK', resourceVersion: '11' });
    expect(changes).toEqual(['-@- → -@-', '-@- → -@-']);
    reflector.close();
  });

  it('takes the answer of a write without calling it a change, and no older event over it', async () => {
    const { reflector, push, names, changes, clock } = world();
    await reflector.ready();
    await clock.settle();
    reflector.put(at('a', 30));
    await push({ type: 'ADDED', object: at('a', 29) });
    expect([names(), changes]).toEqual([['a@30'], []]);
    reflector.close();
  });

  it('keeps what the watch told when the answer of a write comes later', async () => {
    const { reflector, push, names, clock } = world();
    await reflector.ready();
    await clock.settle();
    await push({ type: 'MODIFIED', object: at('a', 31) });
    reflector.put(at('a', 30));
    expect(names()).toEqual(['a@31']);
    reflector.close();
  });

  it('close ends the watch and every attempt', async () => {
    const { reflector, asked, clock } = world();
    await reflector.ready();
    await clock.settle();
    reflector.close();
    await clock.advance(60_000);
    expect(asked).toEqual(['list', 'watch 10']);
  });

  it('ready rejects with the signal’s reason while a list hangs', async () => {
    const { reflector } = world();
    const reason = new Error('a newer revision');
    await expect(reflector.ready(AbortSignal.abort(reason))).rejects.toBe(reason);
    reflector.close();
  });
});
