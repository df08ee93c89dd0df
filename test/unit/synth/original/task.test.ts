import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../../synth/load.ts';
import { cityFiles, example } from '../../../support/source-files.ts';

const INFRASTRUCTURES = {
  'infrastructures/a.json': { name: 'modena', type: 'kubernetes' },
  'infrastructures/b.json': { name: 'Microk8s_1', type: 'MicroK8s' },
  'defaults.yaml': 'apiVersion: rotterdam.dev/v1alpha1\nkind: Defaults\nspec: {infrastructure: modena}\n',
};

function load(document: object | string) {
  const environment = loadEnvironment('city', cityFiles({ ...INFRASTRUCTURES, 'tasks/t.json': document }));
  const issues = environment.issues
    .filter(({ code }) => code !== 'baseline-security')
    .map((issue) => printIssue(issue).replace('environments/city/tasks/t.json:', ''));
  return { task: [...environment.tasks.values()][0], issues, environment };
}

describe("Rotterdam's tasks", () => {
  it.each([
    [
      'task-compss-workflow.json',
      { id: 'compss_workflow', infrastructure: 'modena', dock: 'class', spec: { type: 'compss', replicas: 4 } },
    ],
    ['task-nginx-long.json', { id: 'nginx_app', infrastructure: 'microk8s-1', dock: 'default', spec: { type: 'default', replicas: 2 } }],
    ['task-redis-simple.json', { id: 'redis_app', infrastructure: 'microk8s-1', dock: 'default', spec: { type: 'compss', replicas: 4 } }],
    ['task-redis-inline-qos.json', { id: 'redis_app', spec: { type: 'compss', replicas: 4 } }],
  ])('%s is valid as it stands', (name, expected) => {
    const { task, issues } = load(example(name));
    expect(issues).toEqual([]);
    expect(task).toMatchObject(expected);
  });

  it('runs at baseline, with a warning', () => {
    const { task, environment } = load(example('task-nginx-long.json'));
    expect(task?.spec.security).toBe('baseline');
    expect(environment.issues.map(({ severity, code }) => `${severity} ${code}`)).toEqual(['warning baseline-security']);
  });

  it('reads every field of the long format', () => {
    const { task, issues } = load({
      id: 'ignored',
      created: '2021-08-19T00:00:00Z',
      name: 'My_App',
      type: 'compss',
      dock: 'CLASS_1',
      cluster: 'maincluster',
      containers: [
        {
          name: 'My_App',
          image: 'x',
          ports: [
            { containerPort: 80, hostPort: 8080, protocol: 'udp' },
            { containerPort: 81, hostPort: 0 },
          ],
          volumes: [
            { name: 'Old_1', mounthPath: '/old' },
            { name: 'new', mountPath: '/new' },
          ],
          environment: [{ name: 'A', value: '1.2.3' }, { name: 'B' }],
          command: ['sh'],
          args: ['-c', 'true'],
        },
      ],
    });
    expect(issues).toEqual([]);
    expect(task).toMatchObject({ name: 'my-app', infrastructure: 'modena', dock: 'class-1' });
    expect(task?.spec).toMatchObject({ type: 'compss', replicas: 1 });
    expect(task?.spec.containers).toEqual([
      {
        name: 'my-app',
        image: 'x',
        ports: [
          { containerPort: 80, hostPort: 8080, protocol: 'UDP' },
          { containerPort: 81, protocol: 'TCP' },
        ],
        env: [
          { name: 'A', value: '1.2.3' },
          { name: 'B', value: '' },
        ],
        volumes: [
          { name: 'old-1', mountPath: '/old', emptyDir: {} },
          { name: 'new', mountPath: '/new', emptyDir: {} },
        ],
        command: ['sh'],
        args: ['-c', 'true'],
      },
    ]);
  });

  it('takes the same in YAML', () => {
    const files = cityFiles({ ...INFRASTRUCTURES, 'tasks/t.yaml': 'name: redis\nimage: redis\nports: [6379]\ntype: default\n' });
    expect(loadEnvironment('city', files).tasks.get('redis')?.spec).toMatchObject({
      type: 'default',
      containers: [{ ports: [{ containerPort: 6379 }] }],
    });
  });

  it.each<[reason: string, fields: object, expected: string]>([
    ['an unknown field', { colour: 'red' }, "1:25 warning: Unknown field 'colour'"],
    ['an unknown field that is near one', { replica: 2 }, "1:25 warning: Unknown field 'replica': did you mean 'replicas'?"],
    ['a port that is a text', { ports: ['80'] }, '1:34 warning: Write ports[0] as a number: found "80"'],
    ['replicas that are a text', { replicas: '3' }, '1:36 warning: Write replicas as a number: found "3"'],
  ])('takes %s with a warning', (_, fields, expected) => {
    const { task, issues } = load({ name: 'a', image: 'x', ...fields });
    expect(issues).toEqual([expected]);
    expect(task).toBeDefined();
  });

  it('reads the number in a text, and nothing for null', () => {
    const { task, issues } = load({ name: 'a', image: 'x', ports: ['80', 81], replicas: '3', dock: null });
    expect(issues).toHaveLength(2);
    expect(task?.spec).toMatchObject({ replicas: 3, containers: [{ ports: [{ containerPort: 80 }, { containerPort: 81 }] }] });
    expect(task?.dock).toBe('default');
  });

  it('takes 0 replicas as 0, as the controller must be able to write it', () => {
    expect(load({ name: 'a', image: 'x', replicas: 0 }).task?.spec.replicas).toBe(0);
  });

  it('warns of a volume that is mounted nowhere', () => {
    const { task, issues } = load({ name: 'a', containers: [{ image: 'x', volumes: [{ name: 'v' }] }] });
    expect(issues).toEqual([expect.stringContaining("warning: Ignored volume 'v': it has no mountPath")]);
    expect(task?.spec.containers[0]?.volumes).toEqual([]);
  });

  it.each<[reason: string, document: object, expected: string]>([
    ['neither image nor containers', { name: 'a' }, "Add the field 'image'"],
    [
      'a variable that is a number',
      { name: 'a', containers: [{ image: 'x', environment: [{ name: 'A', value: 1 }] }] },
      'Quote containers[0].environment[0].value to make it text',
    ],
    ['a port twice', { name: 'a', image: 'x', ports: [80, 80] }, '1:37 Use each port of a task once: 80/TCP'],
    [
      'a protocol that is none',
      { name: 'a', containers: [{ image: 'x', ports: [{ containerPort: 1, protocol: 'http' }] }] },
      'Write protocol as tcp, udp or sctp',
    ],
    ['a name that maps to none', { name: '日本', image: 'x' }, "Cannot use the name '日本', as no letter or digit of ASCII is in it"],
    ['a function', { name: 'a', type: 'function', function: 'x' }, 'Cannot read a function in tasks: it goes into functions'],
  ])('refuses %s', (_, document, expected) => {
    expect(load(document).issues).toEqual([expect.stringContaining(expected)]);
  });
});

