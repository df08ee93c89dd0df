import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLog, parseTree } from '../../../../../controller/adapters/git/parse.ts';

const [A, B, C, ZERO] = ['a', 'b', 'c', '0'].map((digit) => digit.repeat(40)) as [string, string, string, string];
const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0'));

describe('parseTree', () => {
  it('reads modes, sizes and any path', () => {
    const output = `100644 blob ${A}       3\ta\tb\n.yaml\x00160000 commit ${B}       -\tmodule\x00`;
    expect(parseTree(Buffer.from(output))).toEqual([
      { mode: '100644', type: 'blob', id: A, size: 3, path: 'a\tb\n.yaml' },
      { mode: '160000', type: 'commit', id: B, size: 0, path: 'module' },
    ]);
  });

  it('reads nothing from nothing', () => expect(parseTree(Buffer.alloc(0))).toEqual([]));
});

describe('parseLog', () => {
  it('reads commits with and without changes, whatever messages and paths hold', () => {
    const commit = fc.record({
      message: text,
      name: text,
      parents: fc.subarray([A, B]),
      changes: fc.array(fc.record({ path: text, before: fc.constantFrom(null, A, B), after: fc.constantFrom(null, B, C) })),
    });
    fc.assert(
      fc.property(fc.array(commit), (commits) => {
        const output = commits.map(({ message, name, parents, changes }) => {
          const raw = changes.map(({ path, before, after }, n) => {
            return `${n === 0 ? '\n' : ''}:100644 100644 ${before ?? ZERO} ${after ?? ZERO} M\0${path}\0`;
          });
          return `${C}\0${parents.join(' ')}\x001700000000\0${name}\0a@b\0${message}\0${raw.join('')}`;
        });
        expect(parseLog(Buffer.from(output.join('')))).toEqual(
          commits.map(({ name, ...rest }) => ({ ...rest, id: C, committedAtMs: 1_700_000_000_000, author: { name, email: 'a@b' } })),
        );
      }),
    );
  });
});
