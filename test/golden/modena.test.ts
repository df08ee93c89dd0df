import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readFolder } from '../../controller/adapters/files.ts';
import { loadEnvironment } from '../../synth/load.ts';
import { synthesisIssues } from '../../synth/synthesize.ts';
import { renderFiles } from '../../synth/write.ts';

const golden = fileURLToPath(new URL('.', import.meta.url));
const environment = loadEnvironment('modena', await readFolder(fileURLToPath(new URL('../..', import.meta.url))));

/** After a change that is meant: `npx vitest run --project unit test/golden -u`, then read the diff. */
describe('environments/modena', () => {
  it('is valid', () => {
    expect([...environment.issues, ...synthesisIssues(environment)].filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it.each([...renderFiles(environment)])('gives test/golden/%s, byte for byte', async (file, text) => {
    await expect(text).toMatchFileSnapshot(`${golden}${file}`);
  });

  it('gives no other file', () => {
    const files = readdirSync(`${golden}modena`, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(yaml|rules)$/.test(file));
    expect(files.map((file) => `modena/${file}`).sort()).toEqual([...renderFiles(environment).keys()]);
  });
});
