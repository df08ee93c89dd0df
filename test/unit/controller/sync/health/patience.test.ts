import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ANNOTATION, LABEL } from '../../../../../constructs/labels.ts';
import type { Cluster, LiveObject } from '../../../../../controller/ports.ts';
import { createPatience, type Patience } from '../../../../../controller/sync/health/patience.ts';
import { type Live, liveOf } from '../../../../../controller/sync/watch/live.ts';
import { type FakeClock, fakeClock } from '../../../../support/fake-clock.ts';
import { liveObject, manifest } from '../samples.ts';

let clock: FakeClock;
let patience: Patience;
let pods: LiveObject[];
let lists: string[];
let told: number;

beforeEach(() => {
  clock = fakeClock();
  [pods, lists, told] = [[], [], 0];
  const cluster = {
    list: async (_: unknown, { namespace, labelSelector }: { namespace: string; labelSelector: string }, signal: AbortSignal) => {
      lists.push(`${namespace} ${labelSelector}`);
      signal.addEventListener('abort', () => lists.splice(lists.indexOf(`${namespace} ${labelSelector}`), 1));
      return { items: pods, resourceVersion: '1' };
    },
    watch: async function* (_: unknown, __: unknown, ___: unknown, signal: AbortSignal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  } as unknown as Cluster;
  patience = createPatience({ cluster: withProjection(cluster), clock, changed: () => (told += 1) });
});
afterEach(() => patience.close());

/** As the adapter does: what is listed is projected there. */
function withProjection(cluster: Cluster): Cluster {
  return {
    ...cluster,
    list: async (type, options, signal) => {
      const { items, resourceVersion } = await cluster.list(type, options as never, signal);
      const project = (options as { project?: (object: LiveObject) => unknown } | undefined)?.project;
      return { items: project === undefined ? items : items.map(project), resourceVersion } as never;
    },
  };
}

function deployment(
  name: string,
  ready: number,
  more: { generation?: number; timeout?: string; labels?: Record<string, string> } = {},
): Live {
  const { generation = 1, timeout, labels = { [LABEL.task]: name } } = more;
  const conditions = [{ type: 'Available', status: 'True' }];
  return liveOf(
    liveObject(manifest('apps/v1', 'Deployment', name, 'class'), {
      metadata: { generation, annotations: timeout === undefined ? {} : { [ANNOTATION.healthTimeout]: timeout } },
      spec: { replicas: 1, selector: { matchLabels: labels }, template: {} },
      status: {
        observedGeneration: generation,
        replicas: 1,
        updatedReplicas: 1,
        readyReplicas: ready,
        availableReplicas: ready,
        conditions,
      },
    }),
  );
}

function pod(task: string, revision: string, createdAt: string, status: object): LiveObject {
  const labels = { [LABEL.task]: task, 'pod-template-hash': revision };
  const metadata = { labels, creationTimestamp: createdAt };
  return liveObject(manifest('v1', 'Pod', `${task}-${revision}`, 'class'), { metadata, status });
}
const crashing = { containerStatuses: [{ name: 'app', state: { waiting: { reason: 'CrashLoopBackOff' } } }] };
const homeless = { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' }] };
const judged = (live: Live) => `${patience.judge(live).state}: ${patience.judge(live).reason}`;

describe('createPatience', () => {
  it('waits half a minute for the address of an Ingress: not every controller publishes one', async () => {
    const ingress = liveOf(liveObject(manifest('networking.k8s.io/v1', 'Ingress', 'web', 'class'), { metadata: { generation: 1 } }));
    patience.seen(undefined, ingress);
    await clock.advance(29_000);
    expect(judged(ingress)).toBe('progressing: no ingress controller has given it an address yet');
    await clock.advance(1_000);
    expect(judged(ingress)).toBe('ready: no ingress controller has given it an address yet');
    expect(told).toBeGreaterThan(0);
  });

  it('asks nothing and waits for nothing while all is ready', async () => {
    patience.seen(undefined, deployment('web', 1));
    await clock.advance(3_600_000);
    expect([lists, told]).toEqual([[], 0]);
  });

  it('looks at the pods of what is stuck for two seconds, tasks of a namespace by one watch, until it is ready', async () => {
    const [web, db] = [deployment('web', 0), deployment('db', 0)];
    const raw = deployment('raw', 0, { labels: { app: 'raw', tier: 'x' } });
    for (const live of [web, db, raw]) patience.seen(undefined, live);
    pods.push(pod('web', 'a', '1', crashing));
    await clock.advance(1_900);
    expect([lists, judged(web)]).toEqual([[], 'progressing: 0 of 1 replicas are ready']);
    await clock.advance(400);
    expect(lists).toEqual([`class ${LABEL.task}`, 'class app=raw,tier=x']);
    expect(judged(web)).toBe('failed: 0 of 1 replicas are ready: pod web-a: container app: CrashLoopBackOff');
    expect(judged(db)).toBe('progressing: 0 of 1 replicas are ready');
    for (const name of ['web', 'db', 'raw']) patience.seen(undefined, deployment(name, 1));
    expect(lists).toEqual([]);
  });

  it('stops looking when the next change is ready sooner than pods are looked at', async () => {
    const stuck = deployment('web', 0);
    patience.seen(undefined, stuck);
    await clock.advance(3_000);
    expect(lists.length).toBe(1);
    const changed = deployment('web', 0, { generation: 2 });
    patience.seen(stuck, changed);
    await clock.advance(500);
    patience.seen(changed, deployment('web', 1, { generation: 2 }));
    expect(lists).toEqual([]);
  });

  it('leaves pods of an older revision out', async () => {
    const web = deployment('web', 0);
    patience.seen(undefined, web);
    pods.push(pod('web', 'old', '1', crashing), pod('web', 'new', '2', {}));
    await clock.advance(3_000);
    expect(judged(web)).toBe('progressing: 0 of 1 replicas are ready');
  });

  it('lets a pod be without a node for 15 s', async () => {
    const web = deployment('web', 0);
    patience.seen(undefined, web);
    pods.push(pod('web', 'a', '1', homeless));
    await clock.advance(14_000);
    expect(judged(web)).toBe('progressing: 0 of 1 replicas are ready: pod web-a: Unschedulable: 0/3 nodes');
    await clock.advance(1_500);
    expect(judged(web)).toBe('failed: 0 of 1 replicas are ready: pod web-a: Unschedulable: 0/3 nodes');
  });

  it.each([
    ['its own', '30s', 30_000, '30s'],
    ['ten minutes', undefined, 600_000, '10m'],
    ['ten minutes instead of what is no duration', 'soon', 600_000, '10m'],
  ])('gives a change %s, tells when that is over, and a new change as long again', async (_, timeout, timeoutMs, printed) => {
    const more = timeout === undefined ? {} : { timeout };
    const web = deployment('web', 0, more);
    patience.seen(undefined, web);
    await clock.advance(timeoutMs - 1_000);
    expect(patience.judge(web).state).toBe('progressing');
    const before = told;
    await clock.advance(1_500);
    expect(judged(web)).toBe(`failed: 0 of 1 replicas are ready, for longer than its health timeout of ${printed}`);
    expect(told).toBeGreaterThan(before);
    const changed = deployment('web', 0, { ...more, generation: 2 });
    patience.seen(web, changed);
    expect(patience.judge(changed).state).toBe('progressing');
  });

  it("waits for a load balancer's address as long as it takes", async () => {
    const balancer = liveOf(liveObject(manifest('v1', 'Service', 'web', 'class'), { spec: { type: 'LoadBalancer' } }));
    patience.seen(undefined, balancer);
    await clock.advance(3_600_000);
    expect(patience.judge(balancer).state).toBe('progressing');
  });

  it('forgets what is gone', async () => {
    const web = deployment('web', 0);
    patience.seen(undefined, web);
    patience.seen(web, undefined);
    await clock.advance(3_600_000);
    expect(lists).toEqual([]);
  });
});
