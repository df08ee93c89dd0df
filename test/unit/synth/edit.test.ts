import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readReplicas, setReplicas, setSuspend } from '../../../synth/edit.ts';
import { example } from '../../support/source-files.ts';

const HEAD = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata:\n  name: a\n';

interface Case {
  readonly reason: string;
  readonly text: string;
  readonly file?: string;
  readonly index?: number;
  readonly before: number | undefined;
  readonly after: string;
}

const CASES: readonly Case[] = [
  {
    reason: 'keeps comments and order',
    text: `# mine\n${HEAD}spec: # here\n  replicas: 4 # four\n  containers: [{image: x}]\n`,
    before: 4,
    after: `# mine\n${HEAD}spec: # here\n  replicas: 9 # four\n  containers: [{image: x}]\n`,
  },
  {
    reason: 'writes what is written as nothing',
    text: `${HEAD}spec:\n  replicas:\n  containers: [{image: x}]\n`,
    before: undefined,
    after: `${HEAD}spec:\n  replicas: 9\n  containers: [{image: x}]\n`,
  },
  {
    reason: 'adds the line below a short field',
    text: `${HEAD}spec:\n  containers:\n    - image: x\n  dock: class # c\n  qos: [a]\n`,
    before: undefined,
    after: `${HEAD}spec:\n  containers:\n    - image: x\n  dock: class # c\n  replicas: 9\n  qos: [a]\n`,
  },
  {
    reason: 'adds the line before the first field when none is short',
    text: `${HEAD}spec:\n  containers:\n    - image: x\n`,
    before: undefined,
    after: `${HEAD}spec:\n  replicas: 9\n  containers:\n    - image: x\n`,
  },
  {
    reason: 'ends a last line that has no end',
    text: `${HEAD}spec:\n  containers: [{image: x}]\n  dock: class`,
    before: undefined,
    after: `${HEAD}spec:\n  containers: [{image: x}]\n  dock: class\n  replicas: 9`,
  },
  {
    reason: 'keeps Windows line ends and a byte order mark',
    text: `\uFEFF${HEAD}spec:\n  dock: class\n  containers: [{image: x}]\n`.replaceAll('\n', '\r\n'),
    before: undefined,
    after: `\uFEFF${HEAD}spec:\n  dock: class\n  replicas: 9\n  containers: [{image: x}]\n`.replaceAll('\n', '\r\n'),
  },
  {
    reason: 'edits YAML in flow style',
    text: `${HEAD}spec: {containers: [{image: x}]}\n`,
    before: undefined,
    after: `${HEAD}spec: {replicas: 9, containers: [{image: x}]}\n`,
  },
  {
    reason: 'edits the second document only, of which the first is broken',
    text: `a: [\n---\n${HEAD}spec: {replicas: 2, containers: [{image: x}]}\n`,
    index: 1,
    before: 2,
    after: `a: [\n---\n${HEAD}spec: {replicas: 9, containers: [{image: x}]}\n`,
  },
  {
    reason: 'keeps an anchor',
    text: `${HEAD}spec:\n  replicas: &n 3\n  containers: [{image: x}]\n---\n${HEAD}spec:\n  replicas: 3\n  containers: [{image: x}]\n`,
    before: 3,
    after: `${HEAD}spec:\n  replicas: &n 9\n  containers: [{image: x}]\n---\n${HEAD}spec:\n  replicas: 3\n  containers: [{image: x}]\n`,
  },
  {
    reason: "edits Rotterdam's JSON on one line",
    text: '{"name": "a", "image": "x", "replicas": 2, "ports": [80]}',
    file: 'a.json',
    before: 2,
    after: '{"name": "a", "image": "x", "replicas": 9, "ports": [80]}',
  },
  {
    reason: "takes Rotterdam's replicas that are a text",
    text: '{"name": "a", "image": "x", "replicas": "2"}',
    file: 'a.json',
    before: 2,
    after: '{"name": "a", "image": "x", "replicas": 9}',
  },
  {
    reason: 'adds a line to JSON with its own indentation',
    text: '{\n\t"name": "a",\n\t"image": "x"\n}\n',
    file: 'a.json',
    before: undefined,
    after: '{\n\t"replicas": 9,\n\t"name": "a",\n\t"image": "x"\n}\n',
  },
  {
    reason: 'adds to JSON on one line',
    text: '{ "name": "a", "image": "x" }',
    file: 'a.json',
    before: undefined,
    after: '{ "replicas": 9, "name": "a", "image": "x" }',
  },
  {
    reason: 'adds to JSON without spaces',
    text: '[{"name":"a","image":"x"},{"name":"b","image":"x"}]',
    file: 'a.json',
    index: 1,
    before: undefined,
    after: '[{"name":"a","image":"x"},{"replicas": 9, "name":"b","image":"x"}]',
  },
  {
    reason: "edits an element of Rotterdam's tasks in YAML",
    text: '- name: a\n  image: x\n- name: b\n  image: x\n  ports: [80]\n',
    index: 1,
    before: undefined,
    after: '- name: a\n  image: x\n- name: b\n  replicas: 9\n  image: x\n  ports: [80]\n',
  },
];

