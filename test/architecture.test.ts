import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Who may import whom; the longest matching prefix of a file is its room. A room may always import itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'constructs/spec/': [],
  'constructs/': ['constructs/spec/'],
  'synth/': ['constructs/'],
  'synth/main': ['constructs/', 'synth/', 'controller/adapters/files'],
  'controller/ports': ['synth/'],
  'controller/errors': [],
  'controller/field-sets': [],
  'controller/table': [],
  'controller/series': ['controller/ports'],
  'controller/queue': ['controller/errors', 'controller/ports'],
  'controller/sources': ['synth/', 'controller/adapters/', 'controller/ports'],
  'controller/slots': ['controller/ports'],
  'controller/connection': ['synth/', 'controller/errors', 'controller/ports'],
  'controller/status': ['constructs/', 'synth/', 'controller/errors', 'controller/ports'],
  'controller/sync/': [
    'constructs/spec/',
    'constructs/exposure',
    'constructs/labels',
    'constructs/quantity',
    'constructs/worker-services',
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/field-sets',
    'controller/table',
  ],
  'controller/sla/': ['constructs/spec/', 'constructs/labels', 'synth/', 'controller/ports', 'controller/errors', 'controller/series'],
  'controller/adaptation/': [
    'constructs/spec/',
    'constructs/labels',
    'constructs/quantity',
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/sla/',
  ],
  'controller/simulation/': [
    'constructs/spec/',
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/sla/',
    'controller/adaptation/',
  ],
  'controller/infrastructure/': ['constructs/spec/', 'constructs/labels', 'synth/', 'controller/ports', 'controller/errors'],
  'controller/gateway/': [
    'constructs/labels',
    'constructs/spec/',
    'synth/',
    'controller/changes/',
    'controller/feed',
    'controller/ports',
    'controller/status',
    'controller/story/',
    'controller/errors',
  ],
  'controller/gateway/page/': [],
  'controller/sandbox/': ['controller/ports', 'controller/errors', 'controller/field-sets'],
  'controller/adapters/': ['constructs/spec/', 'synth/', 'controller/ports', 'controller/errors', 'controller/series'],
  'controller/client/': [],
  'controller/config': ['controller/errors'],
  'controller/serve': [
    'controller/adapters/',
    'controller/config',
    'controller/controller',
    'controller/errors',
    'controller/gateway/',
    'controller/ports',
  ],
  'controller/main': ['constructs/', 'synth/', 'controller/'],
  'controller/cli/': ['constructs/', 'synth/', 'controller/'],
  'controller/removals': ['synth/', 'controller/ports'],
  'controller/feed': ['controller/ports'],
  'controller/changes/': ['constructs/spec/', 'synth/', 'controller/ports', 'controller/errors'],
  'controller/desired': [
    'controller/changes/',
    'constructs/spec/',
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/removals',
    'controller/sla/',
  ],
  'controller/wanted': [
    'constructs/labels',
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/desired',
    'controller/sla/',
    'controller/sync/',
  ],
  'controller/sync-failure': ['synth/', 'controller/errors', 'controller/sync/', 'controller/wanted'],
  'controller/rollout-order': ['synth/', 'controller/sync/', 'controller/wanted'],
  'controller/link': ['synth/', 'controller/connection', 'controller/ports', 'controller/errors', 'controller/sync/'],
  'controller/worker-addresses': ['constructs/', 'synth/', 'controller/status'],
  'controller/directory': [
    'constructs/labels',
    'synth/',
    'controller/errors',
    'controller/ports',
    'controller/queue',
    'controller/status',
    'controller/worker-addresses',
  ],
  'controller/worker': [
    'constructs/exposure',
    'controller/directory',
    'controller/task-objects',
    'synth/',
    'controller/link',
    'controller/rollout-order',
    'controller/sync-failure',
    'controller/ports',
    'controller/errors',
    'controller/queue',
    'controller/status',
    'controller/wanted',
    'controller/sync/',
  ],
  'controller/fleet': [
    'synth/',
    'controller/connection',
    'controller/desired',
    'controller/errors',
    'controller/ports',
    'controller/status',
    'controller/wanted',
    'controller/worker',
  ],
  'controller/task-objects': ['constructs/', 'synth/', 'controller/sync/'],
  'controller/task-status': ['constructs/', 'synth/', 'controller/status', 'controller/worker'],
  'controller/outbox': ['controller/ports', 'controller/errors', 'controller/queue'],
  'controller/notices': ['constructs/spec/', 'synth/', 'controller/ports', 'controller/outbox', 'controller/sla/'],
  'controller/reports': ['constructs/spec/', 'synth/', 'controller/ports', 'controller/errors', 'controller/sla/'],
  'controller/promises': [
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/queue',
    'controller/status',
    'controller/desired',
    'controller/worker',
    'controller/sla/',
    'controller/adaptation/',
  ],
  'controller/story/': [
    'constructs/spec/',
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/status',
    'controller/worker',
    'controller/sla/',
    'controller/adaptation/',
    'controller/sync/show/',
  ],
  'controller/agreement-views': ['synth/', 'controller/status', 'controller/sla/'],
  'controller/view': ['synth/', 'controller/agreement-views', 'controller/desired', 'controller/status', 'controller/story/'],
  'controller/function-status': ['controller/status'],
  'controller/tip': ['controller/desired', 'controller/adaptation/'],
  'controller/in-time': ['controller/ports'],
  'controller/branch': [
    'controller/changes/',
    'controller/ports',
    'controller/errors',
    'controller/queue',
    'controller/desired',
    'controller/in-time',
  ],
  'controller/clerk': [
    'controller/branch',
    'controller/changes/',
    'controller/desired',
    'controller/errors',
    'controller/function-status',
    'controller/story/',
    'controller/sla/',
    'controller/view',
    'controller/status',
    'controller/task-status',
    'synth/',
  ],
  'controller/controller': [
    'controller/branch',
    'controller/in-time',
    'controller/function-status',
    'controller/tip',
    'controller/story/',
    'controller/view',
    'controller/changes/',
    'controller/promises',
    'controller/notices',
    'controller/fleet',
    'controller/task-status',
    'constructs/',
    'synth/',
    'controller/ports',
    'controller/errors',
    'controller/queue',
    'controller/status',
    'controller/desired',
    'controller/sla/',
    'controller/adaptation/',
  ],
};

