import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
});