describe('setReplicas', () => {
  it.each(CASES)('$reason', ({ text, file = 'a.yaml', index = 0, before, after }) => {
    expect(readReplicas(text, { file, index })).toBe(before);
    const edited = setReplicas(text, { file, index }, 9);
    expect(edited).toBe(after);
    expect(readReplicas(edited, { file, index })).toBe(9);
  });

  it.each(['task-compss-workflow.json', 'task-nginx-long.json', 'task-redis-simple.json'])('changes one number of %s', (name) => {
    const text = example(name);
    const edited = setReplicas(text, { file: name, index: 0 }, 123);
    expect(edited).toBe(text.replace(/"replicas": \d+/, '"replicas": 123'));
  });

  it.each([
    ['no such document', HEAD, 1, 'Cannot find document 2 of t.yaml'],
    ['a text that cannot be read', `${HEAD}spec: {`, 0, 'Cannot find document 1 of t.yaml: 5:8 Cannot read YAML'],
    ['a document that is no task', HEAD.replace('Task', 'Dock'), 0, 'Cannot read a task in document 1 of t.yaml'],
    ['a spec that is an alias', `x: &s {dock: a}\n${HEAD}spec: *s\n`, 0, 'Cannot write replicas into t.yaml: edit it by hand'],
    ['a task without a spec', HEAD, 0, 'Cannot write replicas into t.yaml: edit it by hand'],
    ['replicas that are no number', `${HEAD}spec: {replicas: many}`, 0, 'Cannot read spec.replicas in t.yaml'],
  ])('throws a sentence for %s', (_, text, index, sentence) => {
    expect(() => {
      readReplicas(text, { file: 't.yaml', index });
      setReplicas(text, { file: 't.yaml', index }, 2);
    }).toThrow(sentence);
  });

  it('changes nothing but replicas, whatever the style', () => {
    const indent = fc.constantFrom('  ', '    ', '      ');
    const fields = fc.subarray(
      ['dock: class', 'infrastructure: "edge 1" # why', 'qos: [a, b]', 'security: >-\n@@folded\n@@text', 'replicas: 7'],
      { minLength: 0 },
    );
    fc.assert(
      fc.property(indent, fields, fc.boolean(), fc.integer({ min: 0, max: 100_000 }), (space, chosen, windows, replicas) => {
        const lines = [...chosen, 'containers:\n@@- image: x'].map((line) => `${space}${line.replaceAll('@@', space + space)}`);
        const text = `${HEAD}spec:\n${lines.join('\n')}\n`.replaceAll('\n', windows ? '\r\n' : '\n');
        const edited = setReplicas(text, { file: 't.yaml', index: 0 }, replicas);
        const { spec, ...rest } = parse(text);
        expect(parse(edited)).toEqual({ ...rest, spec: { ...spec, replicas } });
        const [from, to] = [text.split('\n'), edited.split('\n')];
        expect(to.filter((line) => !from.includes(line)).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('setSuspend', () => {
  const MODENA = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: modena}\n';
  const json = (spec: string) => `{"apiVersion":"rotterdam.dev/v1alpha1","kind":"Infrastructure","metadata":{"name":"a"},"spec":${spec}}\n`;

  it.each([
    {
      reason: 'a block',
      text: `${MODENA}spec:\n  type: kubernetes # here\n`,
      after: `${MODENA}spec:\n  type: kubernetes # here\n  suspend: true\n`,
    },
    { reason: 'a flow', text: `${MODENA}spec: {type: kubernetes}\n`, after: `${MODENA}spec: {suspend: true, type: kubernetes}\n` },
    { reason: 'JSON', file: 'a.json', text: json('{"type":"kubernetes"}'), after: json('{"suspend": true, "type":"kubernetes"}') },
    {
      reason: 'what says false',
      text: `${MODENA}spec:\n  suspend: false # of Monday\n`,
      after: `${MODENA}spec:\n  suspend: true # of Monday\n`,
    },
    { reason: 'a task', text: `${HEAD}spec:\n  replicas: 2\n`, after: `${HEAD}spec:\n  replicas: 2\n  suspend: true\n` },
  ])('writes into $reason', ({ text, file = 'a.yaml', after }) => {
    expect(setSuspend(text, { file, index: 0 }, true)).toBe(after);
  });

  it('is undone by resuming, but for the word itself', () => {
    const text = `${MODENA}spec:\n  type: kubernetes\n`;
    const suspended = setSuspend(text, { file: 'a.yaml', index: 0 }, true);
    expect(setSuspend(suspended, { file: 'a.yaml', index: 0 }, false)).toBe(suspended.replace('true', 'false'));
  });

  it("refuses Rotterdam's own format, which has no such field", () => {
    const text = '{"name": "modena", "type": "kubernetes"}';
    expect(() => setSuspend(text, { file: 'a.json', index: 0 }, true)).toThrow(
      "Rotterdam's own format has no such field: write it with apiVersion and kind",
    );
  });
});
