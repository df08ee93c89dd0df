import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Context, caught, edit, REDIS } from './repository-context.ts';
import { tryGit } from './repository-places.ts';

/** Files of a person are kept. */
export function workTreeContract(context: Context): void {
  const file = (path: string) => join(context.place.workTree ?? '', path);

  it('is refused where a touched file has uncommitted changes, and stays as it is', async () => {
    const parent = await context.repository.head();
    writeFileSync(file(REDIS), 'mine\n');
    const status = tryGit(file(''), 'status', '--porcelain', '--ignore-submodules').stdout;
    const edits = [edit('replicas: 2\n'), edit('x', 'environments/a.yaml'), edit(null, 'environments/odd/empty.yaml')];
    const failure = await caught(context.repository.commit(edits, { parent, message: 'x' }));
    expect(failure).toMatchObject({ outcome: 'waiting', message: expect.stringContaining(`Cannot write ${REDIS}`) });
    expect(failure.afterMs).toBeGreaterThan(0);
    expect([context.tip(), readFileSync(file(REDIS), 'utf8'), existsSync(file('environments/a.yaml'))]).toEqual([parent, 'mine\n', false]);
    expect(existsSync(file('environments/odd/empty.yaml'))).toBe(true);
    context.expectTidy(status);
  });

  it('is refused where an untracked file is in the way', async () => {
    writeFileSync(file('environments/new.yaml'), 'mine\n');
    const attempt = context.repository.commit([edit('x', 'environments/new.yaml')], {
      parent: await context.repository.head(),
      message: 'x',
    });
    expect(await caught(attempt)).toMatchObject({ outcome: 'waiting', message: expect.stringContaining('environments/new.yaml') });
    expect(readFileSync(file('environments/new.yaml'), 'utf8')).toBe('mine\n');
  });

  it('keeps what is changed, staged or untracked elsewhere', async () => {
    writeFileSync(file('README.md'), 'mine\n');
    writeFileSync(file('environments/staged.yaml'), 'mine\n');
    tryGit(file(''), 'add', 'environments/staged.yaml');
    writeFileSync(file('untracked'), 'mine\n');
    await context.repository.commit([edit('replicas: 2\n')], { parent: await context.repository.head(), message: 'x' });
    expect(readFileSync(file(REDIS), 'utf8')).toBe('replicas: 2\n');
    expect(statSync(file(REDIS)).mode & 0o111).not.toBe(0);
    context.expectTidy(' M README.md\nA  environments/staged.yaml\n?? untracked\n');
  });

  it('takes a file that was only touched for unchanged', async () => {
    utimesSync(file(REDIS), 1, 1);
    await context.repository.commit([edit('replicas: 2\n')], { parent: await context.repository.head(), message: 'x' });
    context.expectTidy();
  });
}

/** A repository of this machine tells that it moved. */
export function watchContract(context: Context): void {
  it('watch calls back when the branch moves, and no more when it was stopped', async () => {
    let calls = 0;
    let called = () => {};
    const stopCounting = context.repository.watch(() => {
      calls += 1;
    });
    const stop = context.repository.watch(() => called());
    const seen = async (change: () => unknown) => {
      const moved = new Promise<void>((resolve) => {
        called = resolve;
      });
      await change();
      await moved;
    };
    const other = await context.open();
    const parent = await context.repository.head();
    await seen(() => other.commit([edit('replicas: 2\n')], { parent, message: 'x' }));
    await seen(() => context.place.git('pack-refs', '--all'));
    await seen(() => context.place.git('update-ref', 'refs/heads/main', parent));
    expect(calls).toBeGreaterThanOrEqual(3);
    stopCounting();
    calls = 0;
    await seen(() => context.place.git('update-ref', 'refs/heads/main', 'refs/heads/side'));
    expect(calls).toBe(0);
    stop();
  });

  it('watch follows a branch in a folder of its own, which comes and goes', async () => {
    const name = 'feature/one';
    const branch = await context.open({ branch: name });
    for (const change of [
      ['branch', name],
      ['branch', '-D', name],
      ['branch', name, 'side'],
    ]) {
      await new Promise<void>((resolve) => {
        const stop = branch.watch(() => {
          stop();
          resolve();
        });
        context.place.git(...change);
      });
    }
    expect(await branch.head()).toBe(context.place.git('rev-parse', 'side'));
  });
}