describe("Rotterdam's tasks: QoS", () => {
  const bound = (fields: object) => load({ name: 'a', image: 'x', ...fields });

  it('reads inline QoS as a template of the task alone', () => {
    expect(load(example('task-redis-inline-qos.json')).task?.qos).toEqual([
      {
        name: 'deadlines001',
        type: 'app-compss',
        window: 300_000,
        cooldown: 0,
        action: 'scale_out',
        scaleFactor: 1.5,
        maxAllowed: 2,
        minReplicas: 2,
        maxReplicas: 25,
        guarantees: [
          {
            name: 'missed_deadlines',
            aggregate: 'sum',
            kind: 'counter',
            constraint: { metric: 'missed_deadlines', comparator: '<', limit: 2 },
          },
        ],
      },
    ]);
  });

  it('leaves what is absent or zero to the Defaults', () => {
    const { task } = bound({ qos: [{ metric: 'm', maxallowed: 0, scalefactor: 0, value: 0, comparator: '', action: '' }] });
    expect(task?.qos).toMatchObject([
      {
        name: 'm',
        maxAllowed: 2,
        scaleFactor: 1.25,
        action: 'scale_out',
        minReplicas: 1,
        maxReplicas: 30,
        guarantees: [{ constraint: { comparator: '<', limit: 2 } }],
      },
    ]);
  });

  it('uses every element, not the first alone', () => {
    const { task } = bound({ qos: [{ qosid: 'bar_metric' }, { qosid: 'mine', metric: 'm' }], qoscompss: [{ qosid: 'DeadlinesMissed_1' }] });
    expect(task?.qos.map(({ name }) => name)).toEqual(['bar_metric', 'mine', 'DeadlinesMissed_1']);
  });

  it('lets an element set limits of a template for this task', () => {
    const { task, issues } = bound({ qos: [{ qosid: 'DeadlinesMissed_1', maxreplicas: 9, scalefactor: 2 }] });
    expect(issues).toEqual([]);
    expect(task?.qos).toMatchObject([{ name: 'DeadlinesMissed_1', maxReplicas: 9, scaleFactor: 2, maxAllowed: 0 }]);
  });

  it('warns when a description hides a template of its name', () => {
    const { task, issues } = bound({ qos: [{ qosid: 'bar_metric', metric: 'other' }] });
    expect(issues).toEqual([expect.stringContaining("warning: QoS 'bar_metric' is described here")]);
    expect(task?.qos[0]?.guarantees[0]?.constraint.metric).toBe('other');
  });

  it.each([
    ['a default task', { type: 'default' }, 'app', 'gauge'],
    ['a COMPSs task', {}, 'app-compss', 'counter'],
  ])('judges inline QoS of %s by its type', (_, fields, type, kind) => {
    expect(bound({ ...fields, qos: [{ metric: 'm' }] }).task?.qos).toMatchObject([{ type, guarantees: [{ kind }] }]);
  });

  it.each<[reason: string, qos: object | undefined, names: string[]]>([
    ['none', undefined, []],
    ['an empty name', { name: '' }, []],
    ['None', { name: 'None', description: 'x' }, []],
    ['a name', { name: 'KubeletTooManyPods' }, ['KubeletTooManyPods']],
    ['None in the simple format', [{ qosid: 'None' }, {}], []],
  ])('binds to %s', (_, qos, names) => {
    const { task, issues } = load({ name: 'a', containers: [{ image: 'x' }], qos });
    expect(issues).toEqual([]);
    expect(task?.qos.map(({ name }) => name)).toEqual(names);
  });

  it('reads custom QoS with all its guarantees', () => {
    const custom = [
      {
        type: 'infr',
        guarantees: [
          { metric: 'cpu', condition: '>', value: '0' },
          { metric: 'memory', value: 7 },
        ],
        action: 'scale_up',
        scalefactor: 2,
        max: 9,
        min: 2,
      },
    ];
    const { task, issues } = load({ name: 'a', containers: [{ image: 'x' }], qos: { name: 'mine', custom } });
    expect(issues).toEqual([]);
    expect(task?.qos).toMatchObject([
      {
        name: 'mine',
        type: 'infr',
        action: 'scale_out',
        scaleFactor: 2,
        minReplicas: 2,
        maxReplicas: 9,
        guarantees: [
          { constraint: { metric: 'cpu', comparator: '>', limit: 0 } },
          { constraint: { metric: 'memory', comparator: '<', limit: 7 } },
        ],
      },
    ]);
  });

  it('ignores custom QoS without a name, as the original did, and says so', () => {
    const custom = [{ guarantees: [{ metric: 'cpu', value: '1' }] }];
    const { task, issues } = load({ name: 'a', containers: [{ image: 'x' }], qos: { name: 'None', custom } });
    expect(issues).toEqual([expect.stringContaining('warning: Ignored qos.custom')]);
    expect(task?.qos).toEqual([]);
  });

  it.each<[reason: string, element: object, inert: string]>([
    ['scale_down by 2', { action: 'scale_down', scalefactor: 2 }, 'scale_in needs a factor between 0 and 1: 2'],
    ['scale_out by 1', { action: 'scale_out', scalefactor: 1 }, 'scale_out needs a factor above 1: 1'],
    ["the comparator '='", { comparator: '=', value: 2 }, "'=' is not a comparator"],
  ])('judges %s and never acts on it, with a warning', (_, element, inert) => {
    const { task, issues } = bound({ qos: [{ metric: 'm', ...element }] });
    expect(issues).toEqual([expect.stringContaining('warning: ')]);
    expect(issues[0]).toContain(inert);
    expect(task?.qos[0]?.inert).toContain(inert);
  });

  it.each<[reason: string, element: object, expected: string]>([
    ['an action that is none', { qosid: 'bar_metric', action: 'scale_sideways' }, 'Write qos[0].action as one of'],
    ['a comparator that is none', { metric: 'm', comparator: '~' }, 'Write qos[0].comparator as one of'],
    ['a metric that is none', { metric: 'm < 1 or up' }, 'Write the name of a metric'],
    ['an unknown template', { qosid: 'what' }, "Cannot bind task 'a' to QoS 'what'"],
    [
      'limits the wrong way round',
      { metric: 'm', minreplicas: 3, maxreplicas: 2 },
      "Cannot keep minReplicas 3 above maxReplicas 2 in QoS 'm'",
    ],
  ])('refuses %s', (_, element, expected) => {
    const { issues } = bound({ qos: [element] });
    expect(issues).toEqual([expect.stringContaining(expected)]);
    expect(issues[0]).not.toContain('warning');
  });
});
