import { describe, expect, it } from 'vitest';
import { desire } from '../../../../../controller/sync/desired.ts';
import { liveOf } from '../../../../../controller/sync/watch/live.ts';
import { yieldReplicas } from '../../../../../controller/sync/write/replicas.ts';
import type { Manifest } from '../../../../../synth/manifest.ts';

const BY = 'HorizontalPodAutoscaler web';

const deployment = (spec: Readonly<Record<string, unknown>>): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'class' },
  spec,
});
const [wanted, silent] = desire(
  { manifests: [deployment({ replicas: 2 }), deployment({ paused: true })], defaultDock: 'class' },
  'set',
  new Map(),
);

const liveWith = (replicas: number, ...owners: readonly string[]) =>
  liveOf({
    ...deployment({ replicas }),
    metadata: {
      name: 'web',
      namespace: 'class',
      uid: 'u',
      resourceVersion: '1',
      managedFields: owners.map((manager) => {
        return { manager, operation: 'Update', apiVersion: 'apps/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } };
      }),
    },
  });

describe('yieldReplicas', () => {
  it.each([
    { reason: 'nobody scales it', live: liveWith(5, 'hpa'), by: undefined, sent: 2 },
    { reason: 'not made yet', live: undefined, by: BY, sent: 2 },
    { reason: 'only we own them: what is there', live: liveWith(5, 'rotterdam-sync'), by: BY, sent: 5 },
    { reason: 'nobody owns them: what is there', live: liveWith(5), by: BY, sent: 5 },
    { reason: 'another owns them', live: liveWith(5, 'hpa'), by: BY, sent: undefined },
    { reason: 'another owns them with us', live: liveWith(5, 'rotterdam-sync', 'hpa'), by: BY, sent: undefined },
  ])('sends $sent: $reason', ({ live, by, sent }) => {
    const yielded = yieldReplicas(wanted ?? expect.fail(), live, by);
    expect(Object(yielded.manifest.spec).replicas).toBe(sent);
    expect(yielded.hash === wanted?.hash).toBe(sent === 2);
    expect(yielded.scaledBy).toBe(by);
  });

  it('leaves an object alone that says nothing of replicas', () => {
    expect(yieldReplicas(silent ?? expect.fail(), liveWith(5), BY)).toBe(silent);
  });
});
