import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskInput } from '../../constructs/spec/task.ts';
import { readFolder } from '../../controller/adapters/files.ts';
import { loadEnvironment } from '../../synth/load.ts';
import { type Manifest, printRef, refOf } from '../../synth/manifest.ts';
import { synthesize } from '../../synth/synthesize.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { environmentOf } from '../support/environment.ts';
import { have } from '../support/parts.ts';
import { CANONICAL } from '../support/quantities.ts';

/** Enough of OpenShift's Route for a server that has none. */
const ROUTES: Manifest = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'routes.route.openshift.io',
    annotations: { 'api-approved.kubernetes.io': 'https://github.com/openshift/api' },
  },
  spec: {
    group: 'route.openshift.io',
    scope: 'Namespaced',
    names: { kind: 'Route', plural: 'routes', singular: 'route', listKind: 'RouteList' },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: routeSchema() } }],
  },
};

function routeSchema() {
  const text = { type: 'string' };
  const object = (required: string[], properties: object) => ({ type: 'object', required, properties });
  return object(['spec'], {
    spec: object(['to'], {
      host: text,
      to: object(['kind', 'name'], { kind: { enum: ['Service'], type: 'string' }, name: text, weight: { type: 'integer' } }),
      port: object(['targetPort'], { targetPort: { 'x-kubernetes-int-or-string': true } }),
      tls: object(['termination'], {
        termination: { type: 'string', enum: ['edge', 'passthrough', 'reencrypt'] },
        insecureEdgeTerminationPolicy: { type: 'string', enum: ['None', 'Allow', 'Redirect'] },
      }),
    }),
  });
}

/** Everything a task can say. */
const wide: TaskInput = {
  dock: 'restricted',
  imagePullSecrets: ['registry'],
  nodeSelector: { zone: 'edge' },
  tolerations: [{ key: 'edge', operator: 'Exists', effect: 'NoSchedule' }],
  containers: [
    {
      image: 'a',
      ports: [
        { containerPort: 80, host: 'a.example' },
        { containerPort: 80, hostPort: 8080 },
        { containerPort: 53, protocol: 'UDP' },
      ],
      env: [
        { name: 'A', value: 'yes' },
        { name: 'B', secret: { name: 's', key: 'k' } },
        { name: 'C', configMap: { name: 'c', key: 'k', optional: true } },
        { name: 'D', field: 'status.podIP' },
      ],
      resources: { requests: { cpu: 0.1, memory: '1.5Gi' }, limits: { cpu: '2', memory: '2048Mi' } },
      volumes: [
        { name: 'scratch', mountPath: '/scratch', emptyDir: { sizeLimit: '1Gi', medium: 'Memory' } },
        { name: 'conf', mountPath: '/conf', configMap: 'c', readOnly: true },
        { name: 'secret', mountPath: '/secret', secret: 's' },
        { name: 'data', mountPath: '/data', persistentVolumeClaim: 'claim', subPath: 'x' },
      ],
      livenessProbe: { httpGet: { port: 80 }, periodSeconds: 5 },
      readinessProbe: { tcpSocket: { port: 80 } },
      startupProbe: { exec: { command: ['true'] }, failureThreshold: 3 },
    },
    { name: 'beside', image: 'b', volumes: [{ name: 'scratch', mountPath: '/s', emptyDir: { sizeLimit: '1Gi', medium: 'Memory' } }] },
  ],
};

