import { describe, expect, it } from 'vitest';
import { startCluster } from '../../../../controller/sandbox/cluster.ts';
import { listAt, numberAt, textAt } from '../../../../controller/sandbox/json.ts';
import type { KubeObject } from '../../../../controller/sandbox/object.ts';
import { Timers } from '../../../../controller/sandbox/timers.ts';
import { fakeClock } from '../../../support/fake-clock.ts';

const PODS = { group: '', plural: 'pods' } as const;
const SETS = { group: 'apps', plural: 'replicasets' } as const;

async function setup() {
  const clock = fakeClock();
  const timers = new Timers(clock);
  const bench = startCluster(timers, { readyDelayMs: 1000, certificate: 'CA' });
  await clock.settle();
  const put = (storage: string, kind: string, name: string, spec: object): void => {
    const found = bench.kind(storage);
    const live = bench.store.get(found, 'default', name);
    const template = {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: 'main', image: 'main:1', ports: [{ name: 'web', containerPort: 80 }] }] },
    };
    const full = kind === 'Service' ? spec : { selector: { matchLabels: { app: name } }, template, ...spec };
    const draft = {
      apiVersion: found.group === '' ? 'v1' : 'apps/v1',
      kind,
      metadata: { name, namespace: 'default' },
      spec: full as Record<string, unknown>,
    };
    if (live === undefined) bench.create(storage, draft);
    else bench.update(storage, live, { spec: draft.spec });
  };
  const image = (name: string, tag: string) => ({
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image: `main:${tag}` }] } },
  });
  const get = (plural: string, name: string): KubeObject => {
    const found = bench.store.get({ group: 'apps', plural }, 'default', name);
    if (found === undefined) throw new Error(`no ${plural} ${name}`);
    return found;
  };
  const pods = () => bench.store.list(PODS, 'default');
  const phases = () => pods().map((pod) => `${pod.metadata.name} ${pod.status?.phase}`);
  return { clock, timers, bench, put, image, get, pods, phases };
}

describe('a Deployment', () => {
  it('is ready once its pods had their time', async () => {
    const { clock, put, get } = await setup();
    put('apps/deployments', 'Deployment', 'web', { replicas: 3 });
    await clock.advance(999);
    expect(get('deployments', 'web').status).toMatchObject({
      replicas: 3,
      unavailableReplicas: 3,
      conditions: [{ type: 'Available', status: 'False' }, {}],
    });
    await clock.advance(1);
    await clock.settle();
    expect(get('deployments', 'web').status).toMatchObject({ readyReplicas: 3, conditions: [{ type: 'Available', status: 'True' }, {}] });
    expect(get('deployments', 'web').status).not.toHaveProperty('unavailableReplicas');
  });
  it('never has more pods than its surge, nor fewer available than it promises, while it rolls', async () => {
    const { clock, bench, put, image, get, pods } = await setup();
    const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } };
    put('apps/deployments', 'Deployment', 'web', { replicas: 4, strategy });
    await clock.advance(2000);
    const seen: [total: number, ready: number][] = [];
    bench.store.subscribe(() => seen.push([pods().length, pods().filter((pod) => pod.status?.phase === 'Running').length]));
    put('apps/deployments', 'Deployment', 'web', { replicas: 4, strategy, ...image('web', '2') });
    await clock.advance(20_000);
    expect(get('deployments', 'web').status).toMatchObject({ replicas: 4, updatedReplicas: 4, availableReplicas: 4 });
    expect(Math.max(...seen.map(([total]) => total))).toBe(5);
    expect(Math.min(...seen.map(([, ready]) => ready))).toBe(3);
  });
  it('that recreates has no old pod beside a new one', async () => {
    const { clock, bench, put, image, pods } = await setup();
    put('apps/deployments', 'Deployment', 'web', { replicas: 2, strategy: { type: 'Recreate' } });
    await clock.advance(2000);
    const images = new Set<string>();
    bench.store.subscribe(() =>
      images.add(JSON.stringify([...new Set(pods().flatMap((pod) => JSON.stringify(pod.spec?.containers).match(/main:\d/g)))])),
    );
    put('apps/deployments', 'Deployment', 'web', { replicas: 2, strategy: { type: 'Recreate' }, ...image('web', '2') });
    await clock.advance(5000);
    expect([...images]).toEqual(['["main:1"]', '[]', '["main:2"]']);
  });
  it('keeps as many old templates as its limit says', async () => {
    const { clock, bench, put, image } = await setup();
    for (const tag of ['1', '2', '3', '4']) {
      put('apps/deployments', 'Deployment', 'web', { replicas: 1, revisionHistoryLimit: 1, ...image('web', tag) });
      await clock.advance(5000);
    }
    const revisions = bench.store.list(SETS, 'default').map((set) => set.metadata.annotations?.['deployment.kubernetes.io/revision']);
    expect(revisions.sort()).toEqual(['3', '4']);
  });
  it('that is paused rolls nothing out', async () => {
    const { clock, bench, put, image } = await setup();
    put('apps/deployments', 'Deployment', 'web', { replicas: 2 });
    await clock.advance(2000);
    put('apps/deployments', 'Deployment', 'web', { replicas: 2, paused: true, ...image('web', '2') });
    await clock.advance(5000);
    expect(
      bench.store
        .list(SETS, 'default')
        .map((set) => numberAt(set, 'spec', 'replicas'))
        .sort(),
    ).toEqual([0, 2]);
  });
});

