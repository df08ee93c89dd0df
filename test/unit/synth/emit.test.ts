import { Yaml } from 'cdk8s';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { emitYaml } from '../../../synth/emit.ts';
import type { Manifest } from '../../../synth/manifest.ts';

function holding(data: unknown): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'odd' }, data };
}

function readBack(text: string, version: '1.1' | '1.2'): unknown[] {
  return parseAllDocuments(text, { version, merge: false, uniqueKeys: true }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

const odd = [
  ...['yes', 'No', 'on', 'OFF', 'y', 'N', 'true', 'False', 'null', 'Null', '~', '', ' ', '-', '--', '---', '...', '?', ':', '=', '<<'],
  ...['0', '1.0', '010', '0o17', '0x1f', '1_000', '1e3', '1e+21', '.5', '.inf', '-.INF', '.nan', '1:30', '190:20:30', '2026-11-23', '+1'],
  ...[
    '2026-11-23T10:00:00Z',
    'a: b',
    'a:',
    ':a',
    'a #b',
    '# a',
    '#a',
    '- a',
    '-a',
    '? a',
    '! a',
    '!a',
    '&a',
    '*a',
    '@a',
    '`a',
    '%a',
    '"a',
    "'a",
  ],
  ...[
    '{a}',
    '[a]',
    'a]',
    'a, b',
    '|',
    '>',
    '| a',
    ' a',
    'a ',
    'a\t',
    '\ta',
    'a\n',
    'a\nb',
    'a\nb\n',
    'a\n\nb\n',
    'a\n\n',
    '\na',
    '\n',
    'a\n ',
  ],
  ...[
    'a\n  b\n c',
    ' a\nb',
    'a\r\nb',
    'a\rb',
    'a \nb',
    'a\n\tb',
    'a\n# b\n',
    'a\n---\nb',
    'a\n...\nb',
    '\u0000',
    '\u001b',
    '\u007f',
    '\u0085',
    'a\u0085b',
  ],
  ...[
    'a\u2028b\nc',
    'a\u2029b',
    '\ufeff',
    'a\nb\ufeff',
    '\ufffe',
    'é',
    'ä: ö',
    '日本\n語',
    '😀',
    '😀\n😀',
    '\ud800',
    'a\\b',
    'a"b',
    'nginx:1.27',
    'a::b',
    'a:b:',
    '80-tcp',
    '64Mi',
    '50m',
    '1k',
    '1-e',
    '0-x',
  ],
];

const text = fc.oneof(
  fc.constantFrom(...odd),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'aZ09 \n\t:#-?,[]{}&*!|>\'"%@`=~.+_/\\'.split('')) }),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.constant(null), fc.boolean(), fc.integer(), number, text, tie('list'), tie('map')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  map: fc.dictionary(
    text.filter((key) => key !== '__proto__'),
    tie('value'),
    { maxKeys: 4 },
  ),
}));

describe('emitYaml', () => {
  it.each(['1.1', '1.2'] as const)('reads back the same as YAML %s', (version) => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), (values) => {
        const manifests = values.map(holding);
        expect(readBack(emitYaml(manifests), version)).toEqual(manifests);
      }),
      { numRuns: 500 },
    );
  });

  it.each(odd)('keeps %j as a value, as a key and in a list', (each) => {
    const manifest = holding({ value: each, [`${each}`]: 1, list: [each, [each], { [each]: each }] });
    expect(readBack(emitYaml([manifest]), '1.1')).toEqual([manifest]);
    expect(readBack(emitYaml([manifest]), '1.2')).toEqual([manifest]);
  });

  it('writes what cdk8s writes, where nothing is odd', () => {
    const manifest = holding({
      image: 'redis:7',
      port: '80-tcp',
      memory: '64Mi',
      list: ['a', { b: 1, c: [true, null] }, [], {}],
      empty: {},
      script: 'set -e\nexit 0\n',
    });
    expect(emitYaml([manifest, manifest])).toBe(Yaml.stringify(manifest, manifest));
  });

  it('puts apiVersion, kind and metadata first', () => {
    const { metadata, ...rest } = holding({ a: '1' });
    expect(
      emitYaml([{ ...rest, metadata }])
        .split('\n')
        .filter((line) => /^\w/.test(line)),
    ).toEqual(['apiVersion: v1', 'kind: ConfigMap', 'metadata:', 'data:']);
  });

  it('leaves out what is undefined', () => {
    expect(emitYaml([holding({ a: undefined, b: { c: undefined } })])).toContain('data:\n  b: {}\n');
  });
});
