import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importOriginal } from '../../../../controller/cli/import.ts';

const CLUSTER = { ID: 'main', Type: 'Openshift', OpenshiftEndPoint: 'https://api.example', OpenshiftOauthToken: 'sha256~secret', User: '' };
const CONFIG = { Clusters: [CLUSTER], Tasks: { MaxReplicas: 12 } };

let dir = '';
let said = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rotterdam-import-'));
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

const at = (path: string) => join(dir, path);
const write = (path: string, text: string) => {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
};
const run = (config: object = CONFIG) => {
  write('config.json', JSON.stringify(config));
  return importOriginal(dir, { environment: 'city', config: at('config.json'), state: at('state'), yes: true });
};
const DOCUMENT = 'environments/city/infrastructures/main.yaml';

describe('rotterdam-sync import', () => {
  it('writes documents and secrets, which only their owner may read, and again nothing', async () => {
    expect(await run()).toBe(0);
    expect(readFileSync(at(DOCUMENT), 'utf8')).toContain('secret: main');
    expect(readFileSync(at('environments/city/defaults.yaml'), 'utf8')).toContain('maxReplicas: 12');
    expect(readFileSync(at('state/secrets/main'), 'utf8')).toContain('sha256~secret');
    expect(statSync(at('state/secrets/main')).mode & 0o077).toBe(0);
    expect(readFileSync(at('state/.gitignore'), 'utf8')).toBe('*\n');
    expect(said).not.toContain('sha256~');
    expect(await run()).toBe(0);
    expect(said).toMatch(/Nothing to do: all of it is there already\n$/);
  });

  it.each([
    {
      reason: 'a document',
      path: DOCUMENT,
      text: 'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: main}\nspec: {type: kubernetes}\n',
    },
    { reason: 'a secret', path: 'state/secrets/main', text: 'another' },
  ])('writes nothing where $reason of another text is there', async ({ path, text }) => {
    write(path, text);
    await expect(run()).rejects.toThrow(new RegExp(`^Nothing is written as there are other texts already: move away .*${path}$`));
    expect(existsSync(at('environments/city/defaults.yaml'))).toBe(false);
    expect(readFileSync(at(path), 'utf8')).toBe(text);
  });

  it.each([
    { reason: 'not valid', config: { ...CONFIG, Tasks: { MaxReplicas: 'many' } }, other: '' },
    {
      reason: 'declared elsewhere',
      config: CONFIG,
      other: 'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: main}\nspec: {type: kubernetes}\n',
    },
  ])('writes nothing of what is $reason', async ({ config, other }) => {
    if (other !== '') write('environments/city/infrastructures/other.yaml', other);
    await expect(run(config)).rejects.toThrow('Nothing is written as that is not valid');
    expect(said).toMatch(/config.json:1:\d+|environments\/city\/infrastructures\/\w+.yaml:3/);
    expect(existsSync(at('state/secrets/main'))).toBe(false);
    expect(existsSync(at(DOCUMENT))).toBe(false);
  });

  it('takes back what it wrote when it can not write the rest', async () => {
    write('state/secrets', 'a file where the folder should be');
    chmodSync(at('state/secrets'), 0o400);
    await expect(run()).rejects.toThrow(/^Nothing is written: /);
    expect(existsSync(at(DOCUMENT))).toBe(false);
  });

  it('asks for a file, and can not ask a question without a terminal', async () => {
    await expect(importOriginal(dir, { environment: 'city' })).rejects.toThrow('Name what to import');
    write('config.json', JSON.stringify(CONFIG));
    await expect(importOriginal(dir, { environment: 'city', config: at('config.json'), state: at('state') })).rejects.toThrow('say --yes');
    expect(existsSync(at(DOCUMENT))).toBe(false);
  });
});
