import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bareRepository, openBare } from '../support/bare-repository.ts';
import { have } from '../support/parts.ts';
import { raceWriters } from '../support/race-writers.ts';

describe.skipIf(!have('git'))('writers on one branch at once', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rotterdam-writers-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('all land, nothing is lost and nothing done twice', async () => {
    const { ids, replicas } = await raceWriters(folder, 10, true);
    const numbers = Array.from({ length: 10 }, (_, n) => n);
    expect([...ids].sort()).toEqual(numbers.map((n) => `d${n}`));
    expect(replicas).toEqual(numbers.map((n) => n + 2));
  });

  it('one that is behind learns that what another applied came later', async () => {
    const url = `file://${bareRepository(folder, { 'defaults.yaml': '# none\n' })}`;
    const [fast, slow] = [await openBare(folder, url), await openBare(folder, url)];
    const mine = await slow.head();
    const edits = [{ path: 'environments/city/defaults.yaml', content: '# still none\n' }];
    const theirs = await fast.commit(edits, { parent: await fast.head(), message: 'Change' });
    expect(await slow.isAncestor(mine, theirs)).toBe(true);
    expect(await slow.isAncestor(theirs, mine)).toBe(false);
    await Promise.all([fast.close(), slow.close()]);
  });
});
