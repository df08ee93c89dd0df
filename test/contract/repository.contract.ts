import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConflictError, RefusedBranch } from '../../controller/errors.ts';
import { DECISIONS_BRANCH, type Repository } from '../../controller/ports.ts';
import { type Context, caught, edit, REDIS } from './repository-context.ts';
import { NAMES, NOW_MS, TOKEN } from './repository-places.ts';

/** The branch is followed and moved by compare-and-swap, wherever it is. Two commit at once, `rounds` times each. */
export function branchContract(context: Context, rounds: number): void {
  it('head is the tip, and follows it', async () => {
    expect(await context.repository.head()).toBe(context.tip());
    context.place.git('update-ref', 'refs/heads/main', `${context.tip()}~1`);
    expect(await context.repository.head()).toBe(context.tip());
  });

  it('head rejects a branch that is not there, terminally, by its name', async () => {
    const failure = await caught((await context.open({ branch: 'feature/none' })).head());
    expect(failure).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('Cannot find branch feature/none in ') });
  });

  it('stops when it is told to', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    const head = await context.repository.head();
    for (const attempt of [
      () => context.repository.head(stopped),
      () => context.repository.read(head, 'environments', stopped),
      () => context.repository.history(head, undefined, '', stopped),
      () => context.repository.commit([edit('replicas: 2\n')], { parent: head, message: 'x' }, stopped),
    ]) {
      expect(await caught(attempt())).toMatchObject({ message: 'enough' });
    }
    expect(context.tip()).toBe(head);
  });

  it('writes all edits as one commit by rotterdam-sync, at the time of the clock, and moves the branch', async () => {
    const parent = await context.repository.head();
    const message = 'Scale redis ü\n\nRotterdam-Decision: {"id":"1"}\n';
    const odd = NAMES.map((name) => edit('new\n', `environments/new/${name}`));
    const edits = [edit('replicas: 2\n'), edit(null, 'environments/odd/empty.yaml'), ...odd];
    const revision = await context.repository.commit(edits, { parent, message });
    expect(context.tip()).toBe(revision);
    expect(await context.repository.head()).toBe(revision);
    expect(context.place.git('log', '-1', '--format=%P|%an|%ae|%cn|%ce|%at|%ct', revision)).toBe(
      `${parent}|rotterdam-sync|rotterdam-sync@localhost|rotterdam-sync|rotterdam-sync@localhost|${NOW_MS / 1000}|${NOW_MS / 1000}`,
    );
    const [commit] = await context.repository.history(revision, parent, 'environments');
    expect(commit).toMatchObject({ message, committedAtMs: NOW_MS });
    expect(commit?.changes.map(({ path }) => path).sort()).toEqual(edits.map(({ path }) => path).sort());
    expect(context.place.git('ls-tree', revision, REDIS)).toMatch(/^100755 blob/);
    expect(context.place.git('show', `main:${REDIS}`)).toBe('replicas: 2');
    expect(context.place.git('show', 'main:README.md')).toBe('read me again');
    if (context.place.workTree)
      expect(readFileSync(join(context.place.workTree, 'environments/new', NAMES[0] ?? ''), 'utf8')).toBe('new\n');
    context.expectTidy();
  });

  it('rejects with ConflictError when somebody was faster, and changes nothing', async () => {
    const parent = await context.repository.head();
    const other = await context.open();
    await other.head();
    const first = await other.commit([edit('replicas: 7\n')], { parent, message: 'first' });
    for (const path of [REDIS, 'environments/another.yaml']) {
      const failure = await caught(context.repository.commit([edit('replicas: 8\n', path)], { parent, message: 'second' }));
      expect(failure).toBeInstanceOf(ConflictError);
    }
    expect(context.tip()).toBe(first);
    expect(await context.repository.head()).toBe(first);
    context.expectTidy();
  });

  it('is made by one of two who make the very same commit', async () => {
    const parent = await context.repository.head();
    const other = await context.open();
    await other.head();
    const same = (repository: Repository) => repository.commit([edit('replicas: 7\n')], { parent, message: 'same' });
    const first = await same(other);
    expect(await caught(same(context.repository))).toBeInstanceOf(ConflictError);
    expect(context.tip()).toBe(first);
    context.expectTidy();
  });

  it('rejects with ConflictError when the branch went back', async () => {
    const parent = await context.repository.head();
    context.place.git('update-ref', 'refs/heads/main', `${parent}~1`);
    expect(await caught(context.repository.commit([edit('x')], { parent, message: 'x' }))).toBeInstanceOf(ConflictError);
    expect(context.tip()).toBe(context.place.git('rev-parse', `${parent}~1`));
  });

  it('loses no commit of two who commit at once and try again', async () => {
    async function committer(name: string): Promise<void> {
      const own = await context.open();
      for (let n = 0; n < rounds; ) {
        const parent = await own.head();
        const done = await own
          .commit([edit(`${n}\n`, `environments/${name}-${n}.yaml`)], { parent, message: `${name} ${n}` })
          .catch((error) => {
            expect(['transient', 'waiting']).toContain(error.outcome);
          });
        if (done) n += 1;
      }
    }
    const before = await context.repository.head();
    await Promise.all([committer('a'), committer('b')]);
    const after = await context.repository.history(await context.repository.head(), before, 'environments');
    const expected = ['a', 'b'].flatMap((name) => Array.from({ length: rounds }, (_, n) => `${name} ${n}`));
    expect(after.map(({ message }) => message.trim()).sort()).toEqual(expected);
    expect(after.every(({ parents, changes }) => parents.length === 1 && changes.length === 1)).toBe(true);
    context.expectTidy();
  });

  it('tells a loser how long to wait', async () => {
    const first = await context.repository.head();
    const other = await context.open();
    const behind = async () => caught(other.commit([edit('replicas: 8\n')], { parent: first, message: 'late' }));
    await other.head();
    await context.repository.commit([edit('replicas: 7\n')], { parent: first, message: 'first' });
    expect((await behind()).afterMs).toBeGreaterThanOrEqual(0);
  });

  it('moves the decisions branch from where it was seen, and leaves the branch', async () => {
    const tip = await context.repository.head();
    expect(await context.repository.decisionsHead()).toBeUndefined();
    const first = await context.repository.commit([edit('replicas: 2\n')], { parent: tip, message: 'one', decisionsAt: null });
    expect([await context.repository.decisionsHead(), await context.repository.head(), context.tip()]).toEqual([first, tip, tip]);
    const other = await context.open();
    await other.head();
    expect(await other.decisionsHead()).toBe(first);
    for (const decisionsAt of [null, tip]) {
      const failure = await caught(other.commit([edit('replicas: 3\n')], { parent: tip, message: 'x', decisionsAt }));
      expect(failure).toBeInstanceOf(ConflictError);
    }
    // Not on top of what was there: it begins anew on the tip.
    const second = await other.commit([edit('replicas: 3\n')], { parent: tip, message: 'two', decisionsAt: first });
    expect(context.place.git('rev-parse', `${DECISIONS_BRANCH}~1`)).toBe(tip);
    await context.repository.head();
    expect(await context.repository.decisionsHead()).toBe(second);
    expect(await caught(context.repository.dropDecisions(first))).toBeInstanceOf(ConflictError);
    await context.repository.dropDecisions(second);
    expect(await context.repository.decisionsHead()).toBeUndefined();
    expect(context.place.git('for-each-ref', `refs/heads/${DECISIONS_BRANCH}`)).toBe('');
    await other.head();
    expect([await other.decisionsHead(), await other.head()]).toEqual([undefined, tip]);
    context.expectTidy();
  });

  it('says that a repository is not there, terminally', async () => {
    const attempt = context.open({ location: `${context.place.options.location}-gone` }).then((gone) => gone.head());
    expect(await caught(attempt)).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('-gone') });
  });
}

