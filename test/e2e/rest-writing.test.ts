import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { bareRepository } from '../support/bare-repository.ts';
import { run } from '../support/parts.ts';
import { EDGE } from '../support/rest.ts';
import { startWatchProcess } from '../support/watch.ts';

const BODY = JSON.stringify({ name: 'web', containers: [{ image: 'nginx' }] });

/** Says that the branch has moved, and keeps who pushed waiting until it is told to go on. */
const POST_RECEIVE = `#!/bin/sh
touch "$GIT_DIR/pushed"
for _ in $(seq 200); do [ -e "$GIT_DIR/go" ] && exit 0; sleep 0.1; done
`;

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it('A POST whose controller is killed after the commit and before the answer is answered by the next one, and made once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rotterdam-killed-'));
  undo.push(() => rmSync(folder, { recursive: true }));
  const origin = bareRepository(folder, { 'infrastructures/edge.yaml': EDGE });
  writeFileSync(join(origin, 'hooks/post-receive'), POST_RECEIVE, { mode: 0o755 });
  const start = async () => {
    const watch = await startWatchProcess(['--environment', 'city', '--repository', `file://${origin}`, '--state', join(folder, 'state')], {
      cwd: folder,
    });
    undo.push(() => watch.kill('SIGKILL'));
    await watch.until('revision');
    return watch;
  };
  const post = (url: string) =>
    fetch(`${url}/api/v1/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body: BODY,
    });
  const first = await start();
  const answer = post(first.url).then(
    () => 'answered',
    () => 'cut off',
  );
  await expect.poll(() => existsSync(join(origin, 'pushed')), { timeout: 20_000 }).toBe(true);
  await first.kill('SIGKILL');
  expect(await answer).toBe('cut off');
  writeFileSync(join(origin, 'go'), '');
  const made = run('git', ['-C', origin, 'rev-parse', 'main']).trim();
  const second = await start();
  for (let times = 0; times < 2; times += 1) {
    const reply = await post(second.url);
    expect(await reply.json()).toMatchObject({ resp: 'ok', id: 'web', revision: made });
  }
  expect(run('git', ['-C', origin, 'log', '--format=%s', 'main']).trim().split('\n')).toEqual(['Create task web', 'Begin']);
});
