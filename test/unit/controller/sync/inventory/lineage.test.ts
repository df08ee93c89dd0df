import { describe, expect, it } from 'vitest';
import { EMPTY } from '../../../../../controller/sync/inventory/inventory.ts';
import { lineageOf } from '../../../../../controller/sync/inventory/lineage.ts';

/** One line of history: a, b, c … */
const isAncestor = async (a: string, b: string) => a <= b;
const target = (revision: string, ...pruneWords: string[]) => ({
  revision,
  infrastructure: 'modena',
  pruneWords: pruneWords.map((word) => ({ revision: word })),
});

describe('lineageOf', () => {
  it.each([
    { reason: 'its own word', pruneWords: ['c'], seen: [], allowed: true, words: ['c'] },
    { reason: 'a word on the way to it', pruneWords: ['b'], seen: [], allowed: true, words: ['b'] },
    { reason: 'a word that was seen', pruneWords: ['b'], seen: ['b'], allowed: false, words: ['b'] },
    { reason: 'a word that is not in force yet', pruneWords: ['d'], seen: [], allowed: false, words: [] },
    { reason: 'one of each', pruneWords: ['a', 'b', 'd'], seen: ['a'], allowed: true, words: ['a', 'b'] },
  ])('$reason', async ({ pruneWords, seen, allowed, words }) => {
    const inventory = { ...EMPTY, revision: 'a', words: seen };
    expect(await lineageOf(inventory, target('c', ...pruneWords), isAncestor)).toMatchObject({ allowed, words });
  });

  it('asks nothing about the revision applied last and words that were seen', async () => {
    const unasked = () => expect.fail('asked');
    const inventory = { ...EMPTY, revision: 'c', words: ['b'] };
    expect(await lineageOf(inventory, target('c', 'b'), unasked)).toMatchObject({ words: ['b'] });
  });

  it.each([
    { reason: 'another line', revision: 'x', pruneWords: [], allowed: false },
    { reason: 'words of the other line, perhaps rewritten ones', revision: 'x', pruneWords: ['w'], allowed: false },
    { reason: 'a word of its own', revision: 'x', pruneWords: ['w', 'x'], allowed: true },
  ])('diverged, with $reason', async ({ revision, pruneWords, allowed }) => {
    const unrelated = async (a: string, b: string) => a === 'w' && b === 'x';
    const lineage = await lineageOf({ ...EMPTY, revision: 'c' }, target(revision, ...pruneWords), unrelated);
    expect(lineage).toEqual({ divergedFrom: 'c', allowed, allowedTasks: new Set(), words: pruneWords });
  });

  it.each([
    { reason: 'each its own', seen: [], from: 'a', tasks: ['web', 'shop'], allowed: false },
    { reason: 'not those that were seen', seen: ['b'], from: 'a', tasks: ['shop'], allowed: false },
    { reason: 'after a forced push only that of the revision itself', seen: [], from: 'x', tasks: ['shop'], allowed: false },
    { reason: 'and a word for all is one for all', seen: [], from: 'a', tasks: ['web', 'shop'], allowed: true },
  ])('words for tasks count $reason', async ({ seen, from, tasks, allowed }) => {
    const words = [{ revision: 'b', task: 'web' }, { revision: 'c', task: 'shop' }, ...(allowed ? [{ revision: 'c' }] : [])];
    const isBelow = async (a: string, b: string) => a <= b && a !== 'x' && b !== 'x';
    const at = { revision: 'c', infrastructure: 'modena', pruneWords: words };
    const lineage = await lineageOf({ ...EMPTY, revision: from, words: seen }, at, isBelow);
    expect(lineage).toMatchObject({ allowed, allowedTasks: new Set(tasks), words: ['b', 'c'] });
  });

  it('ten thousand removals leave room for others, and none of their words counts again', async () => {
    const all = Array.from({ length: 10_000 }, (_, at) => ({ revision: `c${at}`, task: `t${at}` }));
    const always = async () => true;
    let words: readonly string[] = [];
    for (let at = 100; at <= all.length; at += 100) {
      const inventory = { ...EMPTY, revision: `c${at - 101}`, words };
      const lineage = await lineageOf(
        inventory,
        { revision: `c${at - 1}`, infrastructure: 'modena', pruneWords: all.slice(0, at) },
        always,
      );
      expect([...lineage.allowedTasks]).toEqual(all.slice(at - 100, at).map(({ task }) => task));
      words = lineage.words;
    }
    expect(words.length).toBe(1_000);
  });

  it('all words of one commit count, however many', async () => {
    const words = Array.from({ length: 2_000 }, (_, at) => ({ revision: 'c', task: `t${at}` }));
    const lineage = await lineageOf(
      { ...EMPTY, revision: 'a' },
      { revision: 'c', infrastructure: 'modena', pruneWords: words },
      isAncestor,
    );
    expect([lineage.allowedTasks.size, lineage.words]).toEqual([2_000, ['c']]);
  });

  it('refuses to go back', async () => {
    await expect(lineageOf({ ...EMPTY, revision: 'c' }, target('b'), isAncestor)).rejects.toMatchObject({ outcome: 'waiting' });
  });
});
