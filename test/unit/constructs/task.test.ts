import { ApiObject, App, JsonPatch } from 'cdk8s';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  ClusterChart,
  Dock,
  Infrastructure,
  type InfrastructureProps,
  QosTemplate,
  ServerlessFunction,
  Task,
  type TaskProps,
} from '../../../constructs/index.ts';
import type { TaskInput } from '../../../constructs/spec/task.ts';
import type { Manifest } from '../../../synth/manifest.ts';

function dockOn(infrastructure: Partial<InfrastructureProps> = {}, name = 'class'): Dock {
  const app = new App();
  const modena = new Infrastructure(app, 'modena', { type: 'kubernetes', ...infrastructure });
  return new Dock(new ClusterChart(app, 'city-modena', { infrastructure: modena, environment: 'city' }), name);
}

function objectsOf(props: Partial<TaskProps>, infrastructure: Partial<InfrastructureProps> = {}): Record<string, Manifest> {
  const task = new Task(dockOn(infrastructure), 'redis', { containers: [{ image: 'redis:7' }], ...props });
  const manifests: Manifest[] = task.dock.chart.toJson();
  return Object.fromEntries(manifests.map((manifest) => [`${manifest.kind}/${manifest.metadata.name}`, manifest]));
}

function specOf(manifest: Manifest | undefined): Record<string, unknown> {
  return manifest?.spec as Record<string, unknown>;
}

