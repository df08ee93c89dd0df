import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const run = promisify(execFile);
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const text = readFileSync(`${PROJECT}docs/api.md`, 'utf8');

/** Streams don't end by themselves. */
const lines = [...text.matchAll(/^ {4}(curl .*)$/gm)].map(([, line = '']) => line).filter((line) => !line.startsWith('curl -N'));

let sandbox: Sandbox;
let city: City;
let watch: WatchProcess;

beforeAll(async () => {
  sandbox = await startSandbox({ readyDelayMs: 50 });
  city = createCity();
  city.secret('modena', sandbox.kubeconfig);
  city.commit({ 'infrastructures/modena.json': infrastructure('modena', { default: true, defaultDock: 'class' }) });
  watch = await startWatchProcess([...city.args, '--interval', '1h'], { cwd: city.directory });
  await watch.until('revision');
});

afterAll(async () => {
  await watch?.kill('SIGKILL');
  await sandbox?.stop();
  city?.remove();
});

const here = (line: string) => line.replace('localhost:8333', watch.url.replace('http://', ''));

describe('docs/api.md', { sequential: true }, () => {
  it('shows something', () => expect(lines.length).toBeGreaterThan(15));

  it.each(lines)('does what it shows: %s', async (line) => {
    const { stdout } = await run('bash', ['-c', here(line).replace(/^curl /, 'curl -sS --fail-with-body ')]).catch((error) => {
      throw new Error(`${error.stderr}${error.stdout}`);
    });
    if (stdout !== '') expect(JSON.parse(stdout)).toBeTypeOf('object');
  });

  it('made a task that is ready, with a commit for each write', async () => {
    const { stdout } = await run('git', ['-C', city.repository, 'log', '--format=%s']);
    expect(stdout.trim().split('\n').slice(0, -1)).toEqual([
      'Set defaults maxReplicas',
      'Create infrastructure edge-device-1',
      'Make agreement shop_Quick stopped',
      'Replace task shop',
      'Create task shop',
      'Set QoS Quick',
      'Delete task web',
      'Create task web',
    ]);
  });

  it('shows how the client is used', async () => {
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', here(code)], { cwd: PROJECT });
    expect(stdout).toBe('3\n');
  });
});

describe('explain --address', () => {
  it('tells what the watch knows', async () => {
    const { code, stdout } = await cli(['explain', 'shop', '--address', watch.url]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^shop in city, 3 replicas[\s\S]*shop_Quick is stopped/) });
  });

  it.each([
    { asked: 'nothing', says: 'There is no task nothing', code: 1 },
    { asked: 'Deployment/shop', says: 'Name a task', code: 2 },
  ])('refuses $asked', async ({ asked, says, code }) => {
    const ran = await cli(['explain', asked, '--address', watch.url]);
    expect(ran).toMatchObject({ code, stderr: expect.stringContaining(says) });
  });
});