/** Effects are for adapters, the sandbox, configuration, the command line and main; the page is another program, in a browser. */
const MAY_HAVE_EFFECTS = [
  /^controller\/gateway\/page\//,
  /^controller\/adapters\//,
  /^controller\/sandbox\//,
  /^controller\/cli\//,
  /^controller\/config\.ts$/,
  /main\.ts$/,
];
const EFFECT =
  /\bDate\.now\(|new Date\(\)|\bMath\.random\(|\bprocess\.(env|stdout|stderr|exit)\b|\bset(Timeout|Interval|Immediate)\(|from 'node:(fs|fs\/promises|net|tls|http|https|http2|dgram|child_process|worker_threads|timers\/promises)'/;

interface SourceText {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources: readonly SourceText[] = ['constructs', 'synth', 'controller'].flatMap(listFiles).map(readSource);

function listFiles(directory: string): string[] {
  return readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|js)$/.test(name))
    .map((name) => posix.join(directory, name.replaceAll('\\', '/')));
}

function readSource(path: string): SourceText {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, specifier = '']) => specifier);
  return { path, text, imports: specifiers.map((specifier) => normalize(join(posix.dirname(path), specifier)).replaceAll('\\', '/')) };
}

function roomOf(path: string): string {
  const rooms = Object.keys(ROOMS).filter((room) => path.startsWith(room));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? '';
}

describe('architecture', () => {
  it('knows the room of every file', () => {
    expect(sources.filter(({ path }) => roomOf(path) === '').map(({ path }) => path)).toEqual([]);
  });

  it('lets a room import only what the design allows', () => {
    const trespasses = sources.flatMap(({ path, imports }) => {
      const room = roomOf(path);
      const allowed = [room, ...(ROOMS[room] ?? [])];
      return imports.filter((target) => !allowed.some((prefix) => target.startsWith(prefix))).map((target) => `${path} → ${target}`);
    });
    expect(trespasses).toEqual([]);
  });

  it('has no cycle among files', () => {
    expect(findCycle(new Map(sources.map(({ path, imports }) => [path, imports])))).toBeUndefined();
  });

  it('keeps effects in adapters, sandbox, config, cli and main', () => {
    const effects = sources
      .filter(({ path }) => !MAY_HAVE_EFFECTS.some((pattern) => pattern.test(path)))
      .flatMap(({ path, text }) =>
        text
          .split('\n')
          .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
          .filter(({ line }) => EFFECT.test(line))
          .map(({ line, place }) => `${place} ${line.trim()}`),
      );
    expect(effects).toEqual([]);
  });

  it('has nobody import the command line or main', () => {
    const importers = sources.filter(
      ({ path, imports }) =>
        !path.startsWith('controller/cli/') &&
        imports.some((target) => target.startsWith('controller/cli/') || target === 'controller/main.ts'),
    );
    expect(importers.map(({ path }) => path)).toEqual([]);
  });

  it('would notice a trespass', () => {
    expect(roomOf('controller/sync/plan.ts')).toBe('controller/sync/');
    expect(ROOMS['controller/sync/']?.some((prefix) => 'controller/sla/judge.ts'.startsWith(prefix))).toBe(false);
    expect(EFFECT.test('const t = Date.now();')).toBe(true);
  });
});

function findCycle(graph: ReadonlyMap<string, readonly string[]>): string | undefined {
  const done = new Set<string>();
  const walk = (node: string, trail: readonly string[]): string | undefined => {
    if (trail.includes(node)) return [...trail.slice(trail.indexOf(node)), node].join(' → ');
    if (done.has(node)) return undefined;
    for (const next of graph.get(node) ?? []) {
      const cycle = walk(next, [...trail, node]);
      if (cycle) return cycle;
    }
    done.add(node);
    return undefined;
  };
  for (const node of graph.keys()) {
    const cycle = walk(node, []);
    if (cycle) return cycle;
  }
  return undefined;
}