interface PodSpec {
  readonly containers: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

function podOf(props: Partial<TaskProps>): PodSpec {
  const template = specOf(objectsOf(props)['Deployment/redis']).template as { spec: PodSpec };
  return template.spec;
}

const ports = [{ containerPort: 6379 }];

describe('Task', () => {
  it('is a Deployment with a ServiceAccount of its own that no token is mounted from', () => {
    const objects = objectsOf({});
    expect(Object.keys(objects)).toEqual(['Namespace/class', 'ServiceAccount/redis', 'Deployment/redis']);
    expect(objects['ServiceAccount/redis']).toMatchObject({ automountServiceAccountToken: false, metadata: { namespace: 'class' } });
    expect(specOf(objects['Deployment/redis'])).toMatchObject({ replicas: 1, template: { spec: { serviceAccountName: 'redis' } } });
  });

  it('selects its pods by a label that never changes', () => {
    const objects = objectsOf({ containers: [{ image: 'redis:7', ports }] });
    expect(specOf(objects['Deployment/redis']).selector).toEqual({ matchLabels: { 'rotterdam.dev/task': 'redis' } });
    expect(specOf(objects['Service/redis']).selector).toEqual({ 'rotterdam.dev/task': 'redis' });
  });

  it('labels its objects and its pods', () => {
    const deployment = objectsOf({})['Deployment/redis'];
    const labels = {
      'app.kubernetes.io/name': 'redis',
      'app.kubernetes.io/instance': 'redis',
      'app.kubernetes.io/part-of': 'city',
      'app.kubernetes.io/managed-by': 'rotterdam-sync',
      'rotterdam.dev/environment': 'city',
      'rotterdam.dev/task': 'redis',
    };
    expect(deployment?.metadata.labels).toEqual(labels);
    expect(specOf(deployment)).toMatchObject({ template: { metadata: { labels } } });
  });

  it('of COMPSs is a StatefulSet whose workers are named, start together and are found by name', () => {
    const objects = objectsOf({ type: 'compss', replicas: 4, containers: [{ image: 'compss', ports: [{ containerPort: 44240 }] }] });
    expect(Object.keys(objects)).toEqual([
      'Namespace/class',
      'ServiceAccount/redis',
      'Service/redis',
      'Service/redis-workers',
      'StatefulSet/redis',
    ]);
    expect(specOf(objects['StatefulSet/redis'])).toMatchObject({
      replicas: 4,
      podManagementPolicy: 'Parallel',
      serviceName: 'redis-workers',
    });
    expect(specOf(objects['Service/redis-workers'])).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
  });

  it.each([
    { expose: 'nodePort', type: 'NodePort' },
    { expose: 'gateway', type: 'NodePort' },
    { expose: 'externalIP', type: 'NodePort' },
    { expose: 'loadBalancer', type: 'LoadBalancer' },
  ] as const)('of COMPSs exposed by $expose has one Service for each worker', ({ expose, type }) => {
    const objects = objectsOf(
      { type: 'compss', replicas: 2, containers: [{ image: 'compss', ports: [{ containerPort: 44240 }] }] },
      { expose, address: '192.0.2.1' },
    );
    expect(Object.keys(objects).filter((key) => key.includes('-w'))).toEqual([
      'Service/redis-workers',
      'Service/redis-w0',
      'Service/redis-w1',
    ]);
    expect(specOf(objects['Service/redis-w1'])).toMatchObject({
      type,
      selector: { 'statefulset.kubernetes.io/pod-name': 'redis-1' },
      ports: [{ port: 44240 }],
    });
    expect(
      Object.keys(objectsOf({ type: 'compss', replicas: 2 }, { expose, address: '192.0.2.1' })).some((key) => key.includes('-w0')),
    ).toBe(false);
  });

  it('exposed by hostPort takes the ports of its nodes, and makes room for each new pod', () => {
    const containers = [
      {
        image: 'web',
        ports: [
          { containerPort: 80, hostPort: 8080 },
          { containerPort: 53, protocol: 'UDP' as const },
        ],
      },
    ];
    const objects = objectsOf({ containers }, { expose: 'hostPort' });
    expect(specOf(objects['Service/redis'])).toMatchObject({ type: 'ClusterIP' });
    expect(specOf(objects['Deployment/redis'])).toMatchObject({
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: {
        spec: {
          containers: [
            {
              ports: [
                { containerPort: 80, hostPort: 8080, protocol: 'TCP' },
                { containerPort: 53, hostPort: 53, protocol: 'UDP' },
              ],
            },
          ],
        },
      },
    });
    const workers = objectsOf({ type: 'compss', replicas: 2, containers }, { expose: 'hostPort' });
    expect(Object.keys(workers).some((key) => key.includes('-w0'))).toBe(false);
    expect(specOf(workers['StatefulSet/redis'])).not.toHaveProperty('strategy');
  });

  it('writes replicas also when there are none', () => {
    expect(specOf(objectsOf({ replicas: 0 })['Deployment/redis']).replicas).toBe(0);
  });

  it("has one Service for the ports of all containers, under the ports that it's reached by", () => {
    const containers = [
      { name: 'a', image: 'a', ports: [{ containerPort: 80, hostPort: 8080 }] },
      { name: 'b', image: 'b', ports: [{ containerPort: 53, protocol: 'UDP', name: 'dns' }] },
    ] as const;
    expect(specOf(objectsOf({ containers })['Service/redis']).ports).toEqual([
      { name: '8080-tcp', port: 8080, targetPort: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, targetPort: 53, protocol: 'UDP' },
    ]);
  });

  it('lists a container port once, however many Service ports lead to it', () => {
    const containers = [{ image: 'a', ports: [{ containerPort: 80 }, { containerPort: 80, hostPort: 8080 }] }];
    expect(podOf({ containers }).containers[0]?.ports).toEqual([{ containerPort: 80, protocol: 'TCP' }]);
  });

  it('names the templates that it is bound to, and makes no object of them', () => {
    const dock = dockOn();
    const template = new QosTemplate(dock, 'DeadlinesMissed_1', { type: 'app-compss', guarantees: [{ name: 'd', constraint: 'd < 1' }] });
    const task = new Task(dock, 'redis', { containers: [{ image: 'redis:7' }], qos: [template, 'Other'] });
    expect(ApiObject.of(task).metadata.toJson()).toMatchObject({ annotations: { 'rotterdam.dev/qos': 'DeadlinesMissed_1,Other' } });
    expect(task.dock.chart.toJson().map(({ kind }) => kind)).toEqual(['Namespace', 'ServiceAccount', 'Deployment']);
  });

  it('writes quantities as the API server keeps them', () => {
    const resources = { requests: { cpu: '1000m', memory: '2048Mi' }, limits: { cpu: 0.5 } };
    expect(podOf({ containers: [{ image: 'a', resources }] }).containers[0]?.resources).toEqual({
      requests: { cpu: '1', memory: '2Gi' },
      limits: { cpu: '500m' },
    });
  });

  it('takes variables from values, Secrets, ConfigMaps and fields of the pod', () => {
    const env = [
      { name: 'A', value: '1' },
      { name: 'B', secret: { name: 's', key: 'k' } },
      { name: 'C', configMap: { name: 'c', key: 'k', optional: true } },
      { name: 'D', field: 'status.podIP' },
    ];
    expect(podOf({ containers: [{ image: 'a', env }] }).containers[0]?.env).toEqual([
      { name: 'A', value: '1' },
      { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
      { name: 'C', valueFrom: { configMapKeyRef: { name: 'c', key: 'k', optional: true } } },
      { name: 'D', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
    ]);
  });

  it('mounts volumes, one for a name', () => {
    const shared = { name: 'shared', mountPath: '/shared', emptyDir: { sizeLimit: '1024Mi' } };
    const pod = podOf({
      containers: [
        { name: 'a', image: 'a', volumes: [shared, { name: 'c', mountPath: '/c', configMap: 'conf', readOnly: true }] },
        {
          name: 'b',
          image: 'b',
          volumes: [
            shared,
            { name: 's', mountPath: '/s', secret: 'sec' },
            { name: 'p', mountPath: '/p', persistentVolumeClaim: 'claim', subPath: 'x' },
          ],
        },
      ],
    });
    expect(pod.volumes).toEqual([
      { name: 'shared', emptyDir: { sizeLimit: '1Gi' } },
      { name: 'c', configMap: { name: 'conf' } },
      { name: 's', secret: { secretName: 'sec' } },
      { name: 'p', persistentVolumeClaim: { claimName: 'claim' } },
    ]);
    expect(pod.containers[1]?.volumeMounts).toEqual([
      { name: 'shared', mountPath: '/shared' },
      { name: 's', mountPath: '/s' },
      { name: 'p', mountPath: '/p', subPath: 'x' },
    ]);
  });

  it('passes on what says where and how its pods run', () => {
    const probe = { httpGet: { path: '/', port: 80 }, periodSeconds: 5 };
    const pod = podOf({
      imagePullSecrets: ['registry'],
      nodeSelector: { zone: 'edge' },
      tolerations: [{ key: 'edge', operator: 'Exists' }],
      containers: [
        { image: 'a', imagePullPolicy: 'Always', command: ['/bin/sh'], args: ['-c', 'true'], livenessProbe: probe, readinessProbe: probe },
      ],
    });
    expect(pod).toMatchObject({
      imagePullSecrets: [{ name: 'registry' }],
      nodeSelector: { zone: 'edge' },
      tolerations: [{ key: 'edge', operator: 'Exists' }],
    });
    expect(pod.containers[0]).toMatchObject({
      imagePullPolicy: 'Always',
      command: ['/bin/sh'],
      args: ['-c', 'true'],
      livenessProbe: probe,
      readinessProbe: probe,
    });
  });

  it.each([
    [
      'restricted',
      { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    ],
    ['baseline', { seccompProfile: { type: 'RuntimeDefault' } }, { allowPrivilegeEscalation: false }],
    ['privileged', undefined, undefined],
  ] as const)('passes the pod security level %s', (security, pod, container) => {
    const { securityContext, containers } = podOf({ security });
    expect([securityContext, containers[0]?.securityContext]).toEqual([pod, container]);
  });

  it.each([
    ['clusterIP', { type: 'ClusterIP' }],
    ['nodePort', { type: 'NodePort' }],
    ['loadBalancer', { type: 'LoadBalancer' }],
    ['externalIP', { type: 'ClusterIP', externalIPs: ['10.0.0.7'] }],
    ['ingress', { type: 'ClusterIP' }],
  ] as const)('is exposed by %s', (expose, service) => {
    const objects = objectsOf({ containers: [{ image: 'a', ports }] }, { expose, address: '10.0.0.7', domain: 'example' });
    const { ports: _, selector: __, ...rest } = specOf(objects['Service/redis']);
    expect(rest).toEqual(service);
    expect('Ingress/redis' in objects).toBe(expose === 'ingress');
  });

  it('has a Route on OpenShift, to the port that asks for a host', () => {
    const containers = [
      { image: 'a', ports: [{ containerPort: 1 }, { containerPort: 2, host: 'a.example' }, { containerPort: 3, host: 'b.example' }] },
    ];
    const objects = objectsOf({ containers }, { type: 'openshift', domain: 'apps.example' });
    expect(specOf(objects['Route/redis'])).toMatchObject({
      host: 'a.example',
      to: { name: 'redis' },
      port: { targetPort: '2-tcp' },
      tls: { termination: 'edge' },
    });
    expect(specOf(objects['Route/redis-3'])).toMatchObject({ host: 'b.example', port: { targetPort: '3-tcp' } });
  });

  it.each([
    ['kubernetes', undefined],
    ['microk8s', 'public'],
  ] as const)('has an Ingress on %s when a port asks for a host', (type, ingressClassName) => {
    const containers = [{ image: 'a', ports: [{ containerPort: 80, host: 'a.example' }, { containerPort: 81 }] }];
    const { rules, ...rest } = specOf(objectsOf({ containers }, { type })['Ingress/redis']);
    expect(rest).toEqual(ingressClassName === undefined ? {} : { ingressClassName });
    expect(rules).toEqual([
      {
        host: 'a.example',
        http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'redis', port: { name: '80-tcp' } } } }] },
      },
    ]);
  });

