import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { synthesizeDirectory } from '../../../synth/main.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const MAIN = join(project, 'synth/main.ts');

const modena = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: modena}\nspec: {type: kubernetes}\n';
const task = (name: string, dock = 'class') =>
  `apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: ${name}}\nspec:\n  dock: ${dock}\n  containers: [{image: redis}]\n`;

let root: string;
let out: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rotterdam-synth-'));
  out = join(root, 'dist');
  write('environments/city/infrastructures/modena.yaml', modena);
  write('environments/city/tasks/redis.yaml', task('redis'));
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function contents(directory: string): Record<string, string> {
  const found = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(directory, path)).isFile());
  return Object.fromEntries(found.sort().map((path) => [path, readFileSync(join(directory, path), 'utf8')]));
}

const runMain = (directory: string) =>
  spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: out },
  });

describe('synthesizeDirectory', () => {
  it('writes the files of every environment, or of the one named', async () => {
    write('environments/town/infrastructures/edge.yaml', modena.replace('modena', 'edge'));
    write('environments/town/tasks/redis.yaml', task('redis'));
    expect(await synthesizeDirectory({ root, environment: 'town', out })).toMatchObject({
      environments: ['town'],
      written: ['town/edge/class.k8s.yaml'],
    });
    const both = await synthesizeDirectory({ root, out });
    expect(both.files).toEqual(['city/modena/class.k8s.yaml', 'town/edge/class.k8s.yaml']);
    expect(both.written).toEqual(['city/modena/class.k8s.yaml']);
    expect(Object.keys(contents(out))).toEqual(both.files);
  });

  it('writes nothing a second time', async () => {
    await synthesizeDirectory({ root, out });
    const before = statSync(join(out, 'city/modena/class.k8s.yaml'), { bigint: true });
    expect((await synthesizeDirectory({ root, out })).written).toEqual([]);
    expect(statSync(join(out, 'city/modena/class.k8s.yaml'), { bigint: true })).toMatchObject({ ino: before.ino, mtimeNs: before.mtimeNs });
  });

  it('removes files of its own that no document asks for any more, and no others', async () => {
    await synthesizeDirectory({ root, out });
    write('dist/city/modena/notes.md', 'mine');
    write('dist/other/modena/class.k8s.yaml', 'mine');
    write('environments/city/tasks/redis.yaml', task('redis', 'other'));
    expect((await synthesizeDirectory({ root, out })).removed).toEqual(['city/modena/class.k8s.yaml']);
    expect(Object.keys(contents(out))).toEqual(['city/modena/notes.md', 'city/modena/other.k8s.yaml', 'other/modena/class.k8s.yaml']);
  });

  it('leaves where a link leads to as it is', async () => {
    write('elsewhere/class.k8s.yaml', 'mine');
    mkdirSync(join(out, 'city/modena'), { recursive: true });
    symlinkSync(join(root, 'elsewhere/class.k8s.yaml'), join(out, 'city/modena/class.k8s.yaml'));
    symlinkSync(join(root, 'elsewhere'), join(out, 'city/stale'));
    await synthesizeDirectory({ root, out });
    expect(contents(join(root, 'elsewhere'))).toEqual({ 'class.k8s.yaml': 'mine' });
    expect(contents(out)['city/modena/class.k8s.yaml']).toContain('kind: Namespace');
  });

  it('writes nothing when any document is invalid, and names every mistake', async () => {
    write('environments/city/tasks/nginx.yaml', `${task('nginx')}  infrastructure: edge-9\n`);
    write('environments/city/tasks/redis.yaml', `${task('redis')}  replica: 2\n`);
    write('environments/town/infrastructures/edge.yaml', modena);
    const { issues, written } = await synthesizeDirectory({ root, out });
    expect(issues.map(printIssue)).toEqual([
      expect.stringMatching(
        /^environments\/city\/tasks\/nginx.yaml:7:19 Cannot place task 'nginx' as infrastructure 'edge-9' is not declared/,
      ),
      expect.stringMatching(/^environments\/city\/tasks\/redis.yaml:7:3 Unknown field 'replica'/),
    ]);
    expect(written).toEqual([]);
    expect(readdirSync(root)).toEqual(['environments']);
  });

  it('names what only shows in the objects', async () => {
    write('environments/city/manifests/mine.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: class\n');
    const { issues } = await synthesizeDirectory({ root, out });
    expect(issues.map(printIssue)).toEqual([
      'environments/city/manifests/mine.yaml:1:1 Cannot make Namespace class twice: it comes from environments/city/tasks/redis.yaml:1:1 already',
    ]);
  });

  it('rejects an environment that is not there', async () => {
    await expect(synthesizeDirectory({ root, environment: 'town', out })).rejects.toThrow(
      "Cannot synthesize environment 'town' as there is none: there are city",
    );
  });
});

describe('synth/main.ts', { timeout: 60_000 }, () => {
  it('exits with 2 when documents are invalid, having printed where', () => {
    write('environments/city/tasks/redis.yaml', task('redis').replace('redis}]', 'redis, port: 1}]'));
    const { status, stderr } = runMain(root);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: expect.stringMatching(/^environments\/city\/tasks\/redis.yaml:6:\d+ Unknown field 'port'/),
    });
    expect(readdirSync(root)).toEqual(['environments']);
  });

  it('gives the same bytes by cdk8s synth as in process, twice', async () => {
    const cdk8s = join(project, 'node_modules/cdk8s-cli/bin/cdk8s');
    const byCdk8s = () =>
      spawnSync(process.execPath, [cdk8s, 'synth', '--no-check-upgrade', '--output', out], { cwd: project, encoding: 'utf8' });
    expect(byCdk8s()).toMatchObject({ status: 0 });
    const first = contents(out);
    expect(Object.keys(first)).toContain('modena/modena/class.k8s.yaml');
    expect(await synthesizeDirectory({ root: project, out })).toMatchObject({ written: [], removed: [] });
    expect(byCdk8s()).toMatchObject({ status: 0 });
    expect(contents(out)).toEqual(first);
  });
});
