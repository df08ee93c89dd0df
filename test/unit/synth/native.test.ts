import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { cityFiles } from '../../support/source-files.ts';

const EDGE = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: edge}\nspec: {type: kubernetes}\n';

function document(kind: string, spec: string): string {
  return `apiVersion: rotterdam.dev/v1alpha1\nkind: ${kind}\nmetadata:\n  name: a\nspec:\n${spec.replace(/^/gm, '  ')}\n`;
}

/** Issues of one file beside a valid infrastructure: `line:column message`. */
function issues(path: string, text: string): string[] {
  const { issues: found } = loadEnvironment('city', cityFiles({ 'infrastructures/edge.yaml': EDGE, [path]: text }));
  return found.map((issue) => printIssue(issue).replace(`environments/city/${path}:`, ''));
}

function task(spec: string): string[] {
  return issues('tasks/a.yaml', document('Task', spec));
}

const IMAGE = 'containers:\n- image: x\n';

describe('native documents', () => {
  it.each<[reason: string, spec: string, expected: string[]]>([
    ['an unknown field that is near one', `${IMAGE}replica: 2`, ["8:3 Unknown field 'replica' in spec: did you mean 'replicas'?"]],
    ['an unknown field that is near none', `${IMAGE}colour: red`, ["8:3 Unknown field 'colour' in spec"]],
    [
      'an unknown field of a list',
      'containers:\n- image: x\n  prots: []',
      ["8:5 Unknown field 'prots' in spec.containers[0]: did you mean 'ports'?"],
    ],
    ['a missing field', 'containers:\n- name: x', ["7:5 Add the field 'image' in spec.containers[0]"]],
    ['a wrong word', `${IMAGE}type: compps`, ['8:9 Write spec.type as one of default, compss: found "compps", did you mean \'compss\'?']],
    ['a text for a number', `${IMAGE}replicas: three`, ['8:13 Write spec.replicas as a number: found "three"']],
    ['a quoted number', `${IMAGE}replicas: "3"`, ['8:13 Write spec.replicas as a number: found "3"']],
    ['a broken number', `${IMAGE}replicas: 1.5`, ['8:13 Write spec.replicas as a whole number: found 1.5']],
    ['too few replicas', `${IMAGE}replicas: -1`, ['8:13 Write spec.replicas as a number of at least 0: found -1']],
    ['too many replicas', `${IMAGE}replicas: 100001`, ['8:13 Write spec.replicas as a number of at most 100000: found 100001']],
    [
      'two words on where it goes',
      `${IMAGE}infrastructures: [edge]\ninfrastructure: edge`,
      ['9:19 Say where the task goes once: in infrastructure, or in infrastructures'],
    ],
    ['an infrastructure twice', `${IMAGE}infrastructures: [edge, Edge]`, ["8:27 Name infrastructure 'edge' once"]],
    [
      'an unknown one among several',
      `${IMAGE}infrastructures: [edge, edeg]`,
      ["8:27 Cannot place task 'a' as infrastructure 'edeg' is not declared: did you mean 'edge'?"],
    ],
    ['no infrastructure', `${IMAGE}infrastructures: []`, ['8:20 Give spec.infrastructures at least 1 element']],
    [
      'an order of one',
      `${IMAGE}infrastructures: [edge]\nrollout: ordered`,
      ['9:12 Name several infrastructures to roll out to, or leave out rollout'],
    ],
    ['no containers', 'containers: []', ['6:15 Give spec.containers at least 1 element']],
    [
      'a number for a text',
      'containers:\n- image: x\n  env:\n  - name: VERSION\n    value: 1',
      ['10:14 Quote spec.containers[0].env[0].value to make it text: found a number'],
    ],
    ['a list for a mapping', 'containers:\n- [x]', ['7:5 Write spec.containers[0] as a mapping: found a list']],
    [
      'a variable without a value',
      'containers:\n- image: x\n  env:\n  - name: A',
      ["9:7 Add the field 'value' in spec.containers[0].env[0]"],
    ],
    [
      'half a reference',
      'containers:\n- image: x\n  env:\n  - name: A\n    secret: {name: s}',
      ["10:15 Add the field 'key' in spec.containers[0].env[0].secret"],
    ],
    [
      'a label that Kubernetes refuses',
      `${IMAGE}nodeSelector: {"a b": c}`,
      ['8:18 Write the key of a label, e.g. app.kubernetes.io/name, in spec.nodeSelector.a b'],
    ],
    [
      'a port out of range',
      'containers:\n- image: x\n  ports: [{containerPort: 70000}]',
      ['8:29 Write spec.containers[0].ports[0].containerPort as a number of at most 65535: found 70000'],
    ],
    [
      'a port twice',
      'containers:\n- image: x\n  ports: [{containerPort: 80}, {containerPort: 81, hostPort: 80}]',
      ['8:64 Use each port of a task once: 80/TCP'],
    ],
    [
      'a container name twice',
      'containers:\n- {image: x, name: b}\n- {image: x, name: b}',
      ['8:22 Use each container name of a task once: b'],
    ],
    [
      'a container name that Kubernetes refuses',
      'containers:\n- {image: x, name: My_Name}',
      ["7:22 Cannot use the name 'My_Name': write at most 63 small letters, digits and dashes, a letter first"],
    ],
    [
      'a volume with two sources',
      'containers:\n- image: x\n  volumes: [{name: v, mountPath: /v, secret: s, configMap: c}]',
      ["8:15 Give volume 'v' exactly one of emptyDir, configMap, secret, persistentVolumeClaim: found configMap and secret"],
    ],
    [
      'several at once',
      'containers:\n- imag: x\nreplicas: x',
      [
        "7:5 Add the field 'image' in spec.containers[0]",
        "7:5 Unknown field 'imag' in spec.containers[0]: did you mean 'image'?",
        '8:13 Write spec.replicas as a number: found "x"',
      ],
    ],
  ])('tell of %s', (_, spec, expected) => {
    expect(task(spec)).toEqual(expected);
  });

  it('take the same port for two protocols', () => {
    expect(task('containers:\n- image: x\n  ports: [{containerPort: 53}, {containerPort: 53, protocol: UDP}]')).toEqual([]);
  });

  it.each<[reason: string, path: string, text: string, expected: string]>([
    ['an unknown kind', 'tasks/a.yaml', document('Tsak', IMAGE), "2:7 Cannot read kind 'Tsak': did you mean 'Task'?"],
    ['a kind in a folder of another', 'docks/a.yaml', document('Task', IMAGE), '2:7 Cannot read kind Task in docks: it goes into tasks'],
    [
      'Defaults in a folder',
      'qos/a.yaml',
      document('Defaults', 'maxAllowed: 1'),
      '2:7 Cannot read kind Defaults in qos: it goes into defaults.yaml',
    ],
    ['a task in defaults.yaml', 'defaults.yaml', document('Task', IMAGE), '2:7 Cannot read kind Task in defaults.yaml: it goes into tasks'],
    ['another version', 'tasks/a.yaml', document('Task', IMAGE).replace('v1alpha1', 'v2'), '1:13 Write apiVersion: rotterdam.dev/v1alpha1'],
    [
      'an object of Kubernetes',
      'tasks/a.yaml',
      'apiVersion: apps/v1\nkind: Deployment\n',
      '1:13 Write apiVersion: rotterdam.dev/v1alpha1: Kubernetes objects go into the folder manifests',
    ],
    ['no apiVersion', 'tasks/a.yaml', 'kind: Task\n', '1:1 Write apiVersion: rotterdam.dev/v1alpha1'],
    ['no name', 'tasks/a.yaml', document('Task', IMAGE).replace('name: a', '{}'), "4:3 Add the field 'name' in metadata"],
    [
      'a QoS name with a space',
      'qos/a.yaml',
      document('QosTemplate', 'type: app\nguarantees: [{name: g, constraint: g < 1}]').replace('name: a', 'name: a b'),
      "4:9 Cannot use the name 'a b': write at most 63 letters, digits, '_', '.' and '-'",
    ],
  ])('tell of %s', (_, path, text, expected) => {
    expect(issues(path, text)).toEqual([expected]);
  });

  it.each<[reason: string, spec: string, expected: string]>([
    [
      'a constraint that is none',
      'type: app\nguarantees: [{name: g, constraint: g = 1}]',
      "7:40 Cannot use '=' in a constraint: '=' compares nothing: write '=='",
    ],
    [
      'a constraint that is wrong in a quoted text',
      `type: app\nguarantees: [{name: g, constraint: 'g < 1 and h'}]`,
      '7:49 Compare with something',
    ],
    [
      'a constraint that is wrong behind an escape',
      'type: app\nguarantees: [{name: g, constraint: "g\\x20<\\x201 and h"}]',
      '7:55 Compare with something',
    ],
    [
      'a constraint that is wrong in its second line',
      'type: app\nguarantees:\n  - name: g\n    constraint: >-\n      g < 1 and\n      h + 1',
      '11:9 Compare with something',
    ],
    [
      'a constraint on two metrics beside a query',
      'type: app\nguarantees: [{name: g, query: g, constraint: g < h}]',
      "7:16 Compare the one value of its query alone in guarantee 'g' of QoS 'a': it asks for g, h",
    ],
    [
      'a query whose brackets do not match',
      'type: app\nguarantees:\n  - name: g\n    constraint: g < 1\n    query: >-\n      sum(rate(g[5m])\n      / 2))',
      "12:13 Write a '(' before this ')' in the query",
    ],
    [
      'an action that is none',
      'type: app\naction: scale_up\nguarantees: [{name: g, constraint: g < 1}]',
      '7:11 Write spec.action as one of scale_out, scale_in, target, step, set, none: found "scale_up"',
    ],
    [
      'a factor that cannot grow',
      'type: app\naction: scale_out\nscaleFactor: 1\nguarantees: [{name: g, constraint: g < 1}]',
      "8:16 Cannot act on QoS 'a': scale_out needs a factor above 1: 1",
    ],
    [
      'a factor that cannot shrink',
      'type: app\naction: scale_in\nscaleFactor: 2\nguarantees: [{name: g, constraint: g < 1}]',
      "8:16 Cannot act on QoS 'a': scale_in needs a factor between 0 and 1: 2",
    ],
    [
      'a factor of the Defaults that cannot shrink',
      'type: app\naction: scale_in\nguarantees: [{name: g, constraint: g < 1}]',
      "6:3 Cannot act on QoS 'a': scale_in needs a factor between 0 and 1: 1.25",
    ],
    [
      'limits the wrong way round',
      'type: app\nminReplicas: 5\nmaxReplicas: 4\nguarantees: [{name: g, constraint: g < 1}]',
      "8:16 Cannot keep minReplicas 5 above maxReplicas 4 in QoS 'a'",
    ],
    [
      'a limit above that of the Defaults',
      'type: app\nminReplicas: 31\nguarantees: [{name: g, constraint: g < 1}]',
      "6:3 Cannot keep minReplicas 31 above maxReplicas 30 in QoS 'a'",
    ],
    [
      'two guarantees of one name',
      'type: app\nguarantees: [{name: g, constraint: g < 1}, {name: g, constraint: h < 1}]',
      "4:9 Give each guarantee of QoS 'a' a name of its own: g",
    ],
    [
      'a target for what is counted',
      'type: app-compss\naction: target\ntargetValue: 2\nguarantees: [{name: g, constraint: g < 1}]',
      "4:9 Cannot scale to a target by a count in QoS 'a': write kind: gauge for guarantee 'g', or another action",
    ],
    [
      'a target for several comparisons',
      'type: app\naction: target\ntargetValue: 2\nguarantees: [{name: g, constraint: g < 1 and h < 2}]',
      "4:9 Cannot scale to a target by several comparisons in QoS 'a': write a guarantee for each, in place of 'g'",
    ],
    [
      'replicas beyond the limits',
      'type: app\naction: set\nsetTo: 31\nguarantees: [{name: g, constraint: g < 1}]',
      "Cannot set 31 replicas in QoS 'a': minReplicas is 1, maxReplicas 30",
    ],
    [
      'a field of another action',
      'type: app\naction: set\nsetTo: 3\nstep: 1\nguarantees: [{name: g, constraint: g < 1}]',
      '9:9 Remove step, or write the action it is for (step): set',
    ],
    ['a window that is no duration', 'type: app\nwindow: 5\nguarantees: [{name: g, constraint: g < 1}]', '7:11 '],
  ])('tell of a template with %s', (_, spec, expected) => {
    const found = issues('qos/a.yaml', document('QosTemplate', spec));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(expected);
  });

  it('keep secrets out of messages and of the environment', () => {
    const url = 'http://me:hunter2@prometheus.example/x';
    const files = cityFiles({
      'infrastructures/a.yaml': document('Infrastructure', `type: kubernetes\nprometheus: {url: "${url}"}\npushgateway: {url: "${url}"}`),
      'infrastructures/b.yaml': document(
        'Infrastructure',
        'type: kubernetes\ncredentials: {secret: "hunter2 !"}\nprometheus: {url: "hunter2"}\npassword: hunter2',
      ),
      'tasks/c.yaml': document('Task', 'infrastructure: a\ncontainers:\n- image: x\n  env:\n  - {name: DB_PASSWORD, value: 4711}\n'),
    });
    const environment = loadEnvironment('city', files);
    const codes = environment.issues.map(({ file, severity, code }) => `${file.split('/').at(-1)} ${severity} ${code}`);
    expect(codes).toEqual([
      'a.yaml warning secret-in-git',
      'a.yaml warning secret-in-git',
      'b.yaml error bad-value',
      'b.yaml error bad-value',
      'b.yaml error unknown-field',
      'c.yaml error wrong-type',
    ]);
    expect(JSON.stringify([environment.issues, [...environment.infrastructures], [...environment.tasks]])).not.toMatch(/hunter2|4711/);
    expect(environment.infrastructures.get('a')?.prometheus?.url).toBe('http://prometheus.example/x');
  });

  it('warn of a variable whose value looks like a secret, and leave others alone', () => {
    const env =
      'containers:\n- image: x\n  env:\n  - {name: API_TOKEN, value: abc}\n  - {name: TOKEN_URL, value: abc}\n  - {name: PASSWORD_FILE, value: /x}\n  - {name: PASSWORD, value: ""}\n';
    expect(task(env)).toEqual(['9:32 warning: Move the value of API_TOKEN out of git: name a key of a Secret instead']);
  });
});

