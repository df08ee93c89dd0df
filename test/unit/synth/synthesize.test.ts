import { App } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { ClusterChart, Dock, Infrastructure, QosTemplate, Task } from '../../../constructs/index.ts';
import type { TaskInput } from '../../../constructs/spec/task.ts';
import { type Manifest, printRef, refOf } from '../../../synth/manifest.ts';
import { originOf, synthesisIssues, synthesize } from '../../../synth/synthesize.ts';
import { environmentOf, type Holding } from '../../support/environment.ts';

const redis: TaskInput = {
  dock: 'class',
  replicas: 4,
  containers: [{ image: 'redis:7', ports: [{ containerPort: 6379, host: 'redis.example' }], resources: { limits: { memory: '1024Mi' } } }],
  security: 'baseline',
  qos: ['DeadlinesMissed_1'],
};

function refsOf(manifests: readonly Manifest[] | undefined): string[] {
  return (manifests ?? []).map((manifest) => printRef(refOf(manifest)));
}

function printed(holding: Holding): string[] {
  return synthesisIssues(environmentOf(holding)).map(
    ({ file, line, column, code, message }) => `${file}:${line}:${column} ${code} ${message}`,
  );
}

const configMap: Manifest = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } };

describe('synthesize', () => {
  it('gives each infrastructure its docks, tasks and raw manifests, in this order', () => {
    const infrastructures = { modena: { type: 'openshift', defaultDock: 'class' }, edge: { type: 'microk8s' } } as const;
    const tasks: Holding['tasks'] = {
      redis,
      b: { ...redis, type: 'compss', containers: [{ image: 'b' }] },
      a: { infrastructure: 'edge', containers: [{ image: 'a' }] },
    };
    const manifests = synthesize(environmentOf({ infrastructures, tasks, manifests: [{ manifest: configMap }] }));
    expect([...manifests.keys()]).toEqual(['edge', 'modena']);
    expect(refsOf(manifests.get('edge'))).toEqual(['ServiceAccount default/a', 'Deployment default/a', 'ConfigMap default/settings']);
    expect(refsOf(manifests.get('modena'))).toEqual([
      ...['Namespace class', 'ServiceAccount class/b', 'Service class/b-workers', 'StatefulSet class/b'],
      ...['ServiceAccount class/redis', 'Service class/redis', 'Deployment class/redis', 'Route class/redis', 'ConfigMap class/settings'],
    ]);
  });

  it('makes of a document what the construct makes in code', () => {
    const app = new App();
    const infrastructure = new Infrastructure(app, 'modena', { type: 'openshift', domain: 'apps.example' });
    const chart = new ClusterChart(app, 'city-modena', { environment: 'city', infrastructure });
    const template = new QosTemplate(app, 'DeadlinesMissed_1', { type: 'app-compss', guarantees: [{ name: 'd', constraint: 'd < 1' }] });
    const { dock: name = '', infrastructure: _, ...props } = redis;
    new Task(new Dock(chart, 'some-dock', { name, quota: { pods: 5 } }), 'some-task', { ...props, name: 'redis', qos: [template] });

    const holding = { infrastructures: { modena: infrastructure.spec }, docks: { class: { quota: { pods: 5 } } }, tasks: { redis } };
    expect(synthesize(environmentOf(holding)).get('modena')).toEqual(chart.toJson());
  });

  it('takes names that objects of JavaScript have', () => {
    const tasks: Holding['tasks'] = { constructor: { dock: 'constructor', containers: [{ image: 'a' }] } };
    const manifests = synthesize(environmentOf({ infrastructures: { edge: { type: 'microk8s' } }, tasks }));
    expect(refsOf(manifests.get('edge'))).toContain('Deployment constructor/constructor');
  });

  it('is done once for an Environment', () => {
    const environment = environmentOf({ tasks: { redis } });
    expect(synthesize(environment)).toBe(synthesize(environment));
  });

  it('builds a task again only when its document, its place or its infrastructure changed', () => {
    const environment = environmentOf({ tasks: { redis, other: redis } });
    const task = environment.tasks.get('redis');
    const modena = environment.infrastructures.get('modena');
    if (task === undefined || modena === undefined) throw new Error('the environment holds both');
    const workload = (changed: Partial<typeof environment>) =>
      synthesize({ ...environment, ...changed })
        .get('modena')
        ?.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'redis');
    const before = workload({});
    const spec = { ...task.spec, replicas: 6 };
    expect(workload({ tasks: new Map(environment.tasks).set('redis', { ...task }) })).toBe(before);
    expect(workload({ tasks: new Map(environment.tasks).set('redis', { ...task, spec }) })).toMatchObject({ spec: { replicas: 6 } });
    expect(workload({ tasks: new Map(environment.tasks).set('redis', { ...task, qos: [] }) })?.metadata.annotations).toBeUndefined();
    expect(workload({ name: 'town' })?.metadata.labels).toMatchObject({ 'rotterdam.dev/environment': 'town' });
    expect(workload({ infrastructures: new Map([['modena', { ...modena, type: 'openshift' }]]) })).toEqual(before);
    expect(
      refsOf(synthesize({ ...environment, infrastructures: new Map([['modena', { ...modena, type: 'openshift' }]]) }).get('modena')),
    ).toContain('Route class/redis');
  });

  it('gives the same bytes again', () => {
    const holding = { tasks: { redis, b: redis }, docks: { b: {}, a: {} }, manifests: [{ manifest: configMap }] };
    expect(JSON.stringify([...synthesize(environmentOf(holding))])).toBe(JSON.stringify([...synthesize(environmentOf(holding))]));
  });
});

