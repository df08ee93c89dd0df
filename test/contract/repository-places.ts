import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { RepositoryOptions } from '../../controller/adapters/git/repository.ts';
import { directorySecrets } from '../../controller/adapters/secrets.ts';
import { MAX_FILE_BYTES } from '../../synth/source.ts';
import { SSHD } from '../support/parts.ts';

export const NOW_MS = 1_700_000_000_000;
export const TOKEN = 'a-token-that-nobody-may-see';

/** One repository to try, with everything that it needs. */
export interface Place {
  readonly options: RepositoryOptions;
  /** Runs git where the branch really is. */
  git(...args: string[]): string;
  /** The folder in which the branch is checked out. */
  readonly workTree: string | undefined;
}

/** Where repositories can be. `place` makes a copy of the template in `folder`. */
export interface Kind {
  readonly name: string;
  readonly local?: boolean;
  /** Whether the branch is checked out somewhere. */
  readonly checkedOut?: boolean;
  /** Whether it wants credentials. */
  readonly asks?: boolean;
  start?(folder: string): Promise<void>;
  place(folder: string, template: string): Place;
  stop?(): void;
}

const IDENTITY = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
};
const ENVIRONMENT = { ...process.env, ...IDENTITY, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };

export function runGit(folder: string, args: readonly string[], input = ''): string {
  return execFileSync('git', ['-C', folder, ...args], {
    encoding: 'utf8',
    input,
    env: ENVIRONMENT,
    stdio: ['pipe', 'pipe', 'pipe'],
  }).trimEnd();
}

/** As `runGit`, for commands that may fail. */
export function tryGit(folder: string, ...args: string[]): SpawnSyncReturns<string> {
  return spawnSync('git', ['-C', folder, ...args], { encoding: 'utf8', env: ENVIRONMENT });
}

function bare(folder: string, template: string): Place & { repository: string } {
  const repository = join(folder, 'repository.git');
  cpSync(template, repository, { recursive: true });
  const clock = { now: () => NOW_MS, sleep: async () => undefined };
  const options = { location: repository, branch: 'main', cacheDirectory: join(folder, 'cache'), clock };
  return { options, git: (...args) => runGit(repository, args), workTree: undefined, repository };
}

function checkedOut(folder: string, template: string, branch: string): Place {
  const { repository, options } = bare(folder, template);
  const workTree = join(folder, 'tree');
  mkdirSync(workTree);
  cpSync(repository, join(workTree, '.git'), { recursive: true });
  runGit(workTree, ['config', 'core.bare', 'false']);
  if (branch !== 'main') runGit(workTree, ['branch', branch, 'main']);
  runGit(workTree, ['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  runGit(workTree, ['reset', '--quiet', '--hard']);
  return {
    options: { ...options, location: workTree },
    git: (...args) => runGit(workTree, args),
    workTree: branch === 'main' ? workTree : undefined,
  };
}

function linked(folder: string, template: string): Place {
  const { repository, options } = bare(folder, template);
  const workTree = join(folder, 'linked');
  runGit(repository, ['worktree', 'add', '--quiet', workTree, 'main']);
  return { options: { ...options, location: workTree }, git: (...args) => runGit(repository, args), workTree };
}

function overFile(folder: string, template: string): Place {
  const { repository, ...place } = bare(folder, template);
  return { ...place, options: { ...place.options, location: `file://${repository}` } };
}

function overHttp(): Kind {
  let root = '';
  const server = createServer((request, response) => answer(root, request, response));
  return {
    name: 'http',
    asks: true,
    start(folder) {
      root = folder;
      return listen(server);
    },
    place(folder, template) {
      const { repository, ...place } = bare(folder, template);
      mkdirSync(join(folder, 'secrets/origin'), { recursive: true });
      writeFileSync(join(folder, 'secrets/origin/token'), `${TOKEN}\n`);
      const location = `http://127.0.0.1:${(server.address() as AddressInfo).port}${repository.slice(root.length)}`;
      return { ...place, options: { ...place.options, location, secrets: directorySecrets(join(folder, 'secrets')), secret: 'origin' } };
    },
    stop: () => server.close(),
  };
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
}

/** `git http-backend` by CGI, for whoever has the token. */
function answer(root: string, request: IncomingMessage, response: ServerResponse): void {
  const expected = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
  if (request.headers.authorization !== expected) {
    response.writeHead(401, { 'www-authenticate': 'Basic' }).end('who are you');
    return;
  }
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const env = {
    ...ENVIRONMENT,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: path,
    QUERY_STRING: query,
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
    GIT_PROTOCOL: request.headers['git-protocol'] as string | undefined,
    REMOTE_USER: 'us',
  };
  const backend = spawn('git', ['http-backend'], { env });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => {
    const output = Buffer.concat(chunks);
    const end = output.indexOf('\r\n\r\n');
    const headers = output
      .subarray(0, end)
      .toString()
      .split('\r\n')
      .map((line) => line.split(': ', 2) as [string, string]);
    const status = Number.parseInt(headers.find(([name]) => name === 'Status')?.[1] ?? '200', 10);
    response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== 'Status'))).end(output.subarray(end + 4));
  });
}