describe('native documents: QoS', () => {
  function bound(qos: string, templates: Readonly<Record<string, string>> = {}) {
    const files = Object.fromEntries(
      Object.entries(templates).map(([name, spec]) => [
        `qos/${name}.yaml`,
        document('QosTemplate', spec).replace('name: a', `name: ${name}`),
      ]),
    );
    return loadEnvironment(
      'city',
      cityFiles({ 'infrastructures/edge.yaml': EDGE, 'tasks/a.yaml': document('Task', `${IMAGE}qos: ${qos}`), ...files }),
    );
  }

  it('are filled in with the Defaults, cooldown by what they judge', () => {
    const { tasks, issues: found } = bound('[one, two]', {
      one: 'type: app-compss\nguarantees: [{name: g, constraint: g < 1}]',
      two: 'type: infr\nwindow: 90s\nguarantees: [{name: g, constraint: h >= 2.5, kind: counter}, {name: i, constraint: i < 1}]',
    });
    expect(found).toEqual([]);
    const common = { maxAllowed: 2, action: 'scale_out', scaleFactor: 1.25, minReplicas: 1, maxReplicas: 30 };
    expect(tasks.get('a')?.qos).toMatchObject([
      {
        name: 'one',
        ...common,
        window: 300_000,
        cooldown: 0,
        guarantees: [{ kind: 'counter', aggregate: 'sum', constraint: { metric: 'g', comparator: '<', limit: 1 } }],
      },
      {
        name: 'two',
        ...common,
        window: 90_000,
        cooldown: 60_000,
        guarantees: [{ kind: 'counter', constraint: { metric: 'h', comparator: '>=', limit: 2.5 } }, { kind: 'gauge' }],
      },
    ]);
  });

  it('take the place of built-in ones of their name', () => {
    const { tasks } = bound('[DeadlinesMissed_1]', {
      DeadlinesMissed_1: 'type: app\nmaxAllowed: 7\nguarantees: [{name: g, constraint: g < 1}]',
    });
    expect(tasks.get('a')?.qos).toMatchObject([{ name: 'DeadlinesMissed_1', type: 'app', maxAllowed: 7 }]);
  });

  it.each([
    ['[DeadlineMissed_1]', "8:9 Cannot bind task 'a' to QoS 'DeadlineMissed_1': did you mean 'DeadlinesMissed_1'?"],
    ['[nothing]', "8:9 Cannot bind task 'a' to QoS 'nothing': known are Infr_Mem_2GB, bar_metric"],
    ['[bar_metric, bar_metric]', "8:21 Cannot bind task 'a' to QoS 'bar_metric' twice"],
  ])('tell of %s', (qos, expected) => {
    const { issues: found } = bound(qos);
    expect(found.map(printIssue)).toEqual([expect.stringContaining(expected)]);
  });
});