const synthetic = environmentOf({
  infrastructures: {
    openshift: { type: 'openshift', domain: 'apps.example' },
    microk8s: { type: 'microk8s', expose: 'ingress', domain: 'example' },
    kubernetes: { type: 'kubernetes', expose: 'externalIP', address: '10.0.0.7' },
    ports: { type: 'kubernetes', expose: 'nodePort' },
    balancer: { type: 'kubernetes', expose: 'loadBalancer' },
  },
  docks: { restricted: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' }, quota: { pods: 50, 'limits.cpu': '8000m' } } },
  tasks: Object.fromEntries(
    ['openshift', 'microk8s', 'kubernetes', 'ports', 'balancer'].flatMap((infrastructure) => [
      [`wide-${infrastructure}`, { ...wide, infrastructure }],
      [
        `workers-${infrastructure}`,
        { dock: 'restricted', infrastructure, type: 'compss', containers: [{ image: 'a', ports: [{ containerPort: 44240 }] }] },
      ],
    ]),
  ),
});

const shipped = loadEnvironment('modena', await readFolder(fileURLToPath(new URL('../..', import.meta.url))));

const environments = [shipped, synthetic];
const cases = environments.flatMap((environment) =>
  [...synthesize(environment)].flatMap(([infrastructure, manifests]) =>
    manifests.map((manifest) => ({ at: `${environment.name}/${infrastructure}`, object: printRef(refOf(manifest)), manifest })),
  ),
);

describe.skipIf(!have('control plane', 'kubectl'))('a real API server', () => {
  let plane: ControlPlane;

  beforeAll(() => {
    plane = startControlPlane({ controllers: 'none' });
    apply(ROUTES);
    kubectl(['wait', '--for=condition=Established', 'crd/routes.route.openshift.io', '--timeout=30s']);
    const namespaces = new Map(
      cases.filter(({ manifest }) => manifest.kind === 'Namespace').map(({ object, manifest }) => [object, manifest]),
    );
    for (const namespace of namespaces.values()) apply(namespace);
    // No pod is admitted without one, and no controller runs that would make it.
    apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: 'restricted' } });
  });

  afterAll(() => plane?.stop());

  function kubectl(args: readonly string[], input?: Manifest): string {
    const stdin = input === undefined ? {} : { input: JSON.stringify(input) };
    return execFileSync('kubectl', ['--kubeconfig', plane.kubeconfigFile, ...args], { encoding: 'utf8', stdio: 'pipe', ...stdin });
  }

  function apply(manifest: Manifest, ...options: string[]): Manifest {
    const args = ['apply', '--server-side', '--field-manager=rotterdam-sync', '--validate=strict', '-o', 'json', ...options, '-f', '-'];
    return JSON.parse(kubectl(args, manifest)) as Manifest;
  }

  it.each(cases)('accepts $object of $at, and keeps every field as it was sent', ({ manifest }) => {
    expect(apply(manifest, '--dry-run=server')).toMatchObject(manifest);
  });

  it.each(
    cases.filter(
      ({ at, manifest }) => (at.startsWith('city/') || manifest.metadata.name === 'traffic-dashboard') && podOf(manifest) !== undefined,
    ),
  )('admits pods of $object of $at, a native task, where `restricted` is enforced', ({ manifest }) => {
    const pod = { ...podOf(manifest), serviceAccountName: 'default' };
    const made = apply(
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: manifest.metadata.name, namespace: 'restricted' }, spec: pod },
      '--dry-run=server',
    );
    expect(made.kind).toBe('Pod');
  });

  it('refuses pods of a baseline task there, so that the test above can fail', () => {
    const tasks = { redis: { dock: 'restricted', security: 'baseline', containers: [{ image: 'redis' }] } } satisfies Record<
      string,
      TaskInput
    >;
    const deployment = synthesize(environmentOf({ tasks }))
      .get('modena')
      ?.find(({ kind }) => kind === 'Deployment');
    if (deployment === undefined) throw new Error('a task gives a Deployment');
    const pod = { ...podOf(deployment), serviceAccountName: 'default' };
    const refused = () =>
      apply({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'redis', namespace: 'restricted' }, spec: pod }, '--dry-run=server');
    expect(refused).toThrow('violates PodSecurity "restricted');
  });

  it('stores quantities as canonicalQuantity writes them', () => {
    const limits = CANONICAL.map(([written], at) => ({ type: `example.com/${at}`, max: { memory: String(written) } }));
    apply({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'quantities', namespace: 'default' }, spec: { limits } });
    const stored = JSON.parse(kubectl(['-n', 'default', 'get', 'limitrange', 'quantities', '-o', 'json'])) as Manifest;
    const { limits: kept } = stored.spec as { limits: { max: { memory: string } }[] };
    expect(kept.map(({ max }) => max.memory)).toEqual(CANONICAL.map(([, canonical]) => canonical));
  });
});

function podOf(manifest: Manifest): object | undefined {
  const { template } = (manifest.spec ?? {}) as { template?: { spec: object } };
  return template?.spec;
}
