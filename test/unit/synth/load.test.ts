import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { environmentNames, loadEnvironment } from '../../../synth/load.ts';
import { MAX_FILE_BYTES } from '../../../synth/source.ts';
import { cityFiles, sourceFile } from '../../support/source-files.ts';

const V = 'apiVersion: rotterdam.dev/v1alpha1\n';

function native(kind: string, name: string, spec: object = {}): object {
  return { apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec };
}

const EDGE = native('Infrastructure', 'edge-1', { type: 'kubernetes' });
const MODENA = native('Infrastructure', 'modena', { type: 'openshift', default: true, defaultDock: 'class' });

function task(name: string, spec: object = {}): object {
  return native('Task', name, { containers: [{ image: 'x' }], ...spec });
}

function load(files: Readonly<Record<string, string | object>>) {
  return loadEnvironment('city', cityFiles(files));
}

/** Issues without the environment's folder. */
function issues(files: Readonly<Record<string, string | object>>): string[] {
  return load(files).issues.map((issue) => printIssue(issue).replace('environments/city/', ''));
}

describe('environmentNames', () => {
  it('lists folders, not files, sorted', () => {
    const paths = ['environments/b/tasks/x.yaml', 'environments/a/defaults.yaml', 'environments/README.md', 'docs/c/x.yaml'];
    expect(environmentNames(paths.map((path) => sourceFile(path, '')))).toEqual(['a', 'b']);
    expect(environmentNames([])).toEqual([]);
  });
});

describe('loadEnvironment: files', () => {
  it('names the environments when there is no such one', () => {
    const { issues: found } = loadEnvironment('cty', cityFiles({ 'tasks/a.yaml': '' }));
    expect(found.map(printIssue)).toEqual(["environments/cty:1:1 Cannot find environment 'cty': did you mean 'city'?"]);
    expect(loadEnvironment('x', []).issues.map(printIssue)).toEqual([
      "environments/x:1:1 Cannot find environment 'x': no environments are",
    ]);
  });

  it.each<[reason: string, path: string, content: string | Uint8Array, kind: 'file' | 'symlink' | 'submodule', message: string]>([
    ['a symlink', 'tasks/a.yaml', '', 'symlink', '1:1 Cannot read a symlink: put the document itself here'],
    ['a symlink to a folder', 'tasks', '', 'symlink', '1:1 Cannot read a symlink: put the document itself here'],
    ['a submodule', 'tasks/more', '', 'submodule', '1:1 Cannot read a submodule: put the document itself here'],
    ['what is not UTF-8', 'tasks/a.yaml', new Uint8Array([0x61, 0xff, 0xfe]), 'file', '1:1 Cannot read a file that is not UTF-8 text'],
    ['UTF-16', 'tasks/a.yaml', Buffer.from('a: 1', 'utf16le'), 'file', '1:1 Cannot read a file with NUL bytes: write UTF-8 text'],
    ['an empty file', 'tasks/a.yaml', '# nothing\n', 'file', '1:1 warning: Found no document in this file'],
    ['an empty list', 'qos/a.json', '[]', 'file', '1:1 warning: Found no document in this file'],
    [
      'an unknown folder',
      'task/a.yaml',
      'a: 1',
      'file',
      '1:1 warning: Ignored this file: folders are infrastructures, docks, tasks, qos, functions, sla, manifests',
    ],
    ['an unknown ending', 'tasks/a.toml', 'a', 'file', '1:1 warning: Ignored this file: documents end in .yaml, .yml or .json'],
    [
      'a folder too deep',
      'tasks/more/a.yaml',
      'a',
      'file',
      '1:1 warning: Ignored this file: documents stand in tasks itself, not in folders below it',
    ],
    ['a scalar', 'tasks/a.yaml', 'hello', 'file', '1:1 Write a document as a mapping of fields'],
    ['an original dock', 'docks/a.json', '{"name": "a"}', 'file', '1:1 Write apiVersion, kind, metadata and spec'],
  ])('tells of %s', (_, path, content, kind, message) => {
    const file = sourceFile(`environments/city/${path}`, content, kind);
    expect(loadEnvironment('city', [file]).issues.map(printIssue)).toEqual([`environments/city/${path}:${message}`]);
  });

  it('tells of a file that is too large without its content', () => {
    const file = { ...sourceFile('environments/city/tasks/a.yaml', ''), size: MAX_FILE_BYTES + 1 };
    expect(loadEnvironment('city', [file]).issues).toMatchObject([{ code: 'too-large', severity: 'error' }]);
  });

  it('passes over the files of people and of git', () => {
    expect(issues({ 'README.md': '# x', 'tasks/.gitkeep': '', 'tasks/notes.md': 'x' })).toEqual([]);
  });

  it('refuses a name of an environment that can be no label', () => {
    expect(loadEnvironment('My City', [sourceFile('environments/My City/README.md', '')]).issues).toMatchObject([{ code: 'bad-name' }]);
  });

  it('sorts the issues of all files by place', () => {
    const found = issues({
      'tasks/b.yaml': 'a: [',
      'qos/c.json': '[1,]',
      'tasks/a.yaml': `${V}kind: Tusk\nmetadata: {name: a}\nspec: {}\n`,
    });
    expect(found.map((issue) => issue.split(' ')[0])).toEqual(['qos/c.json:1:4', 'tasks/a.yaml:2:7', 'tasks/b.yaml:1:5']);
  });
});

