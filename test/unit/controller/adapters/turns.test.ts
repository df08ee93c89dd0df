import { expect, it } from 'vitest';
import { createTurns } from '../../../../controller/adapters/turns.ts';

it('createTurns lets one in for each turn of the event loop, in order', async () => {
  const turn = createTurns();
  const seen: string[] = [];
  const all = Promise.all(['a', 'b', 'c'].map(async (name) => turn().then(() => seen.push(name))));
  setImmediate(() => seen.push('others'));
  await all;
  expect(seen.filter((name) => name !== 'others')).toEqual(['a', 'b', 'c']);
  expect(seen.indexOf('others')).toBeLessThan(seen.indexOf('b'));
});
