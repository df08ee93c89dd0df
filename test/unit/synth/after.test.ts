import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { synthesize } from '../../../synth/synthesize.ts';
import { cityFiles } from '../../support/source-files.ts';

const infrastructure = (name: string, more = '') =>
  `apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: { name: ${name} }\nspec: { type: kubernetes${more} }\n`;
const task = (name: string, after?: string, more = '') => `apiVersion: rotterdam.dev/v1alpha1
kind: Task
metadata:
  name: ${name}
${after === undefined ? '' : `  annotations: { rotterdam.dev/after: "${after}" }\n`}spec: { containers: [{ image: x }]${more} }
`;
const job = (name: string, labels: string, after?: string) => `apiVersion: batch/v1
kind: Job
metadata: { name: ${name}, labels: { ${labels} }, annotations: { rotterdam.dev/after: "${after ?? ''}" } }
`;

const load = (files: Readonly<Record<string, string>>) =>
  loadEnvironment(
    'city',
    cityFiles({
      'infrastructures/modena.yaml': infrastructure('modena', ', default: true'),
      'infrastructures/edge.yaml': infrastructure('edge'),
      ...files,
    }),
  );
const errors = (files: Readonly<Record<string, string>>) =>
  load(files).issues.map((issue) => `${issue.code} ${printIssue(issue).replace('environments/city/', '')}`);

describe('checkAfter', () => {
  it.each<[reason: string, files: Record<string, string>, issues: string[]]>([
    ['a task that is there', { 'tasks/a.yaml': task('a'), 'tasks/b.yaml': task('b', 'a') }, []],
    ['a name in the original spelling', { 'tasks/a.yaml': task('a-1'), 'tasks/b.yaml': task('b', 'A_1') }, []],
    [
      'an object labelled as a task',
      { 'manifests/j.yaml': job('j', 'rotterdam.dev/task: migrate'), 'tasks/b.yaml': task('b', 'migrate') },
      [],
    ],
    [
      'a task that nobody declares',
      { 'tasks/a.yaml': task('database'), 'tasks/b.yaml': task('b', 'databse') },
      ["unknown-task tasks/b.yaml:5:39 Cannot let task 'b' wait for task 'databse' as no task has this name: did you mean 'database'?"],
    ],
    [
      'a task on another infrastructure',
      { 'tasks/a.yaml': task('a', undefined, ', infrastructure: edge'), 'tasks/b.yaml': task('b', 'a') },
      ["task-elsewhere tasks/b.yaml:5:39 Cannot let task 'b' on modena wait for task 'a' as that is on edge"],
    ],
    [
      'a raw object that goes where the task is not',
      { 'tasks/a.yaml': task('a'), 'manifests/j.yaml': job('j', '', 'a') },
      ["task-elsewhere manifests/j.yaml:3:72 Cannot let Job j on edge wait for task 'a' as that is on modena"],
    ],
    [
      'raw objects that wait for each other',
      {
        'tasks/a.yaml': task('a'),
        'manifests/i.yaml': job('i', 'rotterdam.dev/task: seed', 'migrate'),
        'manifests/j.yaml': job('j', 'rotterdam.dev/task: migrate', 'seed'),
      },
      ["cyclic-after manifests/j.yaml:3:99 Cannot order tasks that wait for each other: 'migrate' after 'seed' after 'migrate'"],
    ],
    [
      'itself',
      { 'tasks/a.yaml': task('a', 'a') },
      ["cyclic-after tasks/a.yaml:5:39 Cannot order tasks that wait for each other: 'a' after 'a'"],
    ],
    [
      'a way round, told once, and not of those who wait for it',
      { 'tasks/a.yaml': task('a', 'c'), 'tasks/b.yaml': task('b', 'a'), 'tasks/c.yaml': task('c', 'b'), 'tasks/d.yaml': task('d', 'c') },
      ["cyclic-after tasks/a.yaml:5:39 Cannot order tasks that wait for each other: 'a' after 'c' after 'b' after 'a'"],
    ],
    ['a task whose document cannot be read', { 'tasks/a.yaml': 'kind: [', 'tasks/b.yaml': task('b', 'a') }, ['syntax']],
  ])('%s', (_, files, expected) => {
    const found = errors(files);
    expect(found).toHaveLength(expected.length);
    for (const [at, issue] of expected.entries()) expect(found[at]).toContain(issue);
  });

  it('finds a way round exactly when there is one', () => {
    const graph = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 12 });
    fc.assert(
      fc.property(graph, (edges) => {
        const after = (at: number) => edges.filter(([from]) => from === at).map(([, to]) => `t${to}`);
        const files = Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`tasks/t${at}.yaml`, task(`t${at}`, after(at).join(','))]));
        const reaches = (from: number, to: number, seen = new Set<number>()): boolean =>
          edges.some(([a, b]) => a === from && (b === to || (!seen.has(b) && reaches(b, to, seen.add(b)))));
        const cyclic = edges.some(([from]) => reaches(from, from));
        expect(load(files).issues.some(({ code }) => code === 'cyclic-after')).toBe(cyclic);
      }),
      { numRuns: 50 },
    );
  });
});

it('the annotations of a task are those of all its objects', () => {
  const manifests = synthesize(load({ 'tasks/a.yaml': task('a'), 'tasks/b.yaml': task('b', 'a') })).get('modena') ?? [];
  const annotated = manifests.filter(({ metadata }) => metadata.annotations?.['rotterdam.dev/after'] === 'a');
  expect(annotated.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual(['ServiceAccount b', 'Deployment b']);
});
