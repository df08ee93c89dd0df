import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster } from '../../controller/ports.ts';
import { INVENTORY_LABEL, parentRef, SYSTEM_NAMESPACE, setIdOf } from '../../controller/sync/inventory/applyset.ts';
import { EMPTY, type Entry, type Inventory } from '../../controller/sync/inventory/inventory.ts';
import { createLedger, type Ledger } from '../../controller/sync/inventory/ledger.ts';
import { identity, type ObjectRef } from '../../synth/manifest.ts';
import type { Place } from './cluster-place.ts';
import { dyingAt, recording } from './wrapped-cluster.ts';

/** What the inventory keeps with any API server: however large it is, and whenever it is cut off. */
export function inventoryContract(start: () => Place | Promise<Place>): void {
  let place: Place;
  let cluster: Cluster;
  let parent: ObjectRef;
  let number = 0;
  const ledgers: Ledger[] = [];

  beforeAll(async () => {
    place = await start();
    cluster = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
  });
  beforeEach(() => {
    parent = parentRef({ environment: `city-${++number}`, infrastructure: 'dev', syncId: 'root' });
  });
  afterEach(() => {
    for (const ledger of ledgers.splice(0)) ledger.close();
  });
  afterAll(async () => {
    cluster?.close();
    await place?.stop();
  });

  const ledger = (through = cluster, changed = () => {}): Ledger => {
    const one = createLedger({ cluster: through, clock: systemClock, parent, changed });
    ledgers.push(one);
    return one;
  };
  const holding = (count: number, hash = 'a', revision = 'a'.repeat(40)): Inventory & { revision: string } => {
    const entries = Array.from({ length: count }, (_, index): Entry => {
      const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: `dock-${index % 40}`, name: `a-task-with-a-name-${index}` };
      return { ref, uid: `00000000-0000-0000-0000-${index}`.padEnd(36, '0'), hash: hash.repeat(16), fields: 'f'.repeat(16) };
    });
    return { ...EMPTY, revision, entries: new Map(entries.map((entry) => [identity(entry.ref), entry])) };
  };
  const stored = async () => {
    const type = (await cluster.resource('v1', 'ConfigMap')) ?? expect.fail('no ConfigMaps');
    const labelSelector = `${INVENTORY_LABEL}=${setIdOf(parent)}`;
    return (await cluster.list(type, { namespace: SYSTEM_NAMESPACE, labelSelector })).items;
  };
  const read = async (from: Ledger) => {
    const { revision, entries } = await from.read();
    return { revision, hash: entries.get('apps/Deployment/dock-0/a-task-with-a-name-0')?.hash, size: entries.size };
  };

  it('holds 16,000 objects; a change of one is one small write, and a restart one list', async () => {
    const calls: string[] = [];
    const first = ledger(recording(cluster, calls));
    const all = holding(16_000);
    await first.read();
    await first.write(all);
    calls.length = 0;
    const [key, entry] = all.entries.entries().next().value ?? expect.fail('no entry');
    await first.write({ ...all, entries: new Map([...all.entries, [key, { ...entry, hash: 'c'.repeat(16) }]]) });
    expect(calls).toEqual(['replace']);
    const own = (await stored()).find(({ metadata }) => metadata.name === parent.name);
    expect(JSON.stringify(own?.data).length).toBeLessThan(2000);
    calls.length = 0;
    expect(await read(ledger(recording(cluster, calls)))).toEqual({ revision: all.revision, hash: 'c'.repeat(16), size: 16_000 });
    expect(calls.filter((call) => call !== 'list')).toEqual([]);
  });

  it('leaves no part behind that it no longer needs', async () => {
    const one = ledger();
    await one.read();
    await one.write(holding(3000));
    const parts = (await stored()).length;
    for (const hash of ['b', 'c']) await one.write(holding(3000, hash));
    await expect.poll(async () => (await stored()).length).toBe(parts);
    await one.write(holding(2));
    await expect.poll(async () => (await stored()).length).toBe(1);
  });

  it('another who writes is seen, whole, and his word stands', async () => {
    let moved = 0;
    const mine = ledger(cluster, () => {
      moved += 1;
    });
    const theirs = ledger();
    for (const each of [mine, theirs]) await each.read();
    await mine.write(holding(2000));
    await expect.poll(() => read(theirs)).toMatchObject({ size: 2000 });
    expect(moved).toBe(0);
    await theirs.write(holding(2500, 'b', 'b'.repeat(40)));
    await expect(mine.write(holding(2000, 'c'))).rejects.toMatchObject({ outcome: 'transient' });
    await expect.poll(() => read(mine)).toEqual({ revision: 'b'.repeat(40), hash: 'b'.repeat(16), size: 2500 });
    expect(moved).toBeGreaterThan(0);
  });

  it('makes a part again that somebody deleted, and guesses nothing when it was not there to see it', async () => {
    const one = ledger();
    await one.read();
    await one.write(holding(2000));
    const [part] = (await stored()).filter(({ metadata }) => metadata.name !== parent.name);
    await cluster.remove({ ...parent, name: part?.metadata.name ?? '' }, { uid: part?.metadata.uid ?? '' });
    const seen = () =>
      ledger()
        .read()
        .then(String, ({ outcome, message }) => `${outcome}: ${message}`);
    await expect.poll(seen).toMatch(/^terminal: Cannot read the inventory in ConfigMap/);
    await expect.poll(() => one.write(holding(2000)).then(() => ledger().read())).toMatchObject({ revision: 'a'.repeat(40) });
  });

  it('cut off at any write, before or after the server heard it, it is the old whole state or the new one', async () => {
    const before = holding(1500);
    const after = holding(2500, 'b', 'b'.repeat(40));
    let whole = 0;
    for (const when of ['before', 'after'] as const) {
      for (let call = 1; ; call++) {
        parent = parentRef({ environment: `cut-${number}-${when}-${call}`, infrastructure: 'dev', syncId: 'root' });
        const first = ledger();
        await first.read();
        await first.write(before);
        const mortal = dyingAt(cluster, call, when);
        const cut = ledger(mortal.cluster);
        const died = await cut
          .read()
          .then(() => cut.write(after))
          .catch(() => 'died');
        cut.close();
        const left = await read(ledger());
        expect([before.revision, after.revision]).toContain(left.revision);
        expect(left).toEqual(
          left.revision === before.revision
            ? { revision: before.revision, hash: 'a'.repeat(16), size: 1500 }
            : { revision: after.revision, hash: 'b'.repeat(16), size: 2500 },
        );
        if (mortal.written.length < call) {
          expect([died, left.revision]).toEqual([undefined, after.revision]);
          break;
        }
        whole += 1;
      }
    }
    expect(whole).toBeGreaterThanOrEqual(8);
  });

  it.each([
    { reason: 'another tool wrote it', change: { annotations: { 'applyset.kubernetes.io/tooling': 'kubectl/v1.32' } } },
    { reason: 'its label rotterdam.dev/inventory is gone', change: { labels: {} } },
  ])('refuses a parent when $reason', async ({ reason, change }) => {
    const one = ledger();
    await one.read();
    await one.write(holding(1));
    const there = (await stored())[0] ?? expect.fail('nothing is stored');
    await cluster.replace({ ...there, metadata: { ...there.metadata, ...change } });
    const other = ledger();
    await expect(other.read().then(() => other.write(holding(2)))).rejects.toMatchObject({
      outcome: 'terminal',
      message: expect.stringContaining(reason),
    });
  });
}
