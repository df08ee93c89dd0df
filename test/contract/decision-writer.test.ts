import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DECISIONS_BRANCH } from '../../controller/ports.ts';
import { bareRepository } from '../support/bare-repository.ts';
import { fakeGit } from '../support/fake-git.ts';
import { have, run } from '../support/parts.ts';
import { createHuman, type Human, startWriting } from '../support/writing.ts';

const MODENA =
  'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: modena}\nspec: {type: kubernetes, defaultDock: class}\n';
const task = (name: string, replicas = 4) =>
  `apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: ${name}}\nspec:\n  replicas: ${replicas} # workers\n  containers: [{image: x}]\n`;
const FILES = { 'infrastructures/modena.yaml': MODENA, 'tasks/web.yaml': task('web'), 'tasks/redis.yaml': task('redis') };
const HOUR_MS = 3_600_000;

describe.skipIf(!have('git'))('DecisionWriter on a remote', () => {
  let folder: string;
  let location: string;
  let human: Human;
  let restore = () => {};

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rotterdam-writing-'));
    location = bareRepository(folder, FILES);
    human = createHuman(folder, location);
  });
  afterEach(() => {
    restore();
    restore = () => {};
    rmSync(folder, { recursive: true });
  });

  const start = (options: Parameters<typeof startWriting>[2] = {}) => startWriting(folder, `file://${location}`, options);
  const origin = (...args: string[]) => run('git', ['-C', location, ...args]).trim();
  const replicas = (branch: string, name = 'web') =>
    Number(/replicas: (\d+)/.exec(origin('show', `${branch}:environments/city/tasks/${name}.yaml`))?.[1]);
  const commits = (branch: string) => Number(origin('rev-list', '--count', `${branch}`));
  const hook = (script: string) => writeFileSync(join(location, 'hooks/pre-receive'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const protect = () =>
    hook('while read old new ref; do [ "$ref" = refs/heads/main ] && echo "main is protected" >&2 && exit 1; done; exit 0');
  const workOn = () => {
    human.push({ 'tasks/redis.yaml': task('redis', 7) });
    human.git('checkout', '--quiet', '-B', 'other', `origin/${DECISIONS_BRANCH}`);
    human.git('commit', '--quiet', '--allow-empty', '-m', 'My own');
    human.git('push', '--quiet', 'origin', `HEAD:${DECISIONS_BRANCH}`);
  };
  const unprotect = () => rmSync(join(location, 'hooks/pre-receive'));

  describe('the window', () => {
    it('commits at once, and what comes within the window as one commit of its last value', async () => {
      const writing = await start({ settings: { commitWindow: 1_000 } });
      expect(await writing.tick({ web: 5 })).toMatchObject({ kind: 'moved' });
      await writing.clock.advance(400);
      for (const to of [6, 7]) expect(await writing.tick({ web: to, redis: to })).toEqual({ kind: 'later', afterMs: 600 });
      await writing.clock.advance(600);
      expect(await writing.tick({ web: 8, redis: 8 })).toMatchObject({ kind: 'moved' });
      expect([commits('main'), replicas('main', 'web'), replicas('main', 'redis')]).toEqual([3, 8, 8]);
    });

    it.each([
      { settings: { commitWindow: 60_000 }, laterMs: 30_000 },
      { settings: { commitWindow: 60_000, writeTo: 'decisions' } as const, laterMs: 30_000 },
      { settings: { commitWindow: 500 }, laterMs: 100 },
    ])('is kept across a restart ($settings)', async ({ settings, laterMs }) => {
      const writing = await start({ settings });
      await writing.tick({ web: 5 });
      await writing.clock.advance(laterMs);
      const restarted = await start({ settings, clock: writing.clock });
      expect(await restarted.tick({ redis: 5 })).toMatchObject({ kind: 'later', afterMs: expect.any(Number) });
      await writing.clock.advance(settings.commitWindow);
      expect(await restarted.tick({ redis: 5 })).toMatchObject({ kind: 'moved' });
    });

    it('makes no commit where nothing changes', async () => {
      const writing = await start();
      expect(await writing.tick({ web: 4, redis: 4 })).toEqual({ kind: 'nothing' });
      expect(commits('main')).toBe(1);
    });
  });

  describe('the alarm', () => {
    it('is raised by more commits within an hour than are expected, and is over when they are older', async () => {
      const writing = await start({ settings: { commitsPerHour: 2 } });
      for (const to of [5, 6, 7]) {
        expect(writing.writer.conditions).toEqual([]);
        await writing.tick({ web: to });
        await writing.clock.advance(60_000);
      }
      expect(writing.writer.conditions).toMatchObject([
        { type: 'ManyCommits', reason: expect.stringMatching(/^3 commits .* more than 2/) },
      ]);
      expect(writing.said).toContain('condition ManyCommits');
      const restarted = await start({ settings: { commitsPerHour: 2 }, clock: writing.clock });
      await restarted.look();
      expect(restarted.writer.conditions).toMatchObject([{ type: 'ManyCommits' }]);
      await writing.clock.advance(HOUR_MS);
      await writing.look();
      expect([writing.writer.conditions, writing.said.at(-1)]).toEqual([[], 'condition over ManyCommits']);
    });
  });

  describe('a branch that is protected', () => {
    it('gets decisions on a branch of their own, which wait and are not made again', async () => {
      protect();
      const writing = await start();
      const main = origin('rev-parse', 'main');
      await writing.tick({ web: 6 });
      expect([origin('rev-parse', 'main'), origin('rev-parse', `${DECISIONS_BRANCH}~1`)]).toEqual([main, main]);
      expect(replicas(DECISIONS_BRANCH)).toBe(6);
      expect(writing.writer.waitsFor('web')).toBe('4 → 6 waits for a merge of rotterdam/decisions');
      expect(writing.writer.conditions).toMatchObject([
        {
          type: 'WaitsForMerge',
          reason: expect.stringMatching(/^web 4 → 6 waits for a merge of rotterdam\/decisions: .*main is protected/),
        },
      ]);
      await writing.clock.advance(60_000);
      expect(await writing.tick({ web: 6 })).toEqual({ kind: 'nothing' });
      expect(commits(DECISIONS_BRANCH)).toBe(2);
    });

    it('gets another one on top of what waits; a restarted controller knows both', async () => {
      protect();
      const writing = await start();
      await writing.tick({ web: 6 });
      await writing.clock.advance(60_000);
      await writing.tick({ web: 6, redis: 5 });
      expect([commits(DECISIONS_BRANCH), replicas(DECISIONS_BRANCH), replicas(DECISIONS_BRANCH, 'redis')]).toEqual([3, 6, 5]);
      const restarted = await start();
      await restarted.look();
      expect(['web', 'redis'].map((one) => restarted.writer.waitsFor(one))).toEqual([
        expect.stringContaining('4 → 6'),
        expect.stringContaining('4 → 5'),
      ]);
    });

    it('that moves has them decided again on its new tip, without a merge of text', async () => {
      protect();
      const writing = await start();
      await writing.tick({ web: 6, redis: 6 });
      unprotect();
      const tip = human.push({ 'tasks/web.yaml': task('web', 10) });
      protect();
      await writing.look();
      expect([writing.writer.waitsFor('web'), writing.writer.conditions]).toEqual([undefined, []]);
      await writing.clock.advance(60_000);
      await writing.tick({ redis: 6 });
      expect(origin('rev-parse', `${DECISIONS_BRANCH}~1`)).toBe(tip);
      expect([replicas(DECISIONS_BRANCH), replicas(DECISIONS_BRANCH, 'redis')]).toEqual([10, 6]);
    });

    it.each([
      { how: 'a merge', merge: ['merge', '--quiet', '--no-ff', '-m', 'Merge', `origin/${DECISIONS_BRANCH}`] },
      { how: 'a fast-forward', merge: ['merge', '--quiet', '--ff-only', `origin/${DECISIONS_BRANCH}`] },
      { how: 'a rebase', merge: ['cherry-pick', `origin/${DECISIONS_BRANCH}`] },
      { how: 'a squash that keeps the message', merge: ['cherry-pick', '-x', `origin/${DECISIONS_BRANCH}`] },
      {
        how: "a squash with git's own message",
        merge: ['merge', '--quiet', '--squash', `origin/${DECISIONS_BRANCH}`],
        message: ['--no-edit'],
      },
      {
        how: 'a squash with another message',
        merge: ['merge', '--quiet', '--squash', `origin/${DECISIONS_BRANCH}`],
        message: ['-m', 'Scale web'],
        squashed: true,
      },
    ])('goes on after $how, also when restarted', async ({ merge, message, squashed = false }) => {
      protect();
      const writing = await start();
      await writing.tick({ web: 6 });
      unprotect();
      human.git('fetch', '--quiet', 'origin');
      if (merge[0] === 'cherry-pick') human.git('commit', '--quiet', '--allow-empty', '-m', 'Before');
      human.git(...merge);
      if (message !== undefined) human.git('commit', '--quiet', ...message);
      human.git('push', '--quiet', 'origin', 'HEAD:main');
      protect();
      const restarted = await start();
      for (const one of [writing, restarted]) {
        await one.idle();
        const { human: byHand, decisions = [] } = (await one.look()).history.tasks.get('web') ?? {};
        expect([decisions.map(({ from, to }) => [from, to]), byHand]).toEqual([[[4, 6]], undefined]);
        expect([one.writer.waitsFor('web'), one.writer.conditions]).toEqual([undefined, []]);
      }
      // What says which decision was squashed stays until there is another one.
      expect(origin('for-each-ref', `refs/heads/${DECISIONS_BRANCH}`) === '').toBe(!squashed);
      await writing.clock.advance(60_000);
      await writing.tick({ web: 9 });
      expect([replicas('main'), replicas(DECISIONS_BRANCH)]).toEqual([6, 9]);
    });

    it("is squashed, and edited on: the decision counts where it was taken, the later number is a human's", async () => {
      protect();
      const writing = await start();
      await writing.tick({ web: 6, redis: 5 });
      unprotect();
      human.git('fetch', '--quiet', 'origin');
      human.git('merge', '--quiet', '--squash', `origin/${DECISIONS_BRANCH}`);
      human.git('commit', '--quiet', '-m', 'Scale');
      const squash = human.git('rev-parse', 'HEAD');
      human.git('push', '--quiet', 'origin', 'HEAD:main');
      human.push({ 'tasks/web.yaml': task('web', 8) });
      const { history } = await writing.look();
      expect(history.tasks.get('web')).toMatchObject({ decisions: [{ from: 4, to: 6, revision: squash }], human: { from: 6, to: 8 } });
      expect(history.tasks.get('redis')).toMatchObject({ decisions: [{ from: 4, to: 5, revision: squash }], humans: [] });
      expect(history.tasks.get('redis')?.human).toBeUndefined();
    });

    it.each([
      { why: 'waits', edit: () => {}, stays: true },
      { why: 'was overtaken', edit: () => human.push({ 'tasks/web.yaml': task('web', 10 + commits('main')) }), stays: false },
      { why: 'somebody else has worked on', edit: () => workOn(), stays: true },
    ])('has its decisions branch deleted when nothing is decided: $stays of one that $why', async ({ edit, stays }) => {
      for (const place of [`file://${location}`, location]) {
        const writing = await startWriting(folder, place, { settings: { writeTo: 'decisions' } });
        await writing.tick({ web: 6 });
        edit();
        await writing.idle();
        expect(origin('for-each-ref', `refs/heads/${DECISIONS_BRANCH}`) !== '').toBe(stays);
        expect(writing.said.includes('branch deleted')).toBe(!stays);
        if (stays) break;
      }
    });

    it('keeps a decisions branch that it may not delete, and says so once', async () => {
      const writing = await start({ settings: { writeTo: 'decisions' } });
      await writing.tick({ web: 6 });
      human.push({ 'tasks/web.yaml': task('web', 10) });
      hook('while read old new ref; do case "$new" in *[!0]*) ;; *) exit 1;; esac; done');
      await writing.idle();
      await writing.idle();
      expect(writing.said.filter((event) => event.startsWith('branch'))).toEqual(['branch not deleted']);
      await writing.clock.advance(60_000);
      await writing.tick({ web: 12 });
      expect(replicas(DECISIONS_BRANCH)).toBe(12);
    });

    it('is asked again when it is protected no more', async () => {
      protect();
      const writing = await start();
      await writing.tick({ web: 6 });
      unprotect();
      await writing.clock.advance(60_000);
      await writing.tick({ redis: 6 });
      expect(replicas('main', 'redis')).toBe(6);
      expect(writing.writer.waitsFor('web')).toBeUndefined();
    });

    it('gets none where all are to go to the other branch anyway, also without a remote', async () => {
      for (const place of [`file://${location}`, location]) {
        const writing = await startWriting(folder, place, { settings: { writeTo: 'decisions' } });
        await writing.tick({ web: 6 });
        expect([replicas('main'), replicas(DECISIONS_BRANCH), writing.writer.waitsFor('web')]).toEqual([4, 6, expect.any(String)]);
        origin('update-ref', '-d', `refs/heads/${DECISIONS_BRANCH}`);
        await writing.look();
        expect(writing.writer.waitsFor('web')).toBeUndefined();
      }
    });
  });

  describe('faults', () => {
    it('refused for good: a condition, an event each and a failure, until it can be written', async () => {
      hook('echo "no robots" >&2; exit 1');
      const writing = await start();
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await expect(writing.tick({ web: 6, redis: 5 })).rejects.toMatchObject({
          outcome: 'terminal',
          message: expect.stringContaining('no robots'),
        });
      }
      expect(writing.writer.conditions).toMatchObject([
        { type: 'WriteRefused', reason: expect.stringMatching(/^web 4 → 6, redis 4 → 5: Cannot push .*no robots/) },
      ]);
      expect(writing.said.filter((event) => event.startsWith('decision refused'))).toEqual([
        'decision refused web',
        'decision refused redis',
      ]);
      unprotect();
      await writing.tick({ web: 6, redis: 5 });
      expect([writing.writer.conditions, replicas('main')]).toEqual([[], 6]);
    });

    it('refused, and then not decided any more: the condition is over', async () => {
      hook('exit 1');
      const writing = await start();
      await expect(writing.tick({ web: 6 })).rejects.toThrow('declined');
      writing.writer.forget([{ task: 'web', decision: { kind: 'hold', reason: 'met' }, proposals: [] }]);
      expect(writing.writer.conditions).toEqual([]);
    });

    it('a full disk: transient, nothing is refused, and it is written once there is room', async () => {
      const writing = await start();
      await writing.look();
      restore = fakeGit('fast-import', 'echo "fatal: write error: No space left on device" >&2; exit 128');
      await expect(writing.write({ web: 6 })).rejects.toMatchObject({
        outcome: 'transient',
        message: expect.stringContaining('No space left'),
      });
      expect(writing.writer.conditions).toEqual([]);
      restore();
      await writing.tick({ web: 6 });
      expect(replicas('main')).toBe(6);
    });

    it('somebody was faster on another file: decided again on top', async () => {
      const writing = await start();
      await writing.look();
      const theirs = human.push({ 'tasks/redis.yaml': task('redis', 7) });
      expect(await writing.write({ web: 6 })).toMatchObject({ kind: 'moved', afterMs: expect.any(Number) });
      expect(origin('rev-parse', 'main')).toBe(theirs);
      await writing.tick({ web: 6 });
      expect([origin('rev-parse', 'main~1'), replicas('main'), replicas('main', 'redis')]).toEqual([theirs, 6, 7]);
    });

    it('a human changes the same line at the same time: their number stays', async () => {
      const writing = await start();
      await writing.look();
      human.push({ 'tasks/web.yaml': task('web', 20) });
      expect(await writing.write({ web: 6 })).toMatchObject({ kind: 'moved' });
      expect(replicas('main')).toBe(20);
      const { history, inForce } = await writing.look();
      expect(history.tasks.get('web')?.human).toMatchObject({ from: 4, to: 20 });
      expect(inForce?.environment.tasks.get('web')?.spec.replicas).toBe(20);
    });

    it('the task is deleted between verdict and commit: it stays deleted, the others are written', async () => {
      const writing = await start();
      await writing.look();
      human.push({ 'tasks/web.yaml': null });
      expect(await writing.write({ web: 6, redis: 5 })).toMatchObject({ kind: 'moved' });
      await writing.tick({ web: 6, redis: 5 });
      expect(origin('ls-tree', '-r', '--name-only', 'main')).not.toContain('web.yaml');
      expect(replicas('main', 'redis')).toBe(5);
    });

    it('the branch is forced back under us: decided again on what is there', async () => {
      const writing = await start();
      await writing.tick({ redis: 5 });
      await writing.clock.advance(60_000);
      await writing.look();
      origin('update-ref', 'refs/heads/main', 'main~1');
      expect(await writing.write({ web: 6 })).toMatchObject({ kind: 'moved' });
      const { history } = await writing.look();
      expect(history.tasks.get('redis')?.decisions).toEqual([]);
      await writing.tick({ web: 6 });
      expect([commits('main'), replicas('main'), replicas('main', 'redis')]).toEqual([2, 6, 4]);
    });

    it('the branch is deleted: said, not made anew', async () => {
      const writing = await start();
      await writing.look();
      origin('update-ref', '-d', 'refs/heads/main');
      expect(await writing.write({ web: 6 })).toMatchObject({ kind: 'moved' });
      await expect(writing.tick({ web: 6 })).rejects.toMatchObject({
        outcome: 'terminal',
        message: expect.stringContaining('Cannot find branch main'),
      });
      expect(origin('for-each-ref', '--format=%(refname)')).toBe('');
    });

    it.each([{ settings: {} }, { settings: { writeTo: 'decisions' } as const }])(
      'two controllers decide the same ($settings): one action',
      async ({ settings }) => {
        const both = await Promise.all([start({ settings }), start({ settings })]);
        for (const one of both) await one.look();
        const outcomes = await Promise.all(both.map((one) => one.write({ web: 6 })));
        for (const [n, one] of both.entries()) {
          await one.clock.advance((outcomes[n] as { afterMs: number }).afterMs + 60_000);
          expect(await one.tick({ web: 6 })).toEqual({ kind: 'nothing' });
        }
        const branch = settings.writeTo === undefined ? 'main' : DECISIONS_BRANCH;
        expect([commits(branch), replicas(branch)]).toEqual([2, 6]);
      },
    );
  });
});
