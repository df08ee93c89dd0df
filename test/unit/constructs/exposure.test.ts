import { describe, expect, it } from 'vitest';
import { type Reach, taskUrl } from '../../../constructs/exposure.ts';
import { type InfrastructureInput, infrastructureSpec } from '../../../constructs/spec/infrastructure.ts';
import { type TaskInput, taskSpec } from '../../../constructs/spec/task.ts';

type Port = NonNullable<TaskInput['containers'][number]['ports']>[number];

const http: Port = { containerPort: 80 };
const address = '10.0.0.7';
const domain = 'apps.modena.example';

const cases: readonly [
  reason: string,
  url: string | undefined,
  Omit<InfrastructureInput, 'type'> & { type?: 'openshift' },
  Port[],
  ('compss' | undefined)?,
  Reach?,
][] = [
  ['nothing leads to a cluster address', undefined, {}, [http]],
  ['a Route in the domain, by TLS', `https://nginx.${domain}`, { type: 'openshift', domain }, [http]],
  ['the router chooses the host', undefined, { type: 'openshift' }, [http]],
  ['a Route at the host that the port asks for', 'https://www.example', { type: 'openshift', domain }, [{ ...http, host: 'www.example' }]],
  ['the first port that asks for a host', 'https://www.example', { type: 'openshift' }, [http, { containerPort: 81, host: 'www.example' }]],
  ['no Route without a port', undefined, { type: 'openshift', domain }, []],
  ['no Route over UDP', undefined, { type: 'openshift', domain }, [{ containerPort: 53, protocol: 'UDP' }]],
  ['workers have no URL', undefined, { type: 'openshift', domain }, [http], 'compss'],
  ['workers have no URL', undefined, { expose: 'externalIP', address }, [http], 'compss'],
  ['an Ingress at the host that the port asks for', 'http://www.example', {}, [{ ...http, host: 'www.example' }]],
  ['an Ingress in the domain', `http://nginx.${domain}`, { expose: 'ingress', domain }, [http]],
  ['a domain alone exposes nothing', undefined, { domain }, [http]],
  ['the external address', `http://${address}`, { expose: 'externalIP', address }, [http]],
  [
    'the external address, the port that is asked for',
    `http://${address}:8080`,
    { expose: 'externalIP', address },
    [{ ...http, hostPort: 8080 }],
  ],
  ['a port of the device', `http://${address}:8080`, { expose: 'hostPort', address }, [{ ...http, hostPort: 8080 }]],
  ['the node is not known yet', undefined, { expose: 'hostPort' }, [http]],
  ['an IPv6 address in brackets', 'http://[fd00::7]', { expose: 'externalIP', address: 'fd00::7' }, [http]],
  ['no URL without a port', undefined, { expose: 'externalIP', address }, []],
  ['only the cluster knows a node port', undefined, { expose: 'nodePort', address }, [http]],
  ['only the cluster knows the balancer', undefined, { expose: 'loadBalancer', address }, [http]],
  ['the node port that was seen', `http://${address}:30080`, { expose: 'nodePort', address }, [http], undefined, { port: 30080 }],
  ['the node port behind a gateway', `http://${address}:30080`, { expose: 'gateway', address }, [http], undefined, { port: 30080 }],
  ['a node port of no known address', undefined, { expose: 'nodePort' }, [http], undefined, { port: 30080 }],
  ['the balancer that was seen', 'http://10.1.2.3', { expose: 'loadBalancer' }, [http], undefined, { host: '10.1.2.3', port: 80 }],
  ['the balancer, by IPv6', 'http://[fd00::8]:81', { expose: 'loadBalancer' }, [http], undefined, { host: 'fd00::8', port: 81 }],
  ['the host that the router chose', 'https://web.example', { type: 'openshift' }, [http], undefined, { host: 'web.example' }],
  [
    'no node port without TCP',
    undefined,
    { expose: 'nodePort', address },
    [{ containerPort: 53, protocol: 'UDP' }],
    undefined,
    { port: 30053 },
  ],
  ['no node port when it is no longer exposed', undefined, { address }, [http], undefined, { port: 30080 }],
];

describe('taskUrl', () => {
  it.each(cases)('%s: %s', (_, url, infrastructure, ports, type, seen) => {
    const spec = taskSpec.parse({ type, containers: [{ image: 'nginx', ports }] });
    expect(taskUrl({ name: 'nginx', spec }, infrastructureSpec.parse({ type: 'kubernetes', ...infrastructure }), seen)).toBe(url);
  });
});
