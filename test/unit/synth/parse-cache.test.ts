import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../../synth/load.ts';
import { ParseCache } from '../../../synth/parse-cache.ts';
import type { SourceFile } from '../../../synth/source.ts';
import { issuesOf, synthesize } from '../../../synth/synthesize.ts';
import { cityFiles } from '../../support/source-files.ts';

function native(kind: string, name: string, spec: object = {}, annotations: object = {}): object {
  return { apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name, annotations }, spec };
}

function task(name: string, spec: object = {}, annotations: object = {}): object {
  return native('Task', name, { containers: [{ image: 'x' }], ...spec }, annotations);
}

const EDGE = native('Infrastructure', 'edge', { type: 'kubernetes' });
const QOS = { type: 'app', guarantees: [{ name: 'load', constraint: 'load < 5' }], action: 'scale_out' };
const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } };

/** What may stand in a file: documents that are valid, alone or beside others, and such that never are. */
const CONTENTS: Readonly<Record<string, readonly (string | object)[]>> = {
  'defaults.yaml': [
    native('Defaults', 'defaults', { dock: 'red', maxReplicas: 3 }),
    native('Defaults', 'defaults', { minReplicas: 9, maxReplicas: 3 }),
  ],
  'infrastructures/edge.json': [EDGE, native('Infrastructure', 'edge', { type: 'kubernetes', default: true, defaultDock: 'class' }), '{'],
  'infrastructures/far.json': [
    native('Infrastructure', 'far', { type: 'openshift', default: true }),
    native('Infrastructure', 'far', { type: 'k' }),
  ],
  'docks/red.json': [
    native('Dock', 'red', { infrastructures: ['far'] }),
    native('Dock', 'red'),
    native('Dock', 'red', { infrastructures: ['nowhere'] }),
  ],
  'qos/load.json': [native('QosTemplate', 'load', QOS), native('QosTemplate', 'load', { ...QOS, maxReplicas: 2, minReplicas: 3 }), '[1,]'],
  'tasks/a.json': [
    task('a'),
    task('a', { replicas: 4 }),
    task('a', { dock: 'red', infrastructure: 'far' }),
    task('A', { qos: ['load'] }),
    'a: [',
  ],
  'tasks/b.json': [
    task('b'),
    task('a'),
    task('b', { qos: ['load', 'none'] }),
    task('b', { infrastructures: ['edge', 'far'] }),
    { name: 'b', image: 'x' },
  ],
  'tasks/c.json': [task('c', {}, { 'rotterdam.dev/after': 'a' }), task('c', { dock: 'red' }), task('c', { replicas: -1 })],
  'sla/a.json': [
    native('Agreement', 'a-load', { task: 'a', template: 'load', expiration: '2030-01-01T00:00:00Z' }),
    native('Agreement', 'x', { task: 'none', template: 'load' }),
  ],
  'manifests/x.yaml': [CONFIG_MAP, { ...CONFIG_MAP, metadata: { name: 'x', namespace: 'Red' } }, { ...CONFIG_MAP, kind: 'Namespace' }],
  'more/x.yaml': ['a: 1'],
};

type Files = Readonly<Record<string, string | object>>;

const edit = fc
  .constantFrom(...Object.keys(CONTENTS))
  .chain((path) => fc.record({ path: fc.constant(path), content: fc.constantFrom(undefined, ...(CONTENTS[path] ?? [])) }));
/** Each makes a revision of the one before. */
const revisions = fc.array(fc.array(edit, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 6 }).map((all) => {
  let now: Files = { 'infrastructures/edge.json': EDGE };
  return all.map((edits) => {
    const written = edits.map(({ path, content }) => [path, content] as const);
    now = Object.fromEntries(
      Object.entries({ ...now, ...Object.fromEntries(written) }).filter(([, content]) => content !== undefined),
    ) as Files;
    return now;
  });
});

describe('ParseCache', () => {
  it('changes nothing of what is loaded, checked and synthesized, whatever was loaded before', () => {
    let invalid = 0;
    const whole = (files: Files, cache?: ParseCache) => {
      const environment = loadEnvironment('city', cityFiles(files), cache);
      return { environment, issues: issuesOf(environment), manifests: synthesize(environment) };
    };
    fc.assert(
      fc.property(revisions, (all) => {
        const cache = new ParseCache();
        for (const files of all) {
          const fresh = whole(files);
          expect(whole(files, cache)).toEqual(fresh);
          if (fresh.issues.length > 0) invalid += 1;
        }
      }),
      { numRuns: 40 },
    );
    expect(invalid).toBeGreaterThan(0);
  }, 30_000);

  it('gives the same environment for the same files, until the next load', () => {
    const cache = new ParseCache();
    const files = cityFiles({ 'infrastructures/edge.json': EDGE, 'tasks/a.json': task('a'), 'tasks/broken.yaml': 'a: [' });
    const first = loadEnvironment('city', files, cache);
    expect(loadEnvironment('city', [...files].reverse(), cache)).toBe(first);
    loadEnvironment('city', files.slice(1), cache);
    expect(loadEnvironment('city', files, cache)).not.toBe(first);
  });

  it('reads a file again only when its bytes, its kind or its path are others', () => {
    const cache = new ParseCache();
    const edge = cityFiles({ 'infrastructures/edge.json': EDGE });
    const [file = expect.fail('no file')] = cityFiles({ 'tasks/a.json': task('a') });
    const specs = (files: readonly SourceFile[]) =>
      [...loadEnvironment('city', [...edge, ...files], cache).tasks.values()].map(({ spec }) => spec);
    const [spec] = specs([file]);
    expect(specs([file, ...cityFiles({ 'tasks/b.json': task('b') })])[0]).toBe(spec);
    const [moved] = specs([{ ...file, path: 'environments/city/tasks/c.json' }]);
    expect(moved).toEqual(spec);
    expect(moved).not.toBe(spec);
    expect(specs([{ ...file, kind: 'symlink' }])).toEqual([]);
    expect(specs(cityFiles({ 'tasks/a.json': task('a', { replicas: 7 }) }))[0]?.replicas).toBe(7);
  });
});