describe('synthesisIssues', () => {
  it('is empty for documents that go together', () => {
    expect(printed({ tasks: { redis } })).toEqual([]);
  });

  it.each<[string, Holding, string[]]>([
    [
      'an object that a task makes as well',
      {
        tasks: { redis },
        manifests: [
          { manifest: { ...configMap, apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'redis', namespace: 'class' } } },
        ],
      },
      [
        'environments/city/manifests/Deployment.yaml:1:1 duplicate-object Cannot make Deployment class/redis twice: it comes from environments/city/tasks/redis.yaml:1:1 already',
      ],
    ],
    [
      'an object that is there twice, said once however many infrastructures get it',
      {
        infrastructures: { a: { type: 'kubernetes' }, b: { type: 'kubernetes' } },
        manifests: [{ manifest: configMap }, { manifest: configMap }],
      },
      [
        'environments/city/manifests/ConfigMap.yaml:1:1 duplicate-object Cannot make ConfigMap default/settings twice: it comes from environments/city/manifests/ConfigMap.yaml:1:1 already',
      ],
    ],
    [
      'what a construct refuses, and goes on',
      {
        infrastructures: { modena: { type: 'kubernetes', expose: 'ingress' }, edge: { type: 'kubernetes', expose: 'externalIP' } },
        tasks: { web: { containers: [{ image: 'a', ports: [{ containerPort: 80 }] }] } },
      },
      [
        "environments/city/infrastructures/edge.yaml:1:1 invalid-object Cannot make infrastructure 'edge': expose: externalIP needs an address: set address",
        "environments/city/tasks/web.yaml:1:1 invalid-object Cannot make task 'web': expose: ingress needs a host name: set domain in the infrastructure, or host at a port",
      ],
    ],
    [
      'a namespace that leads out of the output directory',
      { manifests: [{ manifest: { ...configMap, metadata: { name: 'settings', namespace: '../../etc' } } }] },
      [
        "environments/city/manifests/ConfigMap.yaml:1:1 invalid-object Cannot use the namespace '../../etc': write at most 63 small letters, digits and dashes",
      ],
    ],
  ])('reports %s', (_, holding, issues) => {
    expect(printed(holding)).toEqual(issues);
  });
});

describe('originOf', () => {
  it('finds the document that an object comes from', () => {
    const environment = environmentOf({ tasks: { redis }, manifests: [{ manifest: configMap }] });
    const files = (synthesize(environment).get('modena') ?? []).map((manifest) => originOf(environment, 'modena', refOf(manifest))?.file);
    const task = 'environments/city/tasks/redis.yaml';
    expect(files).toEqual(['environments/city/tasks/class.yaml', task, task, task, task, 'environments/city/manifests/ConfigMap.yaml']);
    expect(originOf(environment, 'modena', { apiVersion: 'v1', kind: 'ConfigMap', name: 'other' })).toBeUndefined();
  });
});
