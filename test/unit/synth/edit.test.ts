import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editReplicas, readReplicas, setReplicas, setSuspend } from '../../../synth/edit.ts';
import { readFile } from '../../../synth/read-file.ts';
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
    reason: "keeps the quotes of Rotterdam's replicas that are a text",
    text: '{"name": "a", "image": "x", "replicas": "2"}',
    file: 'a.json',
    before: 2,
    after: '{"name": "a", "image": "x", "replicas": "9"}',
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

describe('editReplicas', () => {
  /** Where the number 4 stands in a document, and how it is written. */
  const literal = fc.constantFrom('4', '4.0', '0x4', '0o4', '+4', '&n 4', '&n 4.0');
  const yaml = fc
    .record({
      literal,
      comment: fc.constantFrom('', ' # workers', ' # 4: "replicas: 4"'),
      layout: fc.constantFrom<(name: string, replicas: string, comment: string) => string>(
        (name, replicas, comment) =>
          `# replicas: 4\n${HEAD.replace('name: a', `name: ${name}`)}spec:\n  dock: "class"\n  replicas: ${replicas}${comment}\n  containers: [{image: 'x', args: ["replicas: 4", &x y]}]\n`,
        (name, replicas, comment) =>
          `{apiVersion: rotterdam.dev/v1alpha1, kind: Task, metadata: {name: ${name}}, spec: {replicas: ${replicas}${comment}\n  , containers: [{image: x}]}}\n`,
        (name, replicas, comment) => `name: '${name}'\nimage: "x"\nreplicas:    ${replicas}${comment}\nports: [80, 4]\n`,
      ),
    })
    .map(({ layout, ...rest }) => ({ ...rest, text: (name: string, replicas: string) => layout(name, replicas, rest.comment) }));
  const json = fc.constantFrom<(name: string, replicas: string) => string>(
    (name, replicas) => `{"name":"${name}","image":"x","replicas":${replicas},"ports":[4]}`,
    (name, replicas) => `{\n\t"replicas" : ${replicas} ,\n\t"name": "${name}",\n\t"image": "x \\u0034"\n}`,
    (name, replicas) =>
      `{ "apiVersion": "rotterdam.dev/v1alpha1", "kind": "Task", "metadata": { "name": "${name}" },\n    "spec": { "replicas": ${replicas}, "containers": [{ "image": "x" }] } }`,
  );
  const ends = { windows: fc.boolean(), bom: fc.boolean() };

  /** Changes tasks of a file read beforehand to their new numbers, where there are some. */
  function edit(text: string, file: string, wanted: readonly (number | undefined)[]) {
    const content = new TextEncoder().encode(text);
    const format = file.endsWith('.json') ? 'json' : 'yaml';
    const { drafts } = readFile({ path: file, id: '', kind: 'file', size: content.length, content }, 'tasks', format);
    const changes = drafts.flatMap((draft) => {
      const to = draft.kind === 'Task' ? wanted[draft.spot.index] : undefined;
      return draft.kind === 'Task' && to !== undefined
        ? [{ index: draft.spot.index, from: draft.spec.replicas, to, at: draft.replicasAt }]
        : [];
    });
    return { changes, ...editReplicas(text, file, changes) };
  }

  function dressed(text: string, { windows, bom }: { readonly windows: boolean; readonly bom: boolean }): string {
    return `${bom ? '\uFEFF' : ''}${windows ? text.replaceAll('\n', '\r\n') : text}`;
  }

  function expectSaid(text: string, file: string, said: readonly number[]): void {
    expect(said.map((_, index) => readReplicas(text, { file, index }))).toEqual(said);
  }

  it('changes the bytes of the numbers in YAML and no other, however they are written', () => {
    const document = fc.record({ document: yaml, to: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 4 }), fc.record(ends), (documents, dress) => {
        const write = (literalOf: (one: (typeof documents)[number]) => string) =>
          dressed(documents.map((one, n) => one.document.text(`t${n}`, literalOf(one))).join('---\n'), dress);
        const wanted = documents.map(({ to }) => to);
        const { text, changes, refused } = edit(
          write(({ document: { literal: is } }) => is),
          't.yaml',
          wanted,
        );
        expect([changes.length, refused.size]).toEqual([wanted.filter((to) => to !== undefined).length, 0]);
        const anchor = /^&n /;
        expect(text).toBe(write(({ document: { literal: is }, to }) => (to === undefined ? is : `${anchor.exec(is)?.[0] ?? ''}${to}`)));
        expectSaid(
          text,
          't.yaml',
          wanted.map((to) => to ?? 4),
        );
      }),
    );
  });

  it('changes the bytes of the numbers in JSON and no other', () => {
    const document = fc.record({ text: json, to: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }) });
    fc.assert(
      fc.property(fc.array(document, { minLength: 1, maxLength: 4 }), fc.record(ends), (documents, dress) => {
        const write = (numbers: readonly number[]) =>
          dressed(`[${documents.map(({ text }, n) => text(`t${n}`, `${numbers[n]}`)).join(',\n  ')}]\n`, dress);
        const wanted = documents.map(({ to }) => to);
        const now = wanted.map((to) => to ?? 4);
        const { text } = edit(write(wanted.map(() => 4)), 't.json', wanted);
        expect(text).toBe(write(now));
        expectSaid(text, 't.json', now);
      }),
    );
  });

  it.each([
    {
      reason: 'an alias becomes a number of its own',
      text: '- {name: a, image: x, replicas: &n 4}\n- {name: b, image: x, replicas: *n} # b\n',
      wanted: [undefined, 9],
      after: '- {name: a, image: x, replicas: &n 4}\n- {name: b, image: x, replicas: 9} # b\n',
      refused: [],
    },
    {
      reason: 'a number that others read as well is left, and the others of the file are changed',
      text: '- {name: a, image: x, replicas: &n 4}\n- {name: b, image: x, replicas: *n}\n- {name: c, image: x, replicas: 4}\n',
      wanted: [9, undefined, 7],
      after: '- {name: a, image: x, replicas: &n 4}\n- {name: b, image: x, replicas: *n}\n- {name: c, image: x, replicas: 7}\n',
      refused: [[0, 'Cannot write replicas into t.yaml: edit it by hand']],
    },
    {
      reason: 'replicas that are absent are added to each',
      text: '- {name: a, image: x}\n- name: b\n  image: x\n- {name: c, image: x, replicas: 1}\n',
      wanted: [2, 3, 4],
      after: '- {replicas: 2, name: a, image: x}\n- name: b\n  replicas: 3\n  image: x\n- {name: c, image: x, replicas: 4}\n',
      refused: [],
    },
  ])('$reason', ({ text, wanted, after, refused }) => {
    const edited = edit(text, 't.yaml', wanted);
    expect(edited.text).toBe(after);
    expect([...edited.refused]).toEqual(refused);
  });

  it('doing it again changes nothing', () => {
    fc.assert(
      fc.property(yaml, fc.integer({ min: 0, max: 1_000 }), (document, to) => {
        const once = edit(document.text('a', document.literal), 't.yaml', [to]).text;
        expect(edit(once, 't.yaml', [to]).text).toBe(once);
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