  it('leads its workload out by ApiObject.of, as cdk8s does', () => {
    const task = new Task(dockOn(), 'redis', { containers: [{ image: 'redis:7' }] });
    ApiObject.of(task).addJsonPatch(JsonPatch.add('/spec/minReadySeconds', 5));
    expect(ApiObject.of(task).toJson()).toMatchObject({ kind: 'Deployment', spec: { minReadySeconds: 5 } });
  });

  it('takes names from props, never from the construct path', () => {
    const task = new Task(dockOn(), 'some-id', { name: 'redis', containers: [{ image: 'redis:7' }] });
    const names = task.dock.chart.toJson().map((object) => object.metadata.name);
    expect(names).toEqual(['class', 'redis', 'redis']);
    expect([task.name, task.id]).toEqual(['redis', 'redis']);
  });

  it('refuses props by the schema of the document, every mistake named', () => {
    const props = { containers: [{ image: '', ports: [{ containerPort: 70_000 }] }] };
    expect(() => new Task(dockOn(), 'redis', props)).toThrow(
      /^Cannot make task 'redis': containers\.0\.image: .*; containers\.0\.ports\.0\.containerPort: /,
    );
  });

  it('refuses what an API server would', () => {
    expect(() => new Task(dockOn(), 'redis', { containers: [{ image: 'a' }, { image: 'b' }] })).toThrow(
      "Cannot make task 'redis': Use each container name of a task once: redis",
    );
  });

