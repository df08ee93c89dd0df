import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../controller/adapters/clock.ts';
import type { Repository } from '../../controller/ports.ts';
import { bareRepository, openBare } from '../support/bare-repository.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakeGit } from '../support/fake-git.ts';
import { have, run } from '../support/parts.ts';
import { EDGE, type RestWorld, restOf } from '../support/rest.ts';
import { startWriting } from '../support/writing.ts';

const TASK = { name: 'web', containers: [{ image: 'nginx' }] };
const REDIS = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: redis}\nspec:\n  replicas: 4\n  containers: [{image: x}]\n';
const KEY = { 'idempotency-key': 'k1' };

describe.skipIf(!have('git'))('Writing by REST to a remote', () => {
  let folder: string;
  let location: string;
  const undo: (() => unknown)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rotterdam-rest-'));
    location = bareRepository(folder, { 'infrastructures/edge.yaml': EDGE, 'tasks/redis.yaml': REDIS });
  });
  afterEach(async () => {
    for (const step of undo.splice(0).reverse()) await step();
    rmSync(folder, { recursive: true });
  });

  const origin = (...args: string[]) => run('git', ['-C', location, ...args]).trim();
  const subjects = () => origin('log', '--format=%s', '--reverse', 'main').split('\n');
  const start = async (clock = systemClock): Promise<RestWorld<Repository>> => {
    const world = restOf(await openBare(folder, `file://${location}`, { clock }), systemClock);
    undo.push(() => world.repository.close(), world.stop);
    await expect.poll(() => world.controller.view(), { timeout: 10_000 }).toBeDefined();
    return world;
  };

  it('that is away: 503 and when to ask again, reads go on, and the same request is carried out once when it is back', async () => {
    const { call } = await start();
    renameSync(location, `${location}.away`);
    expect(await call('POST', '/tasks', TASK, KEY)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      json: { resp: 'error', message: expect.stringContaining('Cannot push main') },
    });
    expect(await call('GET', '/tasks/redis')).toMatchObject({ status: 200, json: { resp: 'ok' } });
    renameSync(`${location}.away`, location);
    for (let times = 0; times < 2; times += 1)
      expect(await call('POST', '/tasks', TASK, KEY)).toMatchObject({ status: 200, json: { id: 'web' } });
    expect(subjects()).toEqual(['Begin', 'Create task web']);
  });

  it('whose answer to the push is lost: 503, and the same request finds what it made', async () => {
    const { call } = await start();
    const restore = fakeGit('push', '"$GIT" "$@" >/dev/null; echo "fatal: the remote end hung up unexpectedly" >&2; exit 128');
    undo.push(restore);
    expect(await call('POST', '/tasks', TASK, KEY)).toMatchObject({ status: 503 });
    restore();
    expect(await call('POST', '/tasks', TASK, KEY)).toMatchObject({ status: 200, json: { id: 'web' } });
    expect(subjects()).toEqual(['Begin', 'Create task web']);
  });

  it.each(['No space left on device', 'Read-only file system'])(
    'without room for a commit (%s): 503, and it is made once there is',
    async (why) => {
      const { call } = await start();
      const restore = fakeGit('fast-import', `echo "fatal: unable to create temporary file: ${why}" >&2; exit 128`);
      undo.push(restore);
      expect(await call('POST', '/tasks', TASK, KEY)).toMatchObject({ status: 503, json: { message: expect.stringContaining(why) } });
      expect(await call('GET', '/tasks')).toMatchObject({ status: 200 });
      restore();
      expect(await call('POST', '/tasks', TASK, KEY)).toMatchObject({ status: 200 });
    },
  );

  it('that is protected: 403 with its words, and nothing is left of it', async () => {
    const { call } = await start();
    const hook = join(location, 'hooks/pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho "changes of main need a review" >&2\nexit 1\n', { mode: 0o755 });
    expect(await call('POST', '/tasks', TASK)).toMatchObject({
      status: 403,
      json: { resp: 'error', message: expect.stringContaining('changes of main need a review') },
    });
    expect(await call('DELETE', '/tasks/redis')).toMatchObject({ status: 403 });
    expect((await call('GET', '/tasks')).json.tasks).toMatchObject([{ id: 'redis' }]);
    rmSync(hook);
    expect(await call('POST', '/tasks', TASK)).toMatchObject({ status: 200 });
    expect(subjects()).toEqual(['Begin', 'Create task web']);
  });

  it('by two controllers at once: each task once, whoever was first', async () => {
    // Within one second: the same change on the same parent is the same commit then.
    const both = [await start(fakeClock()), await start(fakeClock())];
    const answers = await Promise.all(Array.from({ length: 12 }, (_, n) => both[n % 2]?.call('POST', '/tasks', TASK)));
    expect(answers.map((answer) => answer?.status)).toEqual(answers.map(() => 200));
    const ids = answers.map((answer) => answer?.json.id).sort();
    expect(new Set(ids).size).toBe(12);
    expect(origin('ls-tree', '--name-only', 'main', 'environments/city/tasks/').split('\n')).toHaveLength(13);
    // A race that is lost is made again on the new tip: what one controller has waiting goes together.
    expect(subjects().length).toBeLessThanOrEqual(10);
  });

  it('beside a decision of another controller: both are there', async () => {
    const { call } = await start();
    const writing = await startWriting(folder, `file://${location}`);
    await writing.look();
    const [answer, outcome] = await Promise.all([call('POST', '/tasks', TASK), writing.write({ redis: 6 })]);
    expect([answer.status, outcome.kind]).toEqual([200, 'moved']);
    if (/^ {2}replicas: 4/m.test(origin('show', 'main:environments/city/tasks/redis.yaml'))) {
      await writing.clock.advance(60_000);
      await writing.tick({ redis: 6 });
    }
    expect(origin('show', 'main:environments/city/tasks/redis.yaml')).toContain('replicas: 6');
    expect(JSON.parse(origin('show', 'main:environments/city/tasks/web.json')).name).toBe('web');
    await writing.repository.close();
  });
});
