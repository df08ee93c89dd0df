import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const program = readFileSync(join(project, 'docs/examples/city.ts'), 'utf8');

describe('docs/examples/city.ts', { timeout: 60_000 }, () => {
  let out: string;
  let stdout: string;

  beforeAll(() => {
    if (!existsSync(join(project, 'build/library/constructs/index.js'))) throw new Error('Build the library first: npm run build');
    out = mkdtempSync(join(tmpdir(), 'rotterdam-example-'));
    const run = spawnSync(process.execPath, ['--import', 'tsx', 'docs/examples/city.ts'], {
      cwd: project,
      encoding: 'utf8',
      env: { ...process.env, CDK8S_OUTDIR: out },
    });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    stdout = run.stdout;
  }, 60_000);

  afterAll(() => rmSync(out, { recursive: true, force: true }));

  function objectsIn(file: string): string[] {
    return parseAllDocuments(readFileSync(join(out, file), 'utf8')).map(
      (document) => `${document.get('kind')} ${document.getIn(['metadata', 'name'])}`,
    );
  }

  it('writes a file for each chart', () => {
    expect(readdirSync(out).sort()).toEqual(['city-crossroads.k8s.yaml', 'city-modena.k8s.yaml']);
    expect(objectsIn('city-modena.k8s.yaml')).toEqual([
      ...['Namespace class', 'ResourceQuota class'],
      ...['ServiceAccount workflow', 'Service workflow', 'Service workflow-workers', 'StatefulSet workflow'],
      ...['ServiceAccount dashboard', 'Service dashboard', 'Deployment dashboard', 'Route dashboard'],
    ]);
    expect(objectsIn('city-crossroads.k8s.yaml').filter((object) => object.startsWith('Deployment'))).toEqual([
      'Deployment redis-north',
      'Deployment redis-south',
    ]);
  });

  it('tells where the dashboard will be', () => {
    expect(stdout).toBe('The dashboard will be at https://dashboard.apps.modena.example\n');
  });
});

describe('docs/constructs.md', () => {
  const blocks = [...readFileSync(join(project, 'docs/constructs.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)].map(([, code = '']) => code);

  it.each(blocks)('shows what the program says: %s', (code) => {
    expect(program).toContain(code);
  });

  it('shows something', () => {
    expect(blocks.length).toBeGreaterThan(3);
  });
});