  it('refuses an Ingress that no host name leads to', () => {
    expect(() => objectsOf({ containers: [{ image: 'a', ports }] }, { expose: 'ingress' })).toThrow(
      'needs a host name: set domain in the infrastructure',
    );
  });

  it('refuses two ports of a node for one of a container', () => {
    const containers = [{ image: 'a', ports: [{ containerPort: 80 }, { containerPort: 80, hostPort: 8080 }] }];
    expect(() => objectsOf({ containers }, { expose: 'hostPort' })).toThrow('one port of its node: list containerPort 80 once');
    expect(Object.keys(objectsOf({ containers }, { expose: 'nodePort' }))).toContain('Service/redis');
  });

  it.each(['baseline', 'restricted'])('refuses ports of nodes in a dock that enforces %s', (level) => {
    const { chart } = dockOn({ expose: 'hostPort' });
    const dock = new Dock(chart, 'strict', { labels: { 'pod-security.kubernetes.io/enforce': level } });
    expect(() => new Task(dock, 'redis', { containers: [{ image: 'a', ports }] })).toThrow(
      `pod-security.kubernetes.io/enforce is ${level}`,
    );
  });

  it('refuses a scope that is no dock', () => {
    expect(() => new Task(new App(), 'redis', { containers: [{ image: 'a' }] })).toThrow('into a Dock: it is in none');
  });

  it('takes the fields of the document', () => {
    expectTypeOf<TaskInput['containers'][number]>().toExtend<TaskProps['containers'][number]>();
    expectTypeOf<Exclude<keyof TaskInput, keyof TaskProps>>().toEqualTypeOf<
      'infrastructure' | 'infrastructures' | 'rollout' | 'dock' | 'suspend'
    >();
  });
});

describe('ServerlessFunction', () => {
  it('makes no object until an engine is there', () => {
    const dock = dockOn();
    const made = new ServerlessFunction(dock, 'hello', { runtime: 'python3.11', source: 'def hello(): pass' });
    expect(made.spec.timeout).toBe(180);
    expect(dock.chart.toJson().map(({ kind }) => kind)).toEqual(['Namespace']);
  });
});