describe('loadEnvironment: equal files', () => {
  it('points at the file that bytes stand in, though others hold the same', () => {
    const twice = cityFiles({ 'tasks/a.yaml': 'a: [', 'tasks/b.yaml': 'a: [', 'qos/c.yaml': 'a: [' });
    expect(loadEnvironment('city', twice).issues.map(({ file }) => file.split('/').at(-1))).toEqual(['c.yaml', 'a.yaml', 'b.yaml']);
  });
});

describe('loadEnvironment: places', () => {
  const places = (files: Readonly<Record<string, string | object>>) => {
    const environment = load(files);
    expect(environment.issues).toEqual([]);
    return [...environment.tasks.values()].map(({ name, infrastructure, dock }) => `${name} ${infrastructure}/${dock}`);
  };

  it.each<[reason: string, expected: string, spec: object, others: Record<string, object>]>([
    ['its own words', 'a edge-1/red', { infrastructure: 'edge-1', dock: 'red' }, { e: EDGE, m: MODENA }],
    ["the original's spelling", 'a edge-1/red-1', { infrastructure: 'Edge_1', dock: 'RED_1' }, { e: EDGE }],
    ['the only infrastructure', 'a edge-1/default', {}, { e: EDGE }],
    ['the one marked default, its dock', 'a modena/class', {}, { e: EDGE, m: MODENA }],
    ['maincluster', 'a modena/class', { infrastructure: 'maincluster' }, { e: EDGE, m: MODENA }],
    [
      'an infrastructure that is really called maincluster',
      'a maincluster/default',
      { infrastructure: 'maincluster' },
      { e: native('Infrastructure', 'maincluster', { type: 'kubernetes' }), m: MODENA },
    ],
  ])('follow %s', (_, expected, spec, others) => {
    const files = Object.fromEntries(Object.entries(others).map(([name, document]) => [`infrastructures/${name}.json`, document]));
    expect(places({ ...files, 'tasks/a.json': task('a', spec) })).toEqual([expected]);
  });

  it('follow the Defaults before the mark, and their dock after that of the infrastructure', () => {
    const files = {
      'infrastructures/e.json': EDGE,
      'infrastructures/m.json': MODENA,
      'tasks/a.json': task('a'),
      'tasks/b.json': task('b', { infrastructure: 'modena' }),
    };
    const defaults = { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Defaults', spec: { infrastructure: 'edge_1', dock: 'blue' } };
    expect(places({ ...files, 'defaults.json': defaults })).toEqual(['a edge-1/blue', 'b modena/class']);
  });

  it('make the docks that tasks name, where they are needed', () => {
    const { docks } = load({
      'infrastructures/e.json': EDGE,
      'infrastructures/m.json': MODENA,
      'docks/d.json': native('Dock', 'red', { infrastructures: ['Edge_1'] }),
      'tasks/a.json': task('a', { infrastructure: 'edge-1', dock: 'blue' }),
      'tasks/b.json': task('b', { infrastructure: 'modena', dock: 'blue' }),
    });
    expect([...docks.values()].map(({ name, declared, infrastructures }) => ({ name, declared, infrastructures }))).toEqual([
      { name: 'red', declared: true, infrastructures: ['edge-1'] },
      { name: 'blue', declared: false, infrastructures: ['edge-1', 'modena'] },
    ]);
  });

  it.each<[reason: string, files: Record<string, string | object>, message: string]>([
    [
      'an infrastructure that is not declared',
      {
        'infrastructures/e.json': EDGE,
        'tasks/a.yaml': `${V}kind: Task\nmetadata: {name: redis}\nspec:\n  infrastructure: nowhere\n  containers: [{image: x}]\n`,
      },
      "tasks/a.yaml:5:19 Cannot place task 'redis' as infrastructure 'nowhere' is not declared: declared are edge-1",
    ],
    [
      'a typing error',
      { 'infrastructures/e.json': EDGE, 'tasks/a.json': task('a', { infrastructure: 'egde-1' }) },
      "did you mean 'edge-1'?",
    ],
    ['no infrastructure at all', { 'tasks/a.json': task('a') }, "Cannot place task 'a' as no infrastructure is declared"],
    [
      'no default among several',
      {
        'infrastructures/e.json': EDGE,
        'infrastructures/f.json': native('Infrastructure', 'f', { type: 'kubernetes' }),
        'tasks/a.json': task('a'),
      },
      "Cannot place task 'a' as no infrastructure is the default one",
    ],
    [
      'two defaults',
      { 'infrastructures/e.json': MODENA, 'infrastructures/f.json': native('Infrastructure', 'f', { type: 'kubernetes', default: true }) },
      "Mark one infrastructure as default: 'modena' is, at environments/city/infrastructures/e.json:1",
    ],
    [
      'Defaults that name nobody',
      { 'infrastructures/e.json': EDGE, 'defaults.yaml': `${V}kind: Defaults\nspec: {infrastructure: nobody}\n` },
      "defaults.yaml:3:24 Cannot use 'nobody' as the default infrastructure",
    ],
    [
      'Defaults that limit nobody',
      {
        'infrastructures/e.json': EDGE,
        'defaults.yaml': `${V}kind: Defaults\nspec: {adaptation: {maxReplicasTotal: {edge-2: 9}}}\n`,
      },
      "defaults.yaml:3:39 Cannot limit the replicas of infrastructure 'edge-2', as it is not declared",
    ],
    [
      'a dock that is elsewhere',
      {
        'infrastructures/e.json': EDGE,
        'infrastructures/m.json': MODENA,
        'docks/d.json': native('Dock', 'red', { infrastructures: ['edge-1'] }),
        'tasks/a.json': task('a', { dock: 'red' }),
      },
      "Cannot place task 'a' in dock 'red', as the dock is not on infrastructure 'modena': it is on edge-1",
    ],
    [
      'a dock on an infrastructure that is not declared',
      { 'infrastructures/e.json': EDGE, 'docks/d.json': native('Dock', 'red', { infrastructures: ['edge-1', 'mars'] }) },
      "Cannot place dock 'red' as infrastructure 'mars' is not declared",
    ],
    [
      'a dock that Kubernetes refuses',
      { 'infrastructures/e.json': EDGE, 'tasks/a.json': task('a', { dock: 'my dock' }) },
      "Cannot use the name 'my dock' for a dock",
    ],
    [
      'a function on an infrastructure that is not declared',
      {
        'infrastructures/e.json': EDGE,
        'functions/f.json': native('Function', 'f', { infrastructure: 'mars', runtime: 'python3.11', source: 'x' }),
      },
      "Cannot place function 'f' as infrastructure 'mars' is not declared",
    ],
  ])('tell of %s', (_, files, message) => {
    const found = issues(files);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });
});

describe('loadEnvironment: documents that cannot be read', () => {
  const BAD_EDGE = native('Infrastructure', 'edge-1', { type: 'kubernets' });
  const BAD_QOS = { ...native('QosTemplate', 'Fast', { type: 'app', guarantee: [] }) };
  const at = (infrastructure: string) => ({ 'tasks/a.json': task('a', { infrastructure }) });

  it.each<[reason: string, broken: string, files: Record<string, string | object>]>([
    ['a task on an infrastructure', 'infrastructures/x.json', { 'infrastructures/x.json': BAD_EDGE, ...at('Edge_1') }],
    ['a task on one named for its file', 'infrastructures/edge-1.yaml', { 'infrastructures/edge-1.yaml': 'a: [', ...at('edge-1') }],
    [
      'a task on one of a text that is no YAML',
      'infrastructures/x.yaml',
      { 'infrastructures/x.yaml': 'name: edge-1\na: [', ...at('edge-1') },
    ],
    [
      'a task on one of a text that is no JSON',
      'infrastructures/x.json',
      { 'infrastructures/x.json': '[{"name": "Edge_1",}]', ...at('edge-1') },
    ],
    ['a task that names none', 'infrastructures/x.json', { 'infrastructures/x.json': BAD_EDGE, 'tasks/a.json': task('a') }],
    [
      'a task that names none, beside an infrastructure that can be read',
      'infrastructures/x.json',
      {
        'infrastructures/x.json': BAD_EDGE,
        'infrastructures/m.json': native('Infrastructure', 'm', { type: 'kubernetes' }),
        'docks/d.json': native('Dock', 'red', { infrastructures: ['edge-1'] }),
        'tasks/a.json': task('a', { dock: 'red' }),
      },
    ],
    [
      'a task that names none, when the Defaults may',
      'defaults.yaml',
      {
        'defaults.yaml': 'a: [',
        'infrastructures/e.json': EDGE,
        'infrastructures/m.json': native('Infrastructure', 'm', { type: 'kubernetes' }),
        'tasks/a.json': task('a'),
      },
    ],
    [
      'Defaults, a dock, a function, an object and a cluster request',
      'infrastructures/edge-1.json',
      {
        'infrastructures/edge-1.json': BAD_EDGE,
        'infrastructures/edge-1.cluster.json': { type: 'microk8s' },
        'defaults.json': { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Defaults', spec: { infrastructure: 'edge-1' } },
        'docks/d.json': native('Dock', 'red', { infrastructures: ['edge-1'] }),
        'functions/f.json': native('Function', 'f', { infrastructure: 'edge-1', runtime: 'python3.11', source: 'x' }),
        'manifests/m.json': {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'm', annotations: { 'rotterdam.dev/infrastructures': 'edge-1' } },
        },
      },
    ],
    [
      'a task bound to a template',
      'qos/x.json',
      { 'qos/x.json': BAD_QOS, 'infrastructures/e.json': EDGE, 'tasks/a.json': task('a', { qos: ['Fast'] }) },
    ],
    [
      'an agreement of a task on an infrastructure',
      'infrastructures/x.json',
      {
        'infrastructures/x.json': BAD_EDGE,
        ...at('edge-1'),
        'sla/g.json': native('Agreement', 'gold', { task: 'a', template: 'DeadlinesMissed_1' }),
      },
    ],
    [
      'a template whose limits the Defaults may mend',
      'defaults.yaml',
      {
        'defaults.yaml': 'a: [',
        'qos/x.json': native('QosTemplate', 'Fast', { type: 'app', minReplicas: 5_000, guarantees: [{ name: 'g', constraint: 'm < 1' }] }),
      },
    ],
  ])('are not blamed on %s', (_, broken, files) => {
    const places = issues(files).map((issue) => issue.split(':')[0]);
    expect(new Set(places)).toEqual(new Set([broken]));
  });

  it('leave other references to be blamed', () => {
    const files = {
      'infrastructures/x.json': BAD_EDGE,
      'qos/x.json': BAD_QOS,
      'tasks/a.json': task('a', { infrastructure: 'mars', qos: ['Nope'] }),
    };
    const found = issues(files).filter((issue) => issue.startsWith('tasks/'));
    expect(found).toEqual([expect.stringContaining("infrastructure 'mars' is not declared"), expect.stringContaining("to QoS 'Nope'")]);
  });

  it('are not made of a symlink: what it stands for is not blamed', () => {
    const link = sourceFile('environments/city/infrastructures/edge-1.yaml', '', 'symlink');
    expect(loadEnvironment('city', [link, ...cityFiles(at('edge-1'))]).issues).toMatchObject([{ code: 'not-a-file' }]);
  });
});

describe('loadEnvironment: names', () => {
  it.each<[reason: string, files: Record<string, string | object>, message: string]>([
    [
      'one name twice',
      { 'tasks/a.json': task('a'), 'tasks/b.json': task('a') },
      "tasks/b.json:1:73 Cannot declare task 'a' again: the first is at environments/city/tasks/a.json:1",
    ],
    [
      'two that become one',
      { 'tasks/a.json': task('redis-app'), 'tasks/b.json': { name: 'Redis_App', image: 'x' } },
      "Cannot declare task 'Redis_App' again, as 'redis-app' becomes 'redis-app' too: the first is at environments/city/tasks/a.json:1",
    ],
    [
      'two Defaults',
      {
        'defaults.yaml': `${V}kind: Defaults\nspec: {}\n`,
        'defaults.json': { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Defaults', spec: {} },
      },
      'defaults.yaml:1:1 Cannot declare Defaults again',
    ],
  ])('%s is an error at the second', (_, files, message) => {
    const found = issues({ 'infrastructures/e.json': EDGE, ...files }).filter((issue) => !issue.includes('warning'));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it.each(['Task', 'Dock', 'Infrastructure', 'Function'])('a native %s has a name that Kubernetes takes', (kind) => {
    const folder = { Task: 'tasks', Dock: 'docks', Infrastructure: 'infrastructures', Function: 'functions' }[kind];
    const spec = {
      Task: { containers: [{ image: 'x' }] },
      Dock: {},
      Infrastructure: { type: 'kubernetes' },
      Function: { runtime: 'x', source: 'x' },
    }[kind];
    const found = issues({ 'infrastructures/e.json': EDGE, [`${folder}/a.json`]: native(kind, 'My_Name', spec) });
    expect(found).toEqual([expect.stringContaining("Cannot use the name 'My_Name': write 'my-name'")]);
  });

  it('a task may be 52 characters long and no more', () => {
    const files = (length: number) => ({ 'infrastructures/e.json': EDGE, 'tasks/a.json': task('a'.repeat(length)) });
    expect(issues(files(52))).toEqual([]);
    expect(issues(files(53))).toEqual([expect.stringContaining('write at most 52 small letters')]);
  });

  it("the task's id is the name with underscores", () => {
    const [one] = load({ 'infrastructures/e.json': EDGE, 'tasks/a.json': task('my-own-task') }).tasks.values();
    expect(one).toMatchObject({
      id: 'my_own_task',
      name: 'my-own-task',
      origin: { file: 'environments/city/tasks/a.json', line: 1, column: 1, index: 0 },
    });
  });
});
