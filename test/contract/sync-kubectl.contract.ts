import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Cluster } from '../../controller/ports.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { type Kubectl, kubectlFor } from '../support/kubectl.ts';
import type { Place } from './cluster-place.ts';
import { sentences, syncWorld } from './sync-world.ts';

/** How what the real `kubectl apply` kept becomes ours, with any API server. */
export function syncKubectlContract(start: () => Place | Promise<Place>): void {
  const world = syncWorld(start);
  let kubectl: Kubectl;
  beforeAll(() => {
    kubectl = kubectlFor(world.place.kubeconfig);
  });
  afterAll(() => kubectl?.close());

  const theirs = (): Manifest => {
    const base = world.web({ replicas: 2, revisionHistoryLimit: 3 });
    const containers = [
      {
        name: 'web',
        image: 'nginx:1',
        env: [
          { name: 'KEPT', value: '1' },
          { name: 'DROPPED', value: '1' },
        ],
        ports: [{ containerPort: 80 }],
      },
      { name: 'sidecar', image: 'envoy:1' },
    ];
    const spec = { ...Object(base.spec), template: { metadata: { labels: { app: 'web' } }, spec: { containers } } };
    return { ...base, metadata: { ...base.metadata, labels: { team: 'a' }, annotations: { note: 'theirs' } }, spec };
  };
  const ours = (): Manifest => {
    const containers = [{ name: 'web', image: 'nginx:2', env: [{ name: 'KEPT', value: '1' }], ports: [{ containerPort: 80 }] }];
    const base = world.web({ replicas: 3 });
    return { ...base, spec: { ...Object(base.spec), template: { metadata: { labels: { app: 'web' } }, spec: { containers } } } };
  };
  const seen = async () => {
    const { metadata, spec } = await world.live(ours());
    const { replicas, revisionHistoryLimit, template } = Object(spec);
    const containers = template.spec.containers.map(({ name, image, env }: { name: string; image: string; env?: { name: string }[] }) => {
      return [name, image, ...(env ?? []).map((one) => one.name)].join(' ');
    });
    const { 'applyset.kubernetes.io/part-of': _, ...labels } = metadata.labels ?? {};
    const { 'deployment.kubernetes.io/revision': __, ...annotations } = metadata.annotations ?? {};
    return { labels, annotations, replicas, revisionHistoryLimit, containers };
  };
  const OURS = { labels: {}, annotations: {}, replicas: 3, revisionHistoryLimit: 10, containers: ['web nginx:2 KEPT'] };
  const managers = async () => ((await world.live(ours())).metadata.managedFields ?? []).map(({ manager }) => manager);

  it('what the documents lack is removed, what they have is ours, and nothing of kubectl is left', async () => {
    const { engine, target } = world;
    await kubectl.run(['apply', '-f', '-'], theirs());
    const report = await engine.sync(target([ours()]));
    expect([sentences(report), report.conflicts, await seen()]).toEqual([[], [], OURS]);
    expect((await managers()).filter((name) => name.startsWith('kubectl'))).toEqual([]);
    await expect.poll(async () => (await engine.sync(target([ours()]))).applied).toEqual([]);
  });

  it('what is the same stays the same', async () => {
    const { engine, target, live } = world;
    await kubectl.run(['apply', '-f', '-'], theirs());
    const before = await live(theirs());
    await engine.sync(target([theirs()]));
    const after = await live(theirs());
    expect([after.spec, after.metadata.uid]).toEqual([before.spec, before.metadata.uid]);
    // Dropped from the documents later, it is dropped from the cluster.
    await engine.sync(target([ours()]));
    expect(await seen()).toEqual(OURS);
  });

  it('what kubectl create --save-config made goes the same way', async () => {
    const { engine, target } = world;
    await kubectl.run(['create', '--save-config', '-f', '-'], theirs());
    const changed = { ...theirs(), metadata: { ...theirs().metadata, annotations: { note: 'changed' } } };
    await kubectl.run(['apply', '-f', '-'], changed);
    const report = await engine.sync(target([ours()]));
    expect([report.conflicts, await seen()]).toEqual([[], OURS]);
  });

  it('so does an object that nobody was recorded to own', async () => {
    const { engine, map, target, live } = world;
    await kubectl.run(['apply', '-f', '-'], map('old', { a: 'theirs', dropped: '1' }));
    await world.kubectl.edit({ ...map('old'), namespace: world.dock, name: 'old' }, { metadata: { managedFields: [{}] } });
    const report = await engine.sync(target([map('old', { a: 'ours' })]));
    expect([sentences(report), report.conflicts, (await live(map('old'))).data]).toEqual([[], [], { a: 'ours' }]);
  });

  it('what somebody else set since stays theirs: a conflict where we want another value', async () => {
    const { engine, target } = world;
    await kubectl.run(['apply', '-f', '-'], theirs());
    await world.kubectl.edit(
      { ...theirs(), namespace: world.dock, name: 'web' },
      { metadata: { labels: { by: 'hand' } }, spec: { replicas: 7 } },
    );
    const report = await engine.sync(target([ours()]));
    expect(report.conflicts).toMatchObject([{ field: '.spec.replicas', managers: ['kubectl-edit'], ours: '3', theirs: '7' }]);
    expect(await seen()).toEqual({ ...OURS, labels: { by: 'hand' }, replicas: 7 });
  });

  it('what was only created is in conflict, as anybody else has it', async () => {
    const { engine, target } = world;
    await kubectl.run(['create', '-f', '-'], theirs());
    const report = await engine.sync(target([ours()]));
    expect(report.conflicts.map(({ field }) => field).sort()).toEqual([
      '.spec.replicas',
      '.spec.template.spec.containers[name="web"].image',
    ]);
    expect(await seen()).toMatchObject({ labels: { team: 'a' }, replicas: 2, revisionHistoryLimit: 3 });
  });

  it('an object whose status moves meanwhile is read again', async () => {
    const { cluster, engineFor, target } = world;
    await kubectl.run(['apply', '-f', '-'], theirs());
    let moves = 0;
    const replace: Cluster['replace'] = async (manifest, signal) => {
      if (manifest.kind === 'Deployment' && ++moves < 3) {
        await world.kubectl.edit({ ...theirs(), namespace: world.dock, name: 'web' }, { metadata: { labels: { moved: `${moves}` } } });
      }
      return await cluster.replace(manifest, signal);
    };
    const report = await engineFor({ ...cluster, replace }).sync(target([ours()]));
    expect([sentences(report), report.conflicts, moves, await seen()]).toEqual([[], [], 3, { ...OURS, labels: { moved: '2' } }]);
  });

  it('after a crash at any call it ends the same', async () => {
    const { cluster, engineFor, target } = world;
    const die = () => Promise.reject(new Error('killed'));
    for (let last = 1; ; last++) {
      await kubectl.run(['delete', 'deployment', 'web', '--namespace', world.dock, '--ignore-not-found', '--wait'], undefined);
      await kubectl.run(['apply', '-f', '-'], theirs());
      let count = 0;
      const counted = (call: 'apply' | 'replace' | 'get') =>
        ({
          [call]: async (...args: never[]) => {
            const answer = await (cluster[call] as (...all: never[]) => unknown)(...args);
            return ++count >= last ? await die() : answer;
          },
        }) as Partial<Cluster>;
      const mortal = { ...cluster, ...counted('apply'), ...counted('replace'), ...counted('get') };
      const died = await engineFor(mortal)
        .sync(target([ours()], { environment: `${world.dock}-${last}` }))
        .then(
          () => false,
          () => true,
        );
      if (!died) break;
      const report = await engineFor(cluster).sync(target([ours()], { environment: `${world.dock}-${last}` }));
      expect([sentences(report), report.conflicts, await seen()]).toEqual([[], [], OURS]);
    }
  });
}
