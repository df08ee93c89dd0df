import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ANNOTATION } from '../../constructs/labels.ts';
import { systemClock } from '../../controller/adapters/clock.ts';
import { createCluster } from '../../controller/adapters/kube/cluster.ts';
import type { Cluster } from '../../controller/ports.ts';
import { createSyncEngine, printWarnings, type SyncEngine } from '../../controller/sync/engine.ts';
import { type Manifest, refOf } from '../../synth/manifest.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import { syncTarget } from './sync-target.ts';

describe.skipIf(!have('control plane'))('Sync: admission on a real control plane', () => {
  let place: ControlPlane;
  let cluster: Cluster;
  let engine: SyncEngine;
  const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

  beforeAll(async () => {
    place = startControlPlane();
    cluster = createCluster({ name: 'dev', kubeconfig: place.kubeconfig, clock: systemClock });
    engine = createSyncEngine({ cluster, clock: systemClock, log: quiet, isAncestor: async () => true });
    for (const policy of [policyOf('denied', 'Deny', 'no bad keys, they are immutable'), policyOf('odd', 'Warn', 'odd keys are odd')]) {
      for (const manifest of policy) await cluster.apply(manifest);
    }
  });
  afterEach(() => engine.sync(target()));
  afterAll(() => {
    engine?.close();
    cluster?.close();
    place?.stop();
  });

  const map = (name: string, data: Readonly<Record<string, string>>): Manifest => {
    const annotations = { [ANNOTATION.recreate]: 'allowed' };
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default', annotations }, data };
  };
  const target = (...manifests: readonly Manifest[]) => syncTarget(manifests);
  /** A policy is in force some time after it is made. */
  const inForce = (key: string) => {
    let said = false;
    const note = () => {
      said = true;
    };
    const ask = () =>
      cluster.apply(map('probe', { [key]: '1' }), { dryRun: true, warned: note }).then(
        () => said,
        () => true,
      );
    return expect.poll(ask, { timeout: 20_000 }).toBe(true);
  };

  it('a refusal is told as one, in its own words, and costs no object', { timeout: 30_000 }, async () => {
    await inForce('denied');
    await engine.sync(target(map('one', { good: '1' })));
    const { uid } = (await cluster.get(refOf(map('one', {}))))?.metadata ?? expect.fail('it is not there');
    const { failed } = await engine.sync(target(map('one', { denied: '1' }), map('two', { good: '1' })));
    expect(failed.map(({ error }) => error.message)).toEqual([
      "Cannot apply ConfigMap default/one as admission by 'denied' refuses it: no bad keys, they are immutable",
    ]);
    expect((await cluster.get(refOf(map('one', {}))))?.metadata.uid).toBe(uid);
    expect(await cluster.get(refOf(map('two', {})))).toBeDefined();
  });

  it('a policy that only warns is told as a warning', { timeout: 30_000 }, async () => {
    await inForce('odd');
    const report = await engine.sync(target(map('one', { odd: '1' })));
    expect([report.failed, report.warnings.flatMap(printWarnings)]).toEqual([
      [],
      [expect.stringMatching(/^The server warns of ConfigMap default\/one: .*'odd'.*odd keys are odd$/)],
    ]);
  });
});

/** That ConfigMaps don't have a key. */
function policyOf(key: string, action: 'Deny' | 'Warn', message: string): readonly Manifest[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const resourceRules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }];
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: key },
      spec: { matchConstraints: { resourceRules }, validations: [{ expression: `!('${key}' in object.?data.orValue({}))`, message }] },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: key },
      spec: { policyName: key, validationActions: [action] },
    },
  ];
}
