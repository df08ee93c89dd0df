import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import type { Status } from '../../controller/status.ts';
import { actor } from '../contract/cluster-place.ts';
import { type City, createCity, infrastructure } from '../support/city.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const sync = (onRemoval: string) =>
  `apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: edge}\nspec: {type: kubernetes, credentials: {secret: edge}, sync: {onRemoval: ${onRemoval}}}\n`;
const task = (name: string) => ({ name, cluster: 'edge', dock: 'class', image: 'redis', type: 'default', replicas: 1 });
const DOCUMENTS = {
  'infrastructures/modena.json': infrastructure('modena', { default: true }),
  'tasks/one.json': task('one'),
  'tasks/two.json': task('two'),
};
const REMOVED = { 'infrastructures/edge.yaml': null, 'tasks/one.json': null, 'tasks/two.json': null };

async function city(onRemoval: string) {
  const [modena, edge] = await Promise.all([startSandbox(), startSandbox({ readyDelayMs: 50 })]);
  undo.push(
    () => modena.stop(),
    () => edge.stop(),
  );
  const made = createCity();
  undo.push(() => made.remove());
  made.secret('modena', modena.kubeconfig);
  made.secret('edge', edge.kubeconfig);
  made.commit({ ...DOCUMENTS, 'infrastructures/edge.yaml': sync(onRemoval) });
  return { made, edge: actor(edge, 'kubectl-edit'), kubeconfig: edge.kubeconfig };
}

async function watching(made: City): Promise<WatchProcess> {
  const watch = await startWatchProcess([...made.args], { cwd: made.directory });
  undo.push(() => watch.kill('SIGKILL'));
  return watch;
}

const edgeIn = async (watch: WatchProcess) => {
  const { infrastructures } = (await (await fetch(`${watch.url}/api/v1/status`)).json()) as Status;
  return infrastructures.find(({ name }) => name === 'edge');
};
const ONE = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'class', name: 'one' };
const finalizers = (list: readonly string[] | null) => ({ metadata: { finalizers: list } });

it('empties an infrastructure whose document is gone and said so, and goes on after kill -9', async () => {
  const { made, edge } = await city('prune');
  const first = await watching(made);
  await first.until('ready', (line) => line.task === 'one');
  await edge.edit(ONE, finalizers(['example.com/hold']));
  made.commit(REMOVED);
  await first.until('ending');
  expect(await edgeIn(first)).toMatchObject({
    state: 'removing',
    reason: expect.stringMatching(/Deployment class\/one is being deleted for \d+ s: waits for finalizer example\.com\/hold/),
  });
  await first.kill('SIGKILL');
  const second = await watching(made);
  await second.until('ending');
  await edge.edit(ONE, finalizers(null));
  await second.until('infrastructure', ({ reason }) => reason === 'its document is gone, and what was ours there');
  expect(await edgeIn(second)).toBeUndefined();
  await expect(edge.edit(ONE, finalizers(null))).rejects.toThrow('404');
});

it('says what it lacks while the secret is gone, also after a restart, and goes on when that is back', async () => {
  const { made, edge, kubeconfig } = await city('prune');
  const first = await watching(made);
  await first.until('ready', (line) => line.task === 'two');
  rmSync(join(made.state, 'secrets', 'edge'));
  await first.until('infrastructure', (line) => line.infrastructure === 'edge' && line.state === 'failed');
  made.commit(REMOVED);
  const lacks = expect.stringMatching(
    /^Cannot read secret "edge" as it has no file: create .*edge\n.*give that up by declaring 'edge' again with onRemoval: keep, and removing it$/,
  );
  await expect.poll(() => edgeIn(first), { timeout: 20_000 }).toMatchObject({ state: 'removing', reason: lacks });
  await first.kill('SIGKILL');
  const second = await watching(made);
  await expect.poll(() => edgeIn(second), { timeout: 20_000 }).toMatchObject({ state: 'removing', reason: lacks });
  expect((await edge.edit(ONE, finalizers(null))).metadata.deletionTimestamp).toBeUndefined();
  made.secret('edge', kubeconfig);
  await second.until('infrastructure', ({ reason }) => reason === 'its document is gone, and what was ours there');
  await expect(edge.edit(ONE, finalizers(null))).rejects.toThrow('404');
});

it('leaves what runs there when the document did not say so', async () => {
  const { made, edge } = await city('keep');
  const watch = await watching(made);
  await watch.until('ready', (line) => line.task === 'one');
  made.commit(REMOVED);
  await watch.until('infrastructure', ({ reason }) => reason === 'no longer declared: what runs there is left as it is');
  expect(await edgeIn(watch)).toBeUndefined();
  expect((await edge.edit(ONE, finalizers(null))).metadata.deletionTimestamp).toBeUndefined();
});
