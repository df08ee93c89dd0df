import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import { type City, createCity, DEADLINES_MISSED, infrastructure, WORKFLOW } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { startWatchProcess } from '../support/watch.ts';

const COMMANDS = [
  'init',
  'validate',
  'synth',
  'plan',
  'apply',
  'diff',
  'watch',
  'serve',
  'status',
  'suspend',
  'resume',
  'stop',
  'start',
  'tree',
  'explain',
  'test-qos',
  'simulate',
  'reconcile',
  'wait',
  'demo',
  'sandbox',
  'import',
  'schema',
  'completion',
];

describe('rotterdam-sync', () => {
  it.each(COMMANDS)('%s --help ends with an example', async (command) => {
    const { code, stdout } = await cli([command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Example:\\n  \\$ .*rotterdam-sync ${command}`));
  });

  it('--version prints the package version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([
    { args: ['bogus'], said: /unknown command 'bogus'/ },
    { args: ['plan'], said: /--environment/ },
    { args: ['watch', '--environment', 'city', '--listen', '0.0.0.0:80'], said: /loopback/ },
    { args: ['watch', '--environment', 'city', '--interval', 'soon'], said: /duration/ },
    { args: ['watch', '--environment', '../city'], said: /folder of environments/ },
    { args: ['completion', 'tcsh'], said: /bash, zsh and fish/ },
    { args: ['sandbox', '--port', '70000'], said: /65535/ },
  ])('refuses $args with exit code 2', async ({ args, said }) => {
    const { code, stderr } = await cli(args);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });

  it.each(['bash', 'zsh', 'fish'])('completes every command in %s', async (shell) => {
    const { code, stdout } = await cli(['completion', shell]);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toContain(command);
  });

  it('ends where the kubeconfig of the sandbox cannot be written', async () => {
    const { code, stderr } = await cli(['sandbox', '--kubeconfig', '/dev/null/kubeconfig']);
    expect([code, stderr]).toEqual([1, 'Cannot open /dev/null/kubeconfig: not a directory\n']);
  });

  it('says that no watch has left an address here', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rotterdam-none-'));
    const { code, stderr } = await cli(['status'], directory);
    rmSync(directory, { recursive: true });
    expect([code, stderr]).toEqual([2, expect.stringContaining('--address')]);
  });
});

describe('rotterdam-sync validate', () => {
  let directory: string;
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  };
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rotterdam-bad-'));
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('says how to start where there are no environments', async () => {
    expect(await cli(['validate', directory])).toMatchObject({ code: 2, stderr: expect.stringContaining('rotterdam-sync init') });
  });

  it('names every bad input with its place, in one run', async () => {
    const at = 'environments/city';
    write(
      `${at}/infrastructures/local.yaml`,
      'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: local}\nspec: {type: kubernetes, default: true}\n',
    );
    const task = (name: string, spec: string) =>
      `apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
    write(`${at}/tasks/undeclared.yaml`, task('lost', '{infrastructure: edge-9, containers: [{image: redis}]}'));
    write(`${at}/tasks/syntax.yaml`, 'kind: [Task\n');
    write(`${at}/tasks/trailing.json`, '{\n  "name": "a",\n  "image": "redis",\n}\n');
    write(`${at}/tasks/tab.yaml`, 'apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nspec:\n\tcontainers: []\n');
    write(`${at}/tasks/duplicate.yaml`, `${task('twice', '{containers: [{image: redis}]}')}kind: Task\n`);
    write(`${at}/tasks/huge.yaml`, Buffer.alloc(10 * 1024 * 1024, 'a'));
    write(
      `${at}/tasks/bomb.yaml`,
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`).join('\n')}\n`,
    );
    write(`${at}/tasks/latin1.yaml`, Buffer.from([0x6e, 0xe9, 0x3a, 0x20, 0x31, 0x0a]));
    symlinkSync('/etc/hostname', join(directory, at, 'tasks', 'link.yaml'));
    write(`${at}/tasks/typo.yaml`, task('typo', '{replcas: 3, containers: [{image: redis}]}'));
    const { code, stdout } = await cli(['validate', directory, '--json']);
    const issues = JSON.parse(stdout) as { file: string; line: number; column: number; severity: string; code: string; message: string }[];
    const errors = issues.filter(({ severity }) => severity === 'error');
    const files = ['undeclared', 'syntax', 'tab', 'duplicate', 'huge', 'bomb', 'latin1', 'link', 'typo'].map(
      (name) => `${at}/tasks/${name}.yaml`,
    );
    expect(new Set(errors.map(({ file }) => file))).toEqual(new Set([...files, `${at}/tasks/trailing.json`]));
    expect(code).toBe(2);
    expect(errors.find(({ file }) => file.endsWith('trailing.json'))).toMatchObject({ line: 4 });
    expect(errors.find(({ file }) => file.endsWith('undeclared.yaml'))?.message).toMatch(
      /Cannot place task 'lost' .*edge-9.* declared are local/,
    );
    expect(errors.find(({ file }) => file.endsWith('typo.yaml'))?.message).toMatch(/replcas.*replicas/);
    for (const issue of issues)
      expect(issue).toMatchObject({ line: expect.any(Number), column: expect.any(Number), code: expect.any(String) });
  });
});

describe('rotterdam-sync on the sandbox', () => {
  let sandbox: Sandbox;
  let city: City;
  beforeAll(async () => {
    sandbox = await startSandbox({ readyDelayMs: 50 });
    city = createCity();
    city.secret('modena', sandbox.kubeconfig);
  });
  afterAll(async () => {
    await sandbox.stop();
    city.remove();
  });

  it.each([
    { reason: 'an empty repository', before: () => undefined, args: () => city.args, said: /no commit|empty|no branch/i },
    { reason: 'no repository', before: () => undefined, args: () => [...city.args, '--repository', city.state], said: /repository/ },
  ])('plan says what is wrong with $reason', async ({ args, said }) => {
    const { code, stderr } = await cli(['plan', ...args()], city.directory);
    expect(stderr).toMatch(said);
    expect(code).not.toBe(0);
  });

  it('plan shows changes with exit code 3, apply makes them, and then there are none', async () => {
    city.commit({
      'infrastructures/modena.json': infrastructure('modena', { default: true, defaultDock: 'class' }),
      'qos/deadlines-missed-1.json': DEADLINES_MISSED,
      'tasks/compss-workflow.json': WORKFLOW,
    });
    const planned = await cli(['plan', ...city.args, '--json'], city.directory);
    expect(planned.code).toBe(3);
    expect(JSON.parse(planned.stdout)).toMatchObject({ counts: { create: 5, update: 0, delete: 0, unchanged: 0 } });
    expect(await cli(['apply', ...city.args], city.directory)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await cli(['apply', ...city.args, '--yes'], city.directory)).toMatchObject({ code: 0 });
    expect(await cli(['plan', ...city.args], city.directory)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to change.'),
    });
  });

  it.each([
    { args: ['--branch', 'none'], said: /none/ },
    { args: ['--infrastructure', 'edge-9'], said: /edge-9.*declared are modena/ },
    { args: ['--branch', '--force'], said: /branch/i },
  ])('plan refuses $args', async ({ args, said }) => {
    const { code, stderr } = await cli(['plan', ...city.args, ...args], city.directory);
    expect(stderr).toMatch(said);
    expect(code).not.toBe(0);
  });

  it('status asks the watch of this folder', async () => {
    const watch = await startWatchProcess([...city.args], { cwd: city.directory });
    try {
      await watch.until('ready');
      const { code, stdout } = await cli(['status', '--state', city.state, '--json'], city.directory);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        environment: 'city',
        revision: city.git('rev-parse', 'main').trim(),
        infrastructures: [{ name: 'modena', state: 'ready' }],
        tasks: [{ id: 'compss_workflow', replicas: { desired: 4, ready: 4 }, health: 'ready', agreements: [{ state: 'unknown' }] }],
      });
      expect((await cli(['status', '--address', watch.url])).stdout).toContain('4/4');
      for (const path of ['/healthz', '/readyz', '/metrics']) expect((await fetch(`${watch.url}${path}`)).status).toBe(200);
    } finally {
      await watch.kill('SIGTERM');
    }
  });
});

