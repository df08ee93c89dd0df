import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../../../../controller/ports.ts';
import { parentRef } from '../../../../../controller/sync/inventory/applyset.ts';
import {
  EMPTY,
  type Entry,
  type Inventory,
  NOTHING,
  readInventory,
  type Stored,
  writeInventory,
} from '../../../../../controller/sync/inventory/inventory.ts';
import { isStale } from '../../../../../controller/sync/inventory/parts.ts';
import { identity, type Manifest } from '../../../../../synth/manifest.ts';
import { liveObject } from '../samples.ts';

const parent = parentRef({ environment: 'city', infrastructure: 'modena', syncId: 'root' });
const bytesOf = (manifest: Manifest) => Buffer.byteLength(JSON.stringify(manifest));

/** What a server has, one write after the other; a write that is cut off ends after `limit` requests. */
function server() {
  const objects = new Map<string, LiveObject>();
  let version = 0;
  const read = (): Stored => {
    const there = objects.get(parent.name);
    return there === undefined ? NOTHING : readInventory(there, (name) => objects.get(name));
  };
  const put = (manifest: Manifest) => {
    const { resourceVersion } = manifest.metadata as { resourceVersion?: string };
    if (manifest.metadata.name === parent.name && resourceVersion !== objects.get(parent.name)?.metadata.resourceVersion) {
      throw new Error('Conflict');
    }
    objects.set(manifest.metadata.name, liveObject(manifest, { metadata: { resourceVersion: `${++version}` } }));
  };
  const steps = (inventory: Inventory, over = read()) => {
    const { manifest, newParts } = writeInventory(parent, { ...inventory, revision: inventory.revision ?? '' }, over);
    const clean = () => {
      const now = read();
      for (const name of [...objects.keys()]) if (name !== parent.name && isStale(name, parent, now)) objects.delete(name);
    };
    return { requests: [...newParts.map((part) => () => put(part)), () => put(manifest), clean], manifest, newParts };
  };
  return {
    objects,
    read,
    steps,
    write(inventory: Inventory, limit = Number.POSITIVE_INFINITY) {
      const { requests, ...written } = steps(inventory);
      for (const request of requests.slice(0, limit)) request();
      return { ...written, requests: requests.length };
    },
  };
}

function holding(count: number, changes: (index: number) => Partial<Entry> = () => ({}), revision = 'abc'): Inventory {
  const entries = Array.from({ length: count }, (_, index): Entry => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: `dock-${index % 7}`, name: `task-${index}` };
    return {
      ref,
      uid: `00000000-0000-0000-0000-${index}`.padEnd(36, '0'),
      hash: 'a'.repeat(16),
      fields: 'b'.repeat(16),
      ...changes(index),
    };
  });
  return { ...EMPTY, revision, entries: new Map(entries.map((entry) => [identity(entry.ref), entry])) };
}

const plain = ({ entries, ...rest }: Inventory) => ({ ...rest, entries: Object.fromEntries(entries) });

describe('parts of an inventory', () => {
  it.each([1000, 4000, 16_000])('%i objects fit an API server, and a change of one is one small write', (count) => {
    const at = server();
    at.write(holding(count));
    for (const object of at.objects.values()) expect(bytesOf(object)).toBeLessThan(512 * 1024);
    const changed = holding(count, (index) => (index === 5 ? { hash: 'c'.repeat(16) } : {}));
    const { manifest, newParts } = at.write(changed);
    expect([newParts.length, bytesOf(manifest) < 2000]).toEqual([0, true]);
    expect(plain(at.read().inventory)).toEqual(plain(changed));
  });

  it('few objects need none, also when there were many', () => {
    const at = server();
    at.write(holding(3));
    expect(at.objects.size).toBe(1);
    at.write(holding(4000));
    expect(at.objects.size).toBeGreaterThan(2);
    at.write(holding(10));
    expect(at.objects.size).toBe(1);
  });

  it('keeps the parts where nothing changed when it makes others anew', () => {
    const at = server();
    const before = at.write(holding(4000)).newParts.map(({ metadata }) => metadata.name);
    const first = new Set([
      ...(at
        .read()
        .parts.get(before[0] ?? '')
        ?.keys() ?? []),
    ]);
    const changed = holding(4000);
    const entries = new Map([...changed.entries].map(([key, entry]) => [key, first.has(key) ? { ...entry, hash: 'd'.repeat(16) } : entry]));
    expect(at.write({ ...changed, entries }).newParts.length).toBe(1);
    expect([...at.objects.keys()]).toEqual(expect.arrayContaining(before.slice(1)));
  });

  it('reads what it wrote, whatever was written before', () => {
    const change = fc.record({ count: fc.constantFrom(0, 5, 400, 900, 2500), shift: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const at = server();
        for (const { count, shift } of changes) {
          const wanted = holding(count, (index) => (index % 3 === shift ? { letGo: true } : {}), `r${shift}`);
          at.write(wanted);
          expect(plain(at.read().inventory)).toEqual(plain(wanted));
        }
      }),
      { numRuns: 6 },
    );
  });

  it('cut off after any request, it is the old whole state or the new one, and the next write clears up', () => {
    const [old, next] = [holding(2500), holding(3000, (index) => (index % 2 === 0 ? { hash: 'e'.repeat(16) } : {}), 'def')];
    const whole = server();
    whole.write(old);
    const { requests } = whole.write(next);
    expect(requests).toBeGreaterThan(3);
    for (let limit = 0; limit < requests; limit++) {
      const at = server();
      at.write(old);
      at.write(next, limit);
      expect(at.read().inventory.revision).toBe(limit < requests - 1 ? 'abc' : 'def');
      at.write(next);
      expect(at.objects.size).toBe(whole.objects.size);
      expect(plain(at.read().inventory)).toEqual(plain(next));
    }
  });

  it('of two who write at once, one is refused, and neither takes away what the other needs', () => {
    const at = server();
    at.write(holding(2500));
    const mine = at.steps(holding(3000, () => ({ hash: 'e'.repeat(16) }), 'mine'));
    const theirs = at.steps(holding(3000, () => ({ hash: 'f'.repeat(16) }), 'theirs'));
    const [last, clean] = [mine.requests.length - 2, mine.requests.length - 1];
    for (const request of [...mine.requests.slice(0, last), ...theirs.requests]) request();
    expect(() => mine.requests[last]?.()).toThrow('Conflict');
    const again = at.steps(holding(3000, () => ({ hash: 'e'.repeat(16) }), 'mine'));
    for (const request of again.requests.slice(0, last)) request();
    // Somebody who has just read the same parent clears up now.
    mine.requests[clean]?.();
    for (const request of again.requests.slice(last)) request();
    expect(at.read().inventory.revision).toBe('mine');
  });

  it('refuses to guess what a part that is gone held', () => {
    const at = server();
    const [part] = at.write(holding(4000)).newParts;
    at.objects.delete(part?.metadata.name ?? '');
    expect(at.read).toThrow(/^Cannot read the inventory in ConfigMap rotterdam-system\/.*: restore it/);
  });
});