describe('a ReplicaSet', () => {
  it('lets the pods go first that are not ready, then the newest', async () => {
    const { clock, put, pods } = await setup();
    put('apps/replicasets', 'ReplicaSet', 'set', { replicas: 2 });
    await clock.advance(2000);
    const old = pods().map((pod) => pod.metadata.name);
    put('apps/replicasets', 'ReplicaSet', 'set', { replicas: 4 });
    await clock.settle();
    put('apps/replicasets', 'ReplicaSet', 'set', { replicas: 2 });
    await clock.settle();
    expect(pods().map((pod) => pod.metadata.name)).toEqual(old);
  });
  it('replaces a pod that is deleted', async () => {
    const { clock, bench, put, pods } = await setup();
    put('apps/replicasets', 'ReplicaSet', 'set', { replicas: 1 });
    await clock.advance(2000);
    const [pod] = pods();
    if (pod !== undefined) bench.delete('/pods', pod);
    await clock.settle();
    expect(pods()).toHaveLength(1);
    expect(pods()[0]?.metadata.name).not.toBe(pod?.metadata.name);
  });
});

describe('a StatefulSet', () => {
  it('in order starts a pod once those before it are ready', async () => {
    const { clock, put, phases } = await setup();
    put('apps/statefulsets', 'StatefulSet', 's', { replicas: 3 });
    await clock.settle();
    expect(phases()).toEqual(['s-0 Pending']);
    await clock.advance(1000);
    expect(phases()).toEqual(['s-0 Running', 's-1 Pending']);
    await clock.advance(1000);
    expect(phases()).toEqual(['s-0 Running', 's-1 Running', 's-2 Pending']);
  });
  it('in parallel starts all at once', async () => {
    const { clock, put, phases } = await setup();
    put('apps/statefulsets', 'StatefulSet', 's', { replicas: 3, podManagementPolicy: 'Parallel' });
    await clock.settle();
    expect(phases()).toEqual(['s-0 Pending', 's-1 Pending', 's-2 Pending']);
  });
  it('replaces the highest first, the rest once it is ready, down to its partition', async () => {
    const { clock, put, image, pods } = await setup();
    const spec = {
      replicas: 3,
      podManagementPolicy: 'Parallel',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } },
    };
    put('apps/statefulsets', 'StatefulSet', 's', spec);
    await clock.advance(2000);
    const images = () => pods().map((pod) => textAt(listAt(pod, 'spec', 'containers')[0], 'image'));
    put('apps/statefulsets', 'StatefulSet', 's', { ...spec, ...image('s', '2') });
    await clock.settle();
    expect(images()).toEqual(['main:1', 'main:1', 'main:2']);
    await clock.advance(5000);
    expect(images()).toEqual(['main:1', 'main:2', 'main:2']);
  });
  it('claims a volume for each pod, and keeps it when the pod goes', async () => {
    const { clock, bench, put } = await setup();
    const spec = {
      podManagementPolicy: 'Parallel',
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] } }],
    };
    put('apps/statefulsets', 'StatefulSet', 's', { ...spec, replicas: 2 });
    await clock.advance(2000);
    put('apps/statefulsets', 'StatefulSet', 's', {
      ...bench.store.get({ group: 'apps', plural: 'statefulsets' }, 'default', 's')?.spec,
      replicas: 1,
    });
    await clock.advance(2000);
    const claims = bench.store.list({ group: '', plural: 'persistentvolumeclaims' }, 'default');
    expect(claims.map((claim) => claim.metadata.name)).toEqual(['data-s-0', 'data-s-1']);
  });
});

describe('a Service', () => {
  it('has the port that a name stands for, and pods once they have an address', async () => {
    const { clock, bench, put } = await setup();
    put('/services', 'Service', 'web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 8080, targetPort: 'web' }] });
    put('apps/deployments', 'Deployment', 'web', { replicas: 2 });
    const slices = () => bench.store.list({ group: 'discovery.k8s.io', plural: 'endpointslices' }, 'default');
    await clock.settle();
    expect(slices()).toMatchObject([{ endpoints: [] }]);
    await clock.advance(2000);
    expect(slices()).toMatchObject([{ endpoints: [{}, {}], ports: [{ name: 'http', port: 80, protocol: 'TCP' }] }]);
  });
});

describe('garbage', () => {
  it('of several owners goes with the last', async () => {
    const { clock, bench } = await setup();
    const map = (name: string, owners: readonly KubeObject[] = []) =>
      bench.create('/configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: {
          name,
          namespace: 'default',
          ownerReferences: owners.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, name: metadata.name, uid: metadata.uid })),
        },
      });
    const [one, two] = [map('one'), map('two')];
    map('owned', [one, two]);
    const owned = () => bench.store.get({ group: '', plural: 'configmaps' }, 'default', 'owned');
    bench.delete('/configmaps', one);
    await clock.settle();
    expect(owned()?.metadata.ownerReferences?.map((owner) => owner.name)).toEqual(['two']);
    bench.delete('/configmaps', two);
    await clock.settle();
    expect(owned()).toBeUndefined();
  });
});

describe('Timers', () => {
  it('leave nothing to run once they are stopped', async () => {
    const { clock, timers, put, phases } = await setup();
    put('apps/replicasets', 'ReplicaSet', 'set', { replicas: 1 });
    await clock.settle();
    timers.stop();
    await clock.advance(5000);
    expect(phases().map((phase) => phase.split(' ')[1])).toEqual(['Pending']);
  });
});