function overSsh(): Kind {
  let daemon: ReturnType<typeof spawn> | undefined;
  let port = 0;
  let keys = '';
  return {
    name: 'ssh',
    asks: true,
    async start(folder) {
      keys = join(folder, "keys of 'ours'");
      mkdirSync(keys);
      for (const key of ['host', 'client']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(keys, key)]);
      cpSync(join(keys, 'client.pub'), join(folder, 'authorized_keys'));
      port = await freePort();
      daemon = await startSshd(folder, join(keys, 'host'), port);
    },
    place(folder, template) {
      const { repository, ...place } = bare(folder, template);
      const secrets = join(folder, "the 'secrets'");
      mkdirSync(join(secrets, 'origin'), { recursive: true });
      cpSync(join(keys, 'client'), join(secrets, 'origin/ssh-key'));
      chmodSync(join(secrets, 'origin/ssh-key'), 0o600);
      writeFileSync(join(secrets, 'origin/known_hosts'), `[127.0.0.1]:${port} ${readFileSync(join(keys, 'host.pub'), 'utf8')}`);
      const location = `ssh://${userInfo().username}@127.0.0.1:${port}${repository}`;
      return { ...place, options: { ...place.options, location, secrets: directorySecrets(secrets), secret: 'origin' } };
    },
    stop: () => daemon?.kill(),
  };
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startSshd(folder: string, hostKey: string, port: number): Promise<ReturnType<typeof spawn>> {
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
  const settings = {
    ListenAddress: '127.0.0.1',
    Port: String(port),
    HostKey: `"${hostKey}"`,
    AuthorizedKeysFile: join(folder, 'authorized_keys'),
    StrictModes: 'no',
    UsePAM: 'no',
    PidFile: 'none',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
  };
  const file = join(folder, 'sshd_config');
  writeFileSync(
    file,
    Object.entries(settings)
      .map(([key, value]) => `${key} ${value}\n`)
      .join(''),
  );
  const daemon = spawn(SSHD ?? 'sshd', ['-D', '-e', '-f', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    daemon.stderr.on('data', (chunk: Buffer) => {
      said += chunk;
      if (said.includes('Server listening')) resolve();
    });
    daemon.on('exit', () => reject(new Error(`sshd ended: ${said}`)));
  });
  return daemon;
}

export const KINDS: readonly Kind[] = [
  { name: 'a bare repository', local: true, place: bare },
  { name: 'a work tree on the branch', local: true, checkedOut: true, place: (folder, template) => checkedOut(folder, template, 'main') },
  { name: 'a work tree on another branch', local: true, place: (folder, template) => checkedOut(folder, template, 'other') },
  { name: 'a linked work tree of a bare repository', local: true, checkedOut: true, place: linked },
  { name: 'a file:// URL', place: overFile },
  overHttp(),
  overSsh(),
];

/** A bare repository with a merge, odd names, a link, a submodule, an executable and a file that is too large; the folder it is in. */
export function makeTemplate(): { readonly folder: string; readonly template: string } {
  const folder = mkdtempSync(join(tmpdir(), 'rotterdam-repository-'));
  const template = join(folder, 'template.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', '--template=', template], { env: ENVIRONMENT });
  runGit(template, ['fast-import', '--quiet'], templateStream());
  return { folder, template };
}

export const NAMES = [
  'a b.yaml',
  'quote"back\\slash.yaml',
  'tab\tline\nfeed.yaml',
  'wörld.yaml',
  '-dash.yaml',
  '\u{1f6a2}.yaml',
  '*[x].yaml',
];

function templateStream(): string {
  const file = (path: string, content: string, mode = '100644') =>
    `M ${mode} inline "${path.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"\ndata ${Buffer.byteLength(content)}\n${content}\n`;
  const commit = (branch: string, message: string, seconds: number, ...rest: string[]) =>
    `commit refs/heads/${branch}\nmark :${seconds}\ncommitter Ada <ada@example.org> ${seconds} +0100\ndata ${Buffer.byteLength(message)}\n${message}\n${rest.join('')}\n`;
  return [
    commit('main', 'Begin\n', 1000, file('README.md', 'read me\n'), file('environments/city/tasks/redis.yaml', 'replicas: 1\n', '100755')),
    commit('main', 'Read me\n', 1001, file('README.md', 'read me again\n')),
    commit(
      'side',
      '\n\n  Ship ü\n\nbody\n\nTrailer: {"a":"b"}\n\n',
      1002,
      'from :1000\n',
      file('environments/city/tasks/ship.yaml', 'kind: Task\n'),
    ),
    commit('main', 'Merge', 1003, 'from :1001\nmerge :1002\n', file('environments/city/tasks/ship.yaml', 'kind: Task\n')),
    commit(
      'main',
      'Odd things\n',
      1004,
      ...NAMES.map((name) => file(`environments/odd/${name}`, `name: ${name}\n`)),
      file('environments/odd/link.yaml', '../../README.md', '120000'),
      `M 160000 ${'1'.repeat(40)} environments/odd/module\n`,
      file('environments/odd/large.yaml', ' '.repeat(MAX_FILE_BYTES + 1)),
      file('environments/odd/empty.yaml', ''),
      'D environments/city/tasks/ship.yaml\n',
    ),
  ].join('');
}

export function removeTemplate(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