describe('rotterdam-sync serve', () => {
  it('commits what is written by REST, has the SLA Manager at a port of its own, and leaves no address to status', async () => {
    const city = createCity();
    const cwd = city.directory;
    city.commit({
      'infrastructures/modena.json': infrastructure('modena', { default: true, defaultDock: 'class' }),
      'tasks/workflow.json': WORKFLOW,
    });
    const serve = await startWatchProcess([...city.args, '--sla-listen', '127.0.0.1:0'], { cwd, command: 'serve' });
    try {
      const { slaUrl } = await serve.until('listening');
      await serve.until('revision');
      const posted = await fetch(`${serve.url}/api/v1/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'web', containers: [{ image: 'nginx' }] }),
      });
      expect(await posted.json()).toMatchObject({ resp: 'ok', id: 'web', task: { health: 'unknown' } });
      expect(city.git('show', 'main:environments/city/tasks/web.json')).toContain('nginx');
      expect(await (await fetch(`${slaUrl}/agreements`)).json()).toMatchObject([{ id: 'compss_workflow_DeadlinesMissed_1' }]);
      expect((await cli(['status', '--state', city.state], cwd)).stderr).toContain('no watch --listen runs in this folder');
      expect((await cli(['status', '--address', serve.url], cwd)).stdout).toContain('unknown');
    } finally {
      expect(await serve.kill('SIGTERM')).toMatchObject({ code: 0 });
      city.remove();
    }
  });
});

describe('rotterdam-sync init', () => {
  it.each([
    { reason: 'no .gitignore', before: undefined, after: '.rotterdam/\ndist/\n' },
    { reason: 'one of its own', before: 'node_modules', after: 'node_modules\n.rotterdam/\ndist/\n' },
    { reason: 'one that knows', before: 'dist/\n.rotterdam/\n', after: 'dist/\n.rotterdam/\n' },
  ])('has git ignore the secrets of a repository with $reason', async ({ before, after }) => {
    const directory = mkdtempSync(join(tmpdir(), 'rotterdam-init-'));
    try {
      if (before !== undefined) writeFileSync(join(directory, '.gitignore'), before);
      await cli(['init', directory]);
      expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe(after);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('writes a world that is valid, strictly, and keeps what is there', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rotterdam-init-'));
    try {
      expect((await cli(['init', directory])).code).toBe(0);
      expect(await cli(['validate', directory, '--strict'])).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('0 errors, 0 warnings'),
      });
      const task = join(directory, 'environments/city/tasks/hello.yaml');
      const [, schema = ''] = /\$schema=(\S+)/.exec(readFileSync(task, 'utf8')) ?? [];
      expect(existsSync(join(dirname(task), schema))).toBe(true);
      writeFileSync(task, `${readFileSync(task, 'utf8')}# mine\n`);
      expect((await cli(['init', directory])).stdout).toContain('tasks/hello.yaml');
      expect(readFileSync(task, 'utf8')).toMatch(/# mine\n$/);
      const out = join(directory, 'dist');
      expect((await cli(['synth', directory, '--out', out])).code).toBe(0);
      const first = readFileSync(join(out, 'city/local/analytics.k8s.yaml'), 'utf8');
      expect((await cli(['synth', directory, '--out', out])).stdout).toContain('0 written');
      expect(first).toContain('kind: Deployment');
      expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).toContain(
        readFileSync(task, 'utf8')
          .replace(/^#.*\n/, '')
          .replace('# mine\n', ''),
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('rotterdam-sync demo', () => {
  it('plays 4 → 6 → 9 with two decisions and ends with a summary', async () => {
    const { code, stdout } = await cli(['demo', '--json']);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(code).toBe(0);
    expect(events.at(-1)).toMatchObject({
      event: 'summary',
      replicas: [4, 6, 9],
      decisions: 2,
      reactionMs: [expect.any(Number), expect.any(Number)],
    });
    expect(events.at(-1).commits).toEqual([expect.stringMatching(/^[0-9a-f]{40}$/), expect.stringMatching(/^[0-9a-f]{40}$/)]);
    expect(events.at(-1).seconds).toBeLessThan(15);
  });
});
