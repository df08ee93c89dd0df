import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_DOCUMENTS, parseText } from '../../../synth/parse.ts';

function yaml(text: string) {
  return parseText(text, 'yaml');
}

/** `line:column code` */
function problems(text: string, format: 'yaml' | 'json' = 'yaml'): string[] {
  return parseText(text, format).problems.map(({ line, column, code }) => `${line}:${column} ${code}`);
}

describe('parseText', () => {
  it.each<[reason: string, text: string, value: unknown]>([
    ['no is a text in YAML 1.2', 'a: no', { a: 'no' }],
    ['a date is a text', 'a: 2021-03-04', { a: '2021-03-04' }],
    ['0o17 is octal, 017 is not', 'a: [0o17, 017]', { a: [15, 17] }],
    ['a directive changes no rule', '%YAML 1.1\n---\na: [yes, 2021-03-04]', { a: ['yes', '2021-03-04'] }],
    ['1.2.3 is a text', 'a: 1.2.3', { a: '1.2.3' }],
    ['an alias is its value', 'a: &x {b: 1}\nc: *x', { a: { b: 1 }, c: { b: 1 } }],
    ['a byte order mark is no content', '\uFEFFa: 1', { a: 1 }],
    ['Windows line ends', 'a: 1\r\nb: 2\r\n', { a: 1, b: 2 }],
  ])('reads YAML 1.2: %s', (_, text, value) => {
    expect(yaml(text)).toMatchObject({ documents: [{ value }], problems: [] });
  });

  it('reads JSON that is indented by tabs', () => {
    expect(parseText('{\n\t"a": [\n\t\t1\n\t]\n}\n', 'json')).toMatchObject({ documents: [{ value: { a: [1] } }], problems: [] });
  });

  it.each<[code: string, text: string, at: string]>([
    ['syntax', 'a:\n\tb: 1\n', '2:1'],
    ['syntax', 'a: "never closed', '1:17'],
    ['duplicate-key', 'a: 1\nb: 2\na: 3\n', '3:1'],
    ['forbidden-key', 'a:\n  __proto__: {}\n', '2:3'],
    ['forbidden-key', 'constructor: 1', '1:1'],
    ['merge-key', 'a: &x {b: 1}\nc:\n  <<: *x\n', '3:3'],
    ['bad-key', '1: a', '1:1'],
    ['bad-key', '? [a]\n: b', '1:3'],
    ['bad-number', 'a: .nan', '1:4'],
    ['bad-number', 'a: 9223372036854775807', '1:4'],
    ['bad-alias', 'a: *nowhere', '1:4'],
    ['bad-alias', '&a [*a]', '1:5'],
    ['syntax', 'a: !!js/function "x"', '1:4'],
    ['syntax', 'a: !!binary aGk=', '1:4'],
    ['too-many-documents', '---\na: 1\n'.repeat(MAX_DOCUMENTS + 1), `${2 * MAX_DOCUMENTS + 1}:1`],
    ['too-many-aliases', `a: &a 1\nb: [${'*a, '.repeat(101)}]`, '2:405'],
    ['too-deep', `a: ${'['.repeat(101)}${']'.repeat(101)}`, '1:104'],
  ])('refuses %s at its place', (code, text, at) => {
    expect(problems(text)).toEqual([`${at} ${code}`]);
  });

  it.each<[reason: string, text: string, at: string]>([
    ['a trailing comma', '{"a": 1,\n}', '2:1'],
    ['a trailing comma in an array', '[1,]', '1:4'],
    ['a comment', '{ // no\n "a": 1}', '1:3'],
    ['two documents', '{}\n{}', '2:1'],
    ['YAML in a .json file', 'a: 1', '1:1'],
    ['a key without quotes', '{a: 1}', '1:2'],
  ])('refuses JSON with %s', (_, text, at) => {
    expect(problems(text, 'json')).toContain(`${at} syntax`);
  });

  it.each<[reason: string, text: string]>([
    ['brackets', '['.repeat(500_000)],
    ['braces', '{"a":'.repeat(200_000)],
    ['sequences', '- '.repeat(500_000)],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefghij'[i]}`)}]`).join('\n')}`,
    ],
    ['keys by the ten thousand', Array.from({ length: 70_000 }, (_, key) => `k${key}: 1`).join('\n')],
    ['tokens', '"'.repeat(1_000_000)],
  ])('refuses a hostile text of %s without taking long', (_, text) => {
    const before = performance.now();
    expect(problems(text)).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(4_000);
  });

  it('counts elements of an array and documents alike, and passes over empty ones', () => {
    const { documents } = yaml('---\n---\na: 1\n---\n- b: 2\n- c: 3\n---\nd: 4\n');
    expect(documents.map(({ index, value }) => [index, value])).toEqual([
      [0, { a: 1 }],
      [1, { b: 2 }],
      [2, { c: 3 }],
      [3, { d: 4 }],
    ]);
  });

  it('keeps the documents beside a broken one, under their own index', () => {
    const { documents, problems: found } = yaml('a: 1\n---\nb: [\n---\nc: 3\n');
    expect(found.map(({ line }) => line)).toEqual([4]);
    expect(documents.map(({ index }) => index)).toEqual([0, 2]);
  });

  it('finds places of values and keys, through aliases, and of the parent of what is not there', () => {
    const [document] = yaml('base: &b\n  x: 1\nlist:\n  - name: a\n    value: 2\ncopy: *b\n').documents;
    const at = (path: (string | number)[], of?: 'key') => Object.values(document?.place(path, of) ?? {}).join(':');
    expect(at([])).toBe('1:1');
    expect(at(['list', 0, 'value'])).toBe('5:12');
    expect(at(['list', 0, 'value'], 'key')).toBe('5:5');
    expect(at(['copy', 'x'])).toBe('2:6');
    expect(at(['list', 0, 'missing'])).toBe('4:5');
  });

  it('quotes nothing of the text in a syntax error, as it may be a secret', () => {
    for (const text of [
      'password: *hunter2',
      'password: !hunter2',
      'password: "hunter2',
      'password: {hunter2',
      'p: @hunter2',
      'p: hunter2: x',
    ]) {
      const { problems: found } = yaml(text);
      expect(found.length, text).toBeGreaterThan(0);
      expect(JSON.stringify(found), text).not.toContain('hunter2');
    }
  });

  it('never throws', () => {
    const alphabet = fc.constantFrom(...'ab:-{}[],"\'&*!|>%@`#\n\t ?0~<'.split(''), 'a: ', '\n  ', '- ', '---\n', '*a', '&a ');
    fc.assert(
      fc.property(fc.array(alphabet, { maxLength: 60 }), fc.constantFrom('yaml' as const, 'json' as const), (parts, format) => {
        parseText(parts.join(''), format);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads back any JSON value that has no key of JavaScript', () => {
    const json = fc.jsonValue({ maxDepth: 5 }).filter((value) => !/__proto__|constructor|prototype|"<<"/.test(JSON.stringify(value)));
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 8 }), json), fc.constantFrom(0, 2, '\t'), (value, indent) => {
        fc.pre(
          !('__proto__' in value && Object.hasOwn(value, '__proto__')) &&
            !Object.hasOwn(value, '<<') &&
            !Object.hasOwn(value, 'constructor'),
        );
        const { documents, problems: found } = parseText(JSON.stringify(value, null, indent), 'json');
        if (found.some(({ code }) => code === 'bad-number')) return;
        expect(documents[0]?.value).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
