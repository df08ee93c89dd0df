import { describe, expect, it } from 'vitest';
import { type Change, type Made, Refusal } from '../../../../controller/changes/change.ts';
import { changeMessage } from '../../../../controller/changes/message.ts';
import { documentsOf, planChanges, textOf } from '../../../../controller/changes/plan.ts';
import { foldRequests, ownKey } from '../../../../controller/changes/requests.ts';
import { cityFiles } from '../../../support/source-files.ts';

const ADA = { name: 'Ada', email: 'ada@city.example' };
const EDGE = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: edge}\nspec: {type: kubernetes, default: true}\n';
const task = (name: string) => ({ name, containers: [{ image: 'nginx' }] });

function documents(files: Readonly<Record<string, string>> = {}) {
  return documentsOf('city', cityFiles({ 'infrastructures/edge.yaml': EDGE, ...files }));
}

function change(made: Partial<Made> & { readonly path?: string; readonly content?: string | null }, more: Partial<Change> = {}): Change {
  const { path = 'tasks/web.json', content = JSON.stringify(task('web')), ...rest } = made;
  return {
    author: ADA,
    make: () => ({ subject: 'Create task web', name: 'web', edits: [{ path: `environments/city/${path}`, content }], ...rest }),
    ...more,
  };
}

describe('Changes are planned on the documents as they are', () => {
  it('each on what the one before made, each file once', () => {
    const appended: Change = {
      author: ADA,
      make: (now) => ({
        subject: 'Edit',
        name: 'web',
        edits: [{ path: 'environments/city/tasks/web.json', content: `${textOf(now, 'environments/city/tasks/web.json')}\n` }],
      }),
    };
    const plan = planChanges([change({}), appended, appended], documents());
    expect(plan.edits).toEqual([{ path: 'environments/city/tasks/web.json', content: `${JSON.stringify(task('web'))}\n\n` }]);
    expect(plan.made).toHaveLength(3);
  });

  it('one that is refused stops no other', () => {
    const refused = change(
      {},
      {
        make: () => {
          throw new Refusal('missing', 'No task x');
        },
      },
    );
    const plan = planChanges([refused, change({})], documents());
    expect(plan.refused).toMatchObject([{ change: refused, error: { kind: 'missing' } }]);
    expect(plan.made).toHaveLength(1);
  });

  it('one that would break the documents is refused, with every issue', () => {
    const plan = planChanges(
      [change({ content: '{"name": "web", "containers": []}' }), change({ path: 'tasks/b.json', content: JSON.stringify(task('b')) })],
      documents(),
    );
    expect(plan.refused).toMatchObject([{ error: { kind: 'invalid', issues: [{ file: 'environments/city/tasks/web.json' }] } }]);
    expect(plan.edits).toMatchObject([{ path: 'environments/city/tasks/b.json' }]);
  });

  it('nothing is added to documents that are not valid already, but what mends them is', () => {
    const broken = documents({ 'tasks/web.json': '{' });
    expect(planChanges([change({ path: 'tasks/b.json', content: JSON.stringify(task('b')) })], broken).refused).toMatchObject([
      { error: { kind: 'conflict' } },
    ]);
    expect(planChanges([change({})], broken).made).toHaveLength(1);
  });

  it('one that is urgent waits for nobody to mend them, and may add no fault', () => {
    const broken = documents({ 'tasks/web.json': '{' });
    const urgent = (name: string, content: string) => change({ path: `tasks/${name}.json`, content }, { isUrgent: true });
    expect(planChanges([urgent('b', JSON.stringify(task('b')))], broken)).toMatchObject({ made: [{}], refused: [] });
    expect(planChanges([urgent('b', '{')], broken).refused).toMatchObject([{ error: { kind: 'invalid' } }]);
  });

  it('one that changes nothing makes no edit', () => {
    const same = documents({ 'tasks/web.json': JSON.stringify(task('web')) });
    expect(planChanges([change({})], same)).toMatchObject({ edits: [], made: [{}] });
  });
});

describe('The commit of changes', () => {
  const planned = (changes: readonly Change[]) => planChanges(changes, documents()).made;
  const request = { key: 'k\nRotterdam-Decision: {}', hash: 'h' };

  it('says of one what it is, and carries its trailers', () => {
    expect(changeMessage('city', planned([change({ trailers: ['A: b'] }, { request })]))).toBe(
      'Create task web\n\nA: b\nRotterdam-Request: {"key":"k\\nRotterdam-Decision: {}","hash":"h","by":"Ada","environment":"city","name":"web"}\n',
    );
  });

  it('lists several, and names who else wrote', () => {
    const bob = change(
      { path: 'tasks/b.json', content: JSON.stringify(task('b')), subject: 'Create task b', name: 'b' },
      { author: { name: 'Bob', email: 'bob@city.example' } },
    );
    expect(changeMessage('city', planned([change({}), bob]))).toBe(
      'Change 2 documents\n\nCreate task web\nCreate task b\n\nCo-authored-by: Bob <bob@city.example>\n',
    );
  });

  it('makes its requests known again, in their environment only', () => {
    const message = changeMessage('city', planned([change({}, { request })]));
    const commit = { id: 'c1', parents: [], committedAtMs: 0, author: ADA, message, changes: [] };
    expect(foldRequests(new Map(), [commit], 'city').get(ownKey(ADA.name, request))).toMatchObject({
      name: 'web',
      hash: 'h',
      revision: 'c1',
    });
    expect(
      foldRequests(new Map(), [commit, { ...commit, message: 'Rotterdam-Request: {"key":1}\nRotterdam-Request: {' }], 'other').size,
    ).toBe(0);
  });
});
