import { describe, expect, it } from 'vitest';
import { type TaskInput, taskSpec } from '../../../constructs/spec/task.ts';
import { taskProblems } from '../../../constructs/task-problems.ts';

type Container = TaskInput['containers'][number];

const image = 'redis:7';
const emptyDir = {};

function problemsOf(task: Omit<TaskInput, 'containers'>, ...containers: Omit<Container, 'image'>[]) {
  const spec = taskSpec.parse({ ...task, containers: containers.map((container) => ({ image, ...container })) });
  return taskProblems('redis', spec).map(({ path, code, message }) => ({ at: path.join('.'), code, message }));
}

const refused: readonly [reason: string, at: string, message: RegExp, Omit<Container, 'image'>[], Omit<TaskInput, 'containers'>?][] = [
  ['two containers without a name', 'containers.1.name', /container name of a task once: redis/, [{}, {}]],
  [
    'more workers than a cluster has ports for',
    'replicas',
    /COMPSs task at most 1000 workers: 1001/,
    [{}],
    { type: 'compss', replicas: 1_001 },
  ],
  ['two containers of one name', 'containers.1.name', /container name of a task once: a/, [{ name: 'a' }, { name: 'a' }]],
  ['a container name in capitals', 'containers.0.name', /Cannot use the name 'Redis'/, [{ name: 'Redis' }]],
  [
    'one Service port twice',
    'containers.0.ports.1.hostPort',
    /port of a task once: 80\/TCP/,
    [{ ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 80 }] }],
  ],
  [
    'one Service port in two containers',
    'containers.1.ports.0.hostPort',
    /port of a task once: 80\/TCP/,
    [
      { name: 'a', ports: [{ containerPort: 80 }] },
      { name: 'b', ports: [{ containerPort: 81, hostPort: 80 }] },
    ],
  ],
  [
    'two containers that listen to one port',
    'containers.1.ports.0.containerPort',
    /share an address: 80\/TCP/,
    [
      { name: 'a', ports: [{ containerPort: 80 }] },
      { name: 'b', ports: [{ containerPort: 80, hostPort: 81 }] },
    ],
  ],
  [
    'two ports of one name',
    'containers.0.ports.1.name',
    /port name of a task once: web/,
    [
      {
        ports: [
          { containerPort: 80, name: 'web' },
          { containerPort: 81, name: 'web' },
        ],
      },
    ],
  ],
  [
    'a name that another port has by default',
    'containers.0.ports.1.name',
    /port name of a task once: 80-tcp/,
    [{ ports: [{ containerPort: 80 }, { containerPort: 81, name: '80-tcp' }] }],
  ],
  [
    'a variable twice',
    'containers.0.env.1.name',
    /variable of a task once: A/,
    [
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    ],
  ],
  [
    'a path twice',
    'containers.0.volumes.1.mountPath',
    /mountPath of a task once: \/a/,
    [
      {
        volumes: [
          { name: 'a', mountPath: '/a', emptyDir },
          { name: 'b', mountPath: '/a', emptyDir },
        ],
      },
    ],
  ],
  [
    'a volume without a source',
    'containers.0.volumes.0',
    /volume 'a' exactly one of .*: found none/,
    [{ volumes: [{ name: 'a', mountPath: '/a' }] }],
  ],
  [
    'a volume of two sources',
    'containers.0.volumes.0',
    /found emptyDir and secret/,
    [{ volumes: [{ name: 'a', mountPath: '/a', emptyDir, secret: 's' }] }],
  ],
  [
    'a shared volume with another source',
    'containers.1.volumes.0.name',
    /'a' the same source/,
    [
      { name: 'a', volumes: [{ name: 'a', mountPath: '/a', emptyDir }] },
      { name: 'b', volumes: [{ name: 'a', mountPath: '/a', secret: 's' }] },
    ],
  ],
  [
    'a volume name in capitals',
    'containers.0.volumes.0.name',
    /Cannot use the name 'A'/,
    [{ volumes: [{ name: 'A', mountPath: '/a', emptyDir }] }],
  ],
  [
    'a probe that asks nothing',
    'containers.0.livenessProbe',
    /livenessProbe exactly one of .*: found none/,
    [{ livenessProbe: { periodSeconds: 5 } }],
  ],
  [
    'a probe that asks twice',
    'containers.0.readinessProbe',
    /found httpGet and tcpSocket/,
    [{ readinessProbe: { httpGet: { port: 80 }, tcpSocket: { port: 80 } } }],
  ],
  [
    'a host in capitals',
    'containers.0.ports.0.host',
    /Cannot use the host 'WWW.example'/,
    [{ ports: [{ containerPort: 80, host: 'WWW.example' }] }],
  ],
  [
    'a host at a UDP port',
    'containers.0.ports.0.host',
    /a port of UDP/,
    [{ ports: [{ containerPort: 80, protocol: 'UDP', host: 'a.example' }] }],
  ],
  [
    'a host at a worker',
    'containers.0.ports.0.host',
    /COMPSs worker speaks no HTTP/,
    [{ ports: [{ containerPort: 80, host: 'a.example' }] }],
    { type: 'compss' },
  ],
  [
    'a host at two ports',
    'containers.0.ports.1.host',
    /host of a task once: a.example/,
    [
      {
        ports: [
          { containerPort: 80, host: 'a.example' },
          { containerPort: 81, host: 'a.example' },
        ],
      },
    ],
  ],
];

const accepted: readonly [reason: string, ...Omit<Container, 'image'>[]][] = [
  ['one port over TCP and UDP', { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] }],
  ['two Service ports that lead to one container port', { ports: [{ containerPort: 80 }, { containerPort: 80, hostPort: 8080 }] }],
  [
    'a shared volume',
    { name: 'a', volumes: [{ name: 'a', mountPath: '/a', emptyDir }] },
    { name: 'b', volumes: [{ name: 'a', mountPath: '/b', emptyDir }] },
  ],
  ['one variable in two containers', { name: 'a', env: [{ name: 'A', value: '1' }] }, { name: 'b', env: [{ name: 'A', value: '1' }] }],
];

describe('taskProblems', () => {
  it.each(refused)('refuses %s', (_, at, message, containers, task = {}) => {
    expect(problemsOf(task, ...containers)).toEqual([{ at, code: expect.any(String), message: expect.stringMatching(message) }]);
  });

  it.each(accepted)('accepts %s', (_, ...containers) => {
    expect(problemsOf({}, ...containers)).toEqual([]);
  });

  it('tells all of them at once', () => {
    expect(
      problemsOf(
        {},
        {
          env: [
            { name: 'A', value: '' },
            { name: 'A', value: '' },
          ],
        },
        {},
      ),
    ).toHaveLength(2);
  });

  it('refuses a name that leaves no room for what Kubernetes appends', () => {
    const [problem] = taskProblems('a'.repeat(53), taskSpec.parse({ containers: [{ image }] }));
    expect(problem).toMatchObject({ path: [], code: 'bad-name', message: expect.stringContaining('at most 52') });
  });
});