/** For a place behind a URL. */
export function remoteContract(context: Context): void {
  it('tells what a hook of the remote says, terminally, and changes nothing', async () => {
    const parent = await context.repository.head();
    const hooks = join(context.place.git('rev-parse', '--absolute-git-dir'), 'hooks');
    mkdirSync(hooks, { recursive: true });
    writeFileSync(join(hooks, 'pre-receive'), '#!/bin/sh\necho "This branch is protected \x1b[31m" >&2\nexit 1\n', { mode: 0o755 });
    const failure = await caught(context.repository.commit([edit('replicas: 2\n')], { parent, message: 'x' }));
    expect(failure).toBeInstanceOf(RefusedBranch);
    expect(failure).toMatchObject({ outcome: 'terminal', message: expect.stringMatching(/: This branch is protected; .*declined/) });
    expect(context.tip()).toBe(parent);
    context.expectTidy();
  });
}

/** For a place that asks who we are. */
export function secretContract(context: Context): void {
  it('lets nobody in without the secret, terminally', async () => {
    const stranger = await context.open({ secret: undefined });
    expect(await caught(stranger.head())).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('Cannot fetch main') });
    const forgetful = await context.open({ secret: 'none' });
    expect(await caught(forgetful.head())).toMatchObject({ outcome: 'terminal', message: expect.stringContaining('secret "none/') });
  });

  it('shows no credentials in any message', async () => {
    const gone = await context.open({ location: `${context.place.options.location}-gone` });
    const branchless = await context.open({ branch: 'none' });
    for (const one of [gone, branchless]) expect(String(await caught(one.head()))).not.toContain(TOKEN);
  });
}
