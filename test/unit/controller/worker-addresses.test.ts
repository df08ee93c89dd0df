import { describe, expect, it } from 'vitest';
import { infrastructureSpec } from '../../../constructs/spec/infrastructure.ts';
import { taskSpec } from '../../../constructs/spec/task.ts';
import { workerAddresses } from '../../../controller/worker-addresses.ts';
import type { Infrastructure, Task } from '../../../synth/environment.ts';
import type { Manifest } from '../../../synth/manifest.ts';

const ORIGIN = { file: 'x', line: 1, column: 1, index: 0 };

function task(replicas = 2, ports: readonly object[] = [{ containerPort: 43001 }]): Task {
  const spec = taskSpec.parse({ type: 'compss', replicas, containers: [{ image: 'x', ports }] });
  return {
    id: 'app',
    name: 'app',
    infrastructure: 'edge',
    infrastructures: ['edge'],
    dock: 'class',
    spec,
    annotations: {},
    qos: [],
    origin: ORIGIN,
  };
}

function edge(spec: object): Infrastructure {
  return { ...infrastructureSpec.parse({ type: 'kubernetes', ...spec }), name: 'edge', original: 'edge', origin: ORIGIN };
}

function pod(ordinal: number, more: { readonly ready?: string; readonly going?: true; readonly hostIP?: string } = {}): Manifest {
  const { ready = 'True', going, hostIP = '10.0.0.1' } = more;
  const metadata = { name: `app-${ordinal}`, namespace: 'class', ...(going ? { deletionTimestamp: 'now' } : {}) };
  const status = { phase: 'Running', podIP: `10.1.0.${ordinal}`, hostIP, conditions: [{ type: 'Ready', status: ready }] };
  return { apiVersion: 'v1', kind: 'Pod', metadata, status } as Manifest;
}

function service(ordinal: number, more: object = {}): Manifest {
  const spec = { ports: [{ port: 43001, nodePort: 30_000 + ordinal }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: `app-w${ordinal}`, namespace: 'class' }, spec, ...more } as Manifest;
}

const balanced = (ordinal: number, ingress: object) => service(ordinal, { status: { loadBalancer: { ingress: [ingress] } } });

describe('The workers of a COMPSs task are reached', () => {
  it.each([
    { expose: 'nodePort', services: [service(0), service(1)], at: ['10.0.0.1:30000', '10.0.0.1:30001'] },
    { expose: 'nodePort', address: 'edge.example', services: [service(1), service(0)], at: ['edge.example:30000', 'edge.example:30001'] },
    { expose: 'gateway', address: 'edge.example', services: [service(0), service(1)], at: ['edge.example:30000', 'edge.example:30001'] },
    { expose: 'ingress', domain: 'edge.example', services: [service(0), service(1)], at: ['10.0.0.1:30000', '10.0.0.1:30001'] },
    {
      expose: 'loadBalancer',
      services: [balanced(0, { ip: '192.0.2.1' }), balanced(1, { hostname: 'lb.example' })],
      at: ['192.0.2.1:43001', 'lb.example:43001'],
    },
    { expose: 'hostPort', address: 'edge.example', services: [], at: ['10.0.0.1:43001', '10.0.0.1:43001'] },
    { expose: 'clusterIP', services: [], at: ['10.1.0.0:43001', '10.1.0.1:43001'] },
  ])('by $expose at $at', ({ services, at, ...spec }) => {
    const addresses = workerAddresses(task(), edge(spec), [pod(1), pod(0)], services);
    expect(addresses).toMatchObject([
      { name: 'app-0', hostIp: '10.0.0.1', podIp: '10.1.0.0', status: 'Running', protocol: 'TCP', targetPort: 43001 },
      { name: 'app-1' },
    ]);
    expect((addresses as readonly { ip: string; port: number }[]).map(({ ip, port }) => `${ip}:${port}`)).toEqual(at);
  });

  it.each([
    { reason: 'one is missing', pods: [pod(0)], services: [service(0), service(1)], says: 'worker app-1 is not ready' },
    {
      reason: 'one is not ready',
      pods: [pod(0), pod(1, { ready: 'False' })],
      services: [service(0), service(1)],
      says: 'worker app-1 is not ready',
    },
    {
      reason: 'one is going',
      pods: [pod(0), pod(1, { going: true })],
      services: [service(0), service(1)],
      says: 'worker app-1 is not ready',
    },
    { reason: 'a Service is missing', pods: [pod(0), pod(1)], services: [service(0)], says: 'worker app-1 has no port yet' },
    {
      reason: 'a node has no address',
      pods: [pod(0, { hostIP: '' }), pod(1)],
      services: [service(0), service(1)],
      says: 'worker app-0 has no address yet',
    },
  ])('not at all while $reason', ({ pods, services, says }) => {
    expect(workerAddresses(task(), edge({ expose: 'nodePort' }), pods, services)).toBe(says);
  });

  it('at the port of the node that the document asks for', () => {
    const asked = task(1, [{ containerPort: 43001, hostPort: 43011 }]);
    expect(workerAddresses(asked, edge({ expose: 'hostPort' }), [pod(0)], [])).toMatchObject([{ port: 43011, targetPort: 43001 }]);
    expect(workerAddresses(asked, edge({ expose: 'clusterIP' }), [pod(0)], [])).toMatchObject([{ port: 43001 }]);
  });

  it('not without a port, and there are none of a task with none', () => {
    expect(workerAddresses(task(1, []), edge({}), [pod(0)], [])).toBe('worker app-0 has no port: name one in its document');
    expect(workerAddresses(task(0), edge({}), [], [])).toEqual([]);
  });
});
