import { describe, expect, it } from 'vitest';
import { lastChangeOf } from '../../../../controller/cli/last-change.ts';
import type { Commit } from '../../../../controller/ports.ts';

const FILE = 'environments/city/tasks/all.yaml';

/** A history of one file; a merge is marked by its name. */
function historyOf(versions: Readonly<Record<string, string | null>>): Commit[] {
  let before: string | null = null;
  return Object.entries(versions).map(([id, after]) => {
    const commit = { id, parents: id.startsWith('merge') ? ['x', 'y'] : ['x'], changes: [{ path: FILE, before, after }] };
    before = after;
    return { ...commit, committedAtMs: 0, author: { name: '', email: '' }, message: id };
  });
}
/** Blobs are their own ids here. */
const texts = async (ids: readonly string[]) => ids;

const a = (image: string) => `kind: Task\nname: a\nimage: ${image}\n`;
const b = (image: string) => `kind: Task\nname: b\nimage: ${image}\n`;

describe('lastChangeOf', () => {
  const both = { made: `${a('1')}---\n${b('1')}`, second: `${a('1')}---\n${b('2')}`, third: `${a('1')}\n--- # more\n${b('2')}` };
  it.each([
    { line: 2, last: 'made', reason: 'only the other document changed since' },
    { line: 6, last: 'second', reason: 'that one changed it' },
  ])('of line $line is $last, as $reason', async ({ line, last }) => {
    expect((await lastChangeOf(historyOf(both), FILE, line, texts))?.id).toBe(last);
  });

  it.each<{ versions: Record<string, string | null>; line: number; last: string; reason: string }>([
    { versions: { one: a('1'), two: a('2') }, line: 1, last: 'two', reason: 'a file with one document' },
    { versions: { one: b('1'), two: `${a('1')}---\n${b('1')}` }, line: 6, last: 'one', reason: 'another was put before it' },
    { versions: { one: a('1'), two: null, three: a('1') }, line: 1, last: 'three', reason: 'it was gone in between' },
    { versions: { one: a('1'), two: a('2'), merge: a('2') }, line: 1, last: 'two', reason: 'a merge changes nothing itself' },
    { versions: { merge: a('2') }, line: 1, last: 'merge', reason: 'there is nothing else' },
  ])('is $last: $reason', async ({ versions, line, last }) => {
    expect((await lastChangeOf(historyOf(versions), FILE, line, texts))?.id).toBe(last);
  });

  it('asks for no more of a long history than it needs', async () => {
    const versions = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`c${index}`, a(String(index))]));
    let asked = 0;
    const counting = async (ids: readonly string[]) => {
      asked += ids.length;
      return ids;
    };
    expect((await lastChangeOf(historyOf(versions), FILE, 1, counting))?.id).toBe('c499');
    expect(asked).toBeLessThan(30);
  });
});
