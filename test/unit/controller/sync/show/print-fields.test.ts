import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffLines } from '../../../../../controller/sync/show/line-diff.ts';
import { printFields } from '../../../../../controller/sync/show/print-fields.ts';

const text = (...lines: string[]) => lines.join('\n');

describe('printFields', () => {
  it.each([
    { reason: 'a value', field: { before: 2, after: 4 }, shown: ['- 2', '+ 4'] },
    { reason: 'texts that look like something else quoted', field: { before: true, after: 'true' }, shown: ['- true', '+ "true"'] },
    { reason: 'a new map as YAML', field: { after: { cpu: '1', list: [1] } }, shown: ['+ cpu: "1"', '+ list:', '+   - 1'] },
    { reason: 'a list by its lines', field: { before: ['a', 'b'], after: ['a', 'c'] }, shown: ['  - a', '- - b', '+ - c'] },
    {
      reason: 'a long text by what changed in it',
      field: { before: text('1', '2', '3', '4', '5', '6'), after: text('1', '2', '3', '4', 'five', '6') },
      shown: ['…', '  3', '  4', '- 5', '+ five', '  6'],
    },
  ])('shows $reason', ({ field, shown }) => {
    expect(printFields([{ path: ['a'], ...field }])).toEqual(['.a', ...shown.map((line) => `  ${line}`)]);
  });

  it('is bounded for one object, in lines and in their length', () => {
    const long = Array.from({ length: 500 }, (_, index) => `${index} ${'x'.repeat(1000)}`);
    const shown = printFields([{ path: ['data', 'a'], after: long.join('\n') }]);
    expect(shown.length).toBe(61);
    expect(shown.at(-1)).toBe('… 441 more lines');
    expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(201);
  });

  it('takes no second for texts of thousands of lines that have nothing in common', () => {
    const lines = (mark: string) => Array.from({ length: 5000 }, (_, index) => `${mark}${index}`).join('\n');
    expect(printFields([{ path: ['a'], before: lines('a'), after: lines('b') }]).at(-1)).toBe('… 9941 more lines');
  });
});

describe('diffLines', () => {
  it('removes from the one and adds what makes the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 5 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const shown = diffLines(before, after);
        const of = (mark: string) => shown.filter((line) => line.mark === mark).map((line) => line.text);
        if (shown.every(({ mark }) => mark !== '…')) {
          expect(shown.flatMap(({ mark, text }) => (mark === '+' ? [] : [text]))).toEqual(before);
          expect(shown.flatMap(({ mark, text }) => (mark === '-' ? [] : [text]))).toEqual(after);
        }
        expect(of('-').length - of('+').length).toBe(before.length - after.length);
      }),
    );
  });
});
