import { describe, expect, it } from 'vitest';
import { endingOf, printEnding } from '../../../../../controller/sync/health/ending.ts';
import { liveObject, manifest } from '../samples.ts';

const since = '2026-11-26T12:00:00Z';
const going = (finalizers?: readonly string[], more = {}) =>
  liveObject(manifest('v1', 'ConfigMap', 'x', 'class'), {
    metadata: { deletionTimestamp: since, ...(finalizers ? { finalizers } : {}) },
    ...more,
  });

describe('endingOf', () => {
  it('is undefined of what nobody deleted', () => {
    expect(endingOf(liveObject(manifest('v1', 'ConfigMap', 'x', 'class')))).toBeUndefined();
  });

  it.each([
    { reason: 'none', finalizers: undefined, held: [] },
    { reason: "the collector's, who comes by himself", finalizers: ['foregroundDeletion', 'orphan'], held: [] },
    { reason: "somebody's", finalizers: ['foregroundDeletion', 'example.com/hold'], held: ['example.com/hold'] },
  ])('finalizers: $reason', ({ finalizers, held }) => {
    expect(endingOf(going(finalizers))).toEqual({ since, finalizers: held, says: [] });
  });

  it('tells what the server says of a namespace that does not get empty', () => {
    const conditions = [
      { type: 'NamespaceDeletionDiscoveryFailure', status: 'False', message: 'All resources successfully discovered' },
      { type: 'NamespaceFinalizersRemaining', status: 'True', message: 'Some content has finalizers remaining' },
    ];
    const namespace = liveObject(manifest('v1', 'Namespace', 'x'), { metadata: { deletionTimestamp: since }, status: { conditions } });
    expect(endingOf(namespace)?.says).toEqual(['Some content has finalizers remaining']);
  });
});

describe('printEnding', () => {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'class', name: 'x' };
  const one = { ref, since, finalizers: ['a.b/c', 'd'], says: ['Some content remains'] };
  it.each([
    [undefined, 'since 2026-11-26T12:00:00Z'],
    [-5000, 'for 0 s'],
    [34_900, 'for 34 s'],
    [12 * 60_000, 'for 12 min'],
    [3 * 3600_000, 'for 3 h'],
    [50 * 3600_000, 'for 2 d'],
  ])('%s ms later', (ms, age) => {
    const now = ms === undefined ? undefined : Date.parse(since) + ms;
    expect(printEnding(one, now)).toBe(`ConfigMap class/x is being deleted ${age}: waits for finalizer a.b/c, d; Some content remains`);
    expect(printEnding({ ref, since, finalizers: [], says: [] }, now)).toBe(`ConfigMap class/x is being deleted ${age}`);
  });
});
