import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Commit } from '../../../controller/ports.ts';
import { foldDepartures, NO_DEPARTURES, toPrune } from '../../../controller/removals.ts';
import type { Infrastructure } from '../../../synth/environment.ts';

/** A commit is what its files hold after it: `edge!` is an Infrastructure with onRemoval: prune, `?` doesn't parse. */
type Files = Readonly<Record<string, string | null>>;

const commit = (id: string, files: Files): Commit => ({
  id,
  parents: [],
  committedAtMs: 0,
  author: { name: '', email: '' },
  message: '',
  changes: Object.entries(files).map(([path, after]) => ({ path, before: null, after })),
});
const documents = (_: string, text: string) =>
  text === '?'
    ? undefined
    : text.split(' ').map((word) => {
        const name = word.replace('!', '');
        return { name, sync: { onRemoval: word.endsWith('!') ? 'prune' : 'keep', maxPrune: 30 } } as unknown as Infrastructure;
      });
const fold = (history: readonly Files[], from = NO_DEPARTURES) =>
  foldDepartures(
    from,
    history.map((files, index) => commit(`c${index}`, files)),
    documents,
  );
const pruned = (history: readonly Files[], declared: readonly string[] = []) =>
  toPrune(fold(history), new Map(declared.map((name) => [name, {} as Infrastructure]))).map(
    ({ infrastructure, revision }) => `${infrastructure.name} ${revision}`,
  );

describe('foldDepartures', () => {
  it.each<[string, readonly Files[], readonly string[]]>([
    ['still there', [{ a: 'edge!' }], []],
    ['removed', [{ a: 'edge!' }, { a: null }], ['edge c1']],
    ['removed from a file that has others', [{ a: 'edge! modena!' }, { a: 'modena!' }], ['edge c1']],
    ['kept by default', [{ a: 'edge' }, { a: null }], []],
    ['said just before', [{ a: 'edge' }, { a: 'edge!' }, { a: null }], ['edge c2']],
    ['taken back just before', [{ a: 'edge!' }, { a: 'edge' }, { a: null }], []],
    ['broken in between: the last that parsed counts', [{ a: 'edge!' }, { a: '?' }, { a: null }], ['edge c2']],
    ['broken now: not removed', [{ a: 'edge!' }, { a: '?' }], []],
    ['moved to another file', [{ a: 'edge!' }, { a: null, b: 'edge!' }], []],
    ['moved by two commits', [{ a: 'edge!' }, { b: 'edge!' }, { a: null }], []],
    ['removed, then declared again', [{ a: 'edge!' }, { a: null }, { a: 'edge!' }], []],
    ['removed, declared to be kept, and removed', [{ a: 'edge!' }, { a: null }, { a: 'edge' }, { a: null }], []],
  ])('%s', (_, history, expected) => {
    expect(pruned(history)).toEqual(expected);
  });

  it('prunes nothing that is declared, whatever a side of a merge did', () => {
    expect(pruned([{ a: 'edge!' }, { a: null }], ['edge'])).toEqual([]);
  });

  it('is the same however the history is cut', () => {
    const files = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom(null, 'edge', 'edge!', 'modena!', 'edge! modena', '?'), {
      minKeys: 1,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(fc.array(files), fc.nat(), (history, at) => {
        const commits = history.map((one, index) => commit(`c${index}`, one));
        const cut = history.length === 0 ? 0 : at % history.length;
        const first = foldDepartures(NO_DEPARTURES, commits.slice(0, cut), documents);
        expect(foldDepartures(first, commits.slice(cut), documents)).toEqual(fold(history));
      }),
    );
  });
});
