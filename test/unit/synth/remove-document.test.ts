import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseText } from '../../../synth/parse.ts';
import { removeDocument } from '../../../synth/remove-document.ts';

const CASES = [
  { reason: 'the only one leaves no file', file: 'a.yaml', text: '# mine\nname: a\n', index: 0, after: null },
  { reason: 'the only element leaves no file', file: 'a.json', text: '[{"name": "a"}]', index: 0, after: null },
  { reason: 'the first, without a mark', file: 'a.yaml', text: 'name: a\n---\nname: b # b\n', index: 0, after: '---\nname: b # b\n' },
  {
    reason: 'the first, below comments',
    file: 'a.yaml',
    text: '# head\n---\nname: a\n---\nname: b\n',
    index: 0,
    after: '# head\n---\nname: b\n',
  },
  { reason: 'the last', file: 'a.yaml', text: 'name: a\n---\nname: b\n', index: 1, after: 'name: a\n' },
  {
    reason: 'one between, with Windows line ends',
    file: 'a.yaml',
    text: 'n: a\r\n---\r\nn: b\r\n---\r\nn: c\r\n',
    index: 1,
    after: 'n: a\r\n---\r\nn: c\r\n',
  },
  {
    reason: 'an element of a list',
    file: 'a.json',
    text: '[\n  {"n": 1},\n  {"n": 2},\n  {"n": 3}\n]\n',
    index: 1,
    after: '[\n  {"n": 1},\n  {"n": 3}\n]\n',
  },
  { reason: 'the last element', file: 'a.json', text: '[{"n": 1}, {"n": 2}]', index: 1, after: '[{"n": 1}]' },
] as const;

describe('A document is removed from its file', () => {
  it.each(CASES)('$reason', ({ file, text, index, after }) => {
    expect(removeDocument(text, { file, index })).toBe(after);
  });

  it('unless it is not there, or can not be told from the others', () => {
    expect(() => removeDocument('n: a\n', { file: 'a.yaml', index: 1 })).toThrow('Cannot find document 2 of a.yaml');
    expect(() => removeDocument('- n: a\n- n: b\n', { file: 'a.yaml', index: 0 })).toThrow('edit it by hand');
  });

  it('and the others stay as they are, whatever they are', () => {
    const json = fc.array(fc.record({ text: fc.stringMatching(/^[\][{}," a-z:#-]*$/), list: fc.array(fc.boolean()) }), {
      minLength: 2,
      maxLength: 5,
    });
    fc.assert(
      fc.property(json, fc.nat(), fc.constantFrom('json', 'yaml'), (values, seed, format) => {
        const text =
          format === 'json' ? JSON.stringify(values, null, 2) : values.map((value) => `---\n${JSON.stringify(value)}\n`).join('');
        const index = seed % values.length;
        const left = parseText(removeDocument(text, { file: `a.${format}`, index }) ?? '', format as 'json').documents;
        expect(left.map(({ value }) => value)).toEqual(
          parseText(text, format as 'json')
            .documents.filter((one) => one.index !== index)
            .map(({ value }) => value),
        );
      }),
    );
  });
});
