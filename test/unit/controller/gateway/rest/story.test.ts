import { afterEach, describe, expect, it } from 'vitest';
import { commitUrl } from '../../../../../controller/gateway/rest/commit-url.ts';
import { printDecision } from '../../../../../controller/sla/trailer.ts';
import { memoryRepository } from '../../../../support/memory-repository.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';

let world: RestWorld | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

const task = (replicas: number) =>
  `apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: web-shop}\nspec: {replicas: ${replicas}, qos: [fast], containers: [{image: web}]}\n`;
const QOS =
  'apiVersion: rotterdam.dev/v1alpha1\nkind: QosTemplate\nmetadata: {name: fast}\nspec: {type: app, action: scale_out, scaleFactor: 1.5, guarantees: [{name: misses, constraint: misses < 1}]}\n';
const files = (replicas: number) => ({ 'infrastructures/edge.yaml': EDGE, 'qos/fast.yaml': QOS, 'tasks/web.yaml': task(replicas) });
const DECISION = {
  id: 'd1',
  environment: 'city',
  task: 'web_shop',
  agreement: 'web_shop_fast',
  guarantee: 'misses',
  from: 4,
  to: 6,
  evidence: { value: 2, limit: 1, at: '2026-01-01T00:00:00.000Z', source: 'push', consumed: { misses_web_shop: 2 } },
  reason: 'misses 2 is not < 1',
};

/** Somebody set 4 replicas, then a decision made them 6. */
async function shop() {
  const repository = memoryRepository();
  repository.add(files(2));
  const human = repository.add(files(4), {
    message: 'Scale the shop\n\nIt is Friday.',
    author: { name: 'Ada', email: 'ada@city.example' },
  });
  const decided = repository.add(files(6), { message: `Scale web-shop\n\n${printDecision(DECISION)}\n` });
  world = await restWorld({}, repository);
  return { call: world.call, human, decided };
}

describe('A story by REST', () => {
  it('tells what was decided last, of all tasks or of one', async () => {
    const { call, decided } = await shop();
    const { json } = await call('GET', '/decisions');
    expect(json.decisions).toMatchObject([
      {
        task: 'web_shop',
        from: 4,
        to: 6,
        commit: { id: decided },
        decision: { agreement: 'web_shop_fast', evidence: { value: 2, limit: 1 } },
      },
    ]);
    for (const name of ['web-shop', 'web_shop']) expect((await call('GET', `/decisions?task=${name}`)).json.decisions).toHaveLength(1);
    expect((await call('GET', '/decisions?task=other')).json.decisions).toEqual([]);
    expect((await call('GET', '/decisions?limit=0')).json.decisions).toEqual([]);
    expect((await call('GET', '/decisions?limit=some')).status).toBe(400);
  });

  it('tells of each change of a task who made it and why, the newest first', async () => {
    const { call, human, decided } = await shop();
    const { story } = (await call('GET', '/tasks/web-shop/story')).json;
    expect(story).toMatchObject({ task: 'web-shop', environment: 'city', replicas: 6, declaredAt: 'environments/city/tasks/web.yaml:1:1' });
    expect(story.rollout).toEqual([{ infrastructure: 'edge', health: expect.stringMatching(/^missing: ./) }]);
    expect(story.actions).toMatchObject([
      {
        from: 4,
        to: 6,
        commit: { id: decided },
        decision: { reason: DECISION.reason, queries: [expect.stringContaining('misses_web_shop')] },
      },
      { from: 2, to: 4, commit: { id: human, author: 'Ada <ada@city.example>', subject: 'Scale the shop' } },
    ]);
    expect(story.actions[1].decision).toBeUndefined();
    expect((await call('GET', '/tasks/other/story')).status).toBe(404);
  });

  it('shows a commit with its message and what it changed', async () => {
    const { call, human } = await shop();
    const { commit } = (await call('GET', `/commits/${human}`)).json;
    expect(commit).toMatchObject({
      id: human,
      author: 'Ada <ada@city.example>',
      subject: 'Scale the shop',
      message: 'Scale the shop\n\nIt is Friday.',
    });
    expect(commit.files).toMatchObject([{ path: 'environments/city/tasks/web.yaml' }]);
    const marked = (mark: string) =>
      commit.files[0].lines.filter((line: { mark: string }) => line.mark === mark).map(({ text }: { text: string }) => text);
    expect([marked('-'), marked('+')].flat()).toEqual([expect.stringContaining('replicas: 2'), expect.stringContaining('replicas: 4')]);
  });

  it.each(['0123456', 'main', '..%2f..', '-v', 'f'.repeat(64)])('knows no commit %s', async (id) => {
    const { call } = await shop();
    expect((await call('GET', `/commits/${id}`)).status).toBe(404);
  });

  it('keeps back what files hold that may be secret', async () => {
    const repository = memoryRepository();
    repository.add({ 'infrastructures/edge.yaml': EDGE });
    const secret = repository.add({ 'infrastructures/edge.yaml': EDGE, 'manifests/s.yaml': 'kind: Secret\nstringData: {word: xyzzy}\n' });
    world = await restWorld({}, repository);
    const { commit } = (await world.call('GET', `/commits/${secret}`)).json;
    expect(commit.files).toEqual([{ path: 'environments/city/manifests/s.yaml' }]);
  });
});

describe('commitUrl', () => {
  it.each([
    ['https://github.com/city/ops.git', 'https://github.com/city/ops/commit/abc'],
    ['https://git.city.example:3000/group/sub/ops', 'https://git.city.example/group/sub/ops/commit/abc'],
    ['git@github.com:city/ops.git', 'https://github.com/city/ops/commit/abc'],
    ['ssh://git@gitlab.city.example:2222/city/ops.git', 'https://gitlab.city.example/city/ops/-/commit/abc'],
    ['https://bitbucket.org/city/ops', 'https://bitbucket.org/city/ops/commits/abc'],
    ['git@github.com:city/<img src=x>.git', 'https://github.com/city/%3Cimg%20src%3Dx%3E/commit/abc'],
    ['.', undefined],
    ['file:///srv/ops.git', undefined],
    ['http://127.0.0.1:8080/ops', undefined],
    ['javascript://x/%0aalert(1)', undefined],
  ])('%s', (location, expected) => {
    expect(commitUrl(location, 'abc')).toBe(expected);
  });
});
