import { afterEach, describe, expect, it } from 'vitest';
import type { TaskExplanation } from '../../controller/cli/task-explanation.ts';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { type City, createCity, DEADLINES_MISSED, infrastructure, WORKFLOW } from '../support/city.ts';
import { cli } from '../support/cli.ts';
import { startWatchProcess, type WatchProcess } from '../support/watch.ts';

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

async function city(files: Parameters<City['commit']>[0]): Promise<{ made: City; watch: WatchProcess }> {
  const sandbox = await startSandbox({ readyDelayMs: 50 });
  undo.push(() => sandbox.stop());
  const made = createCity();
  undo.push(() => made.remove());
  made.secret('modena', sandbox.kubeconfig);
  const spec = { default: true, defaultDock: 'class', pushgateway: { url: 'embedded' } };
  made.commit({ 'infrastructures/modena.json': infrastructure('modena', spec), ...files });
  const watch = await startWatchProcess(made.args, { cwd: made.directory });
  undo.push(() => watch.kill('SIGKILL'));
  return { made, watch };
}

async function push(watch: WatchProcess, missed: number): Promise<void> {
  const body = `deadlines_missed_compss_workflow ${missed}\n`;
  expect((await fetch(`${watch.url}/metrics/job/compss`, { method: 'POST', body })).status).toBe(202);
}

async function explained(made: City, task = 'compss-workflow'): Promise<TaskExplanation> {
  return JSON.parse((await cli(['explain', task, ...made.args, '--json'])).stdout) as TaskExplanation;
}

describe('explain <task>', () => {
  it('tells promise, evidence, verdict, decision, commit and rollout, now and of each change, without a controller', async () => {
    const { made, watch } = await city({ 'qos/deadlines-missed-1.json': DEADLINES_MISSED, 'tasks/compss-workflow.json': WORKFLOW });
    await watch.until('ready', ({ replicas }) => replicas === 4);
    await push(watch, 0);
    await watch.until('verdict', ({ state }) => state === 'met');
    const byHand = made.commit({ 'tasks/compss-workflow.json': { ...WORKFLOW, replicas: 5 } }, 'Five are better');
    await watch.until('ready', ({ replicas }) => replicas === 5);
    await push(watch, 1);
    await watch.until('ready', ({ replicas }) => replicas === 8);
    await watch.kill('SIGKILL');
    const tip = made.git('rev-parse', 'main').trim();

    const told = await explained(made);
    expect(told).toMatchObject({
      task: 'compss-workflow',
      environment: 'city',
      revision: tip,
      declaredAt: 'environments/city/tasks/compss-workflow.json:1:1',
      replicas: 8,
      promises: [
        {
          agreement: 'compss_workflow_DeadlinesMissed_1',
          promise: 'deadlines_missed < 1',
          answer: 'scale_out × 1.5 up to 30',
          kind: 'counter',
          queries: [expect.stringContaining('deadlines_missed_compss_workflow')],
          series: 1,
          evidence: { value: 0, limit: 1, source: 'push' },
          verdict: 'met',
        },
      ],
      decision: { kind: 'hold' },
      rollout: [{ infrastructure: 'modena', applied: tip, desired: 8, ready: 8, health: 'ready' }],
    });
    const [decided, hand, ...more] = told.actions;
    expect(more).toEqual([]);
    const applied = [{ infrastructure: 'modena', state: 'applied', at: expect.stringMatching(/^\d{4}-.*Z$/) }];
    expect(hand).toMatchObject({ from: 4, to: 5, commit: { id: byHand, subject: 'Five are better' }, rollout: applied });
    expect(hand?.commit.author).toBe('Engineer <engineer@city.example>');
    expect(hand?.decision).toBeUndefined();
    expect(decided).toMatchObject({
      from: 5,
      to: 8,
      commit: {
        id: tip,
        author: expect.stringContaining('rotterdam-sync'),
        subject: expect.stringContaining('Scale compss-workflow 5 → 8'),
      },
      decision: {
        guarantee: 'deadlines_missed',
        reason: 'deadlines_missed 1, promised < 1',
        evidence: { value: 1, limit: 1, source: 'push', consumed: { 'deadlines_missed_compss_workflow{job="compss"}': 1 } },
      },
      rollout: applied,
    });

    const { code, stdout } = await cli(['explain', 'compss_workflow', ...made.args]);
    expect(code).toBe(0);
    for (const line of [
      /^compss-workflow in city, 8 replicas$/m,
      /promise +deadlines_missed < 1, else scale_out × 1.5 up to 30\n +compss_workflow_DeadlinesMissed_1, since \w{10} at /,
      /query +\{__name__=~"deadlines_missed_compss_workflow\|/,
      /evidence +0 new, \d+s ago \(.*Z\) in push, 1 series\n {2}verdict +met$/m,
      /rollout +modena: 8 of 8 ready, ready at revision \w{10}, as it is since /,
      /^4 → 5 {2}.* by hand\n {2}commit +\w{10} by Engineer <.*>: Five are better\n {2}rollout +modena: applied at /m,
      /^5 → 8 {2}(.*\n)+ {2}verdict +violated: deadlines_missed 1, promised < 1\n {2}decision +5 → 8\n {2}commit /m,
    ])
      expect(stdout).toMatch(line);
  });

  it('tells what was reported to a controller, and since when it knew nothing, as the next one would', async () => {
    const blind = { name: 'seen', constraint: 'seen < 80', kind: 'gauge', onUnknown: 'fallback', fallback: { replicas: 6, after: '1h' } };
    const { made, watch } = await city({
      'qos/deadlines-missed-1.json': {
        apiVersion: 'rotterdam.dev/v1alpha1',
        kind: 'QosTemplate',
        metadata: { name: 'DeadlinesMissed_1' },
        spec: { type: 'app', maxAllowed: 5, guarantees: [{ name: 'misses', constraint: 'misses < 1', kind: 'counter' }, blind] },
      },
      'tasks/compss-workflow.json': WORKFLOW,
    });
    await watch.until('verdict', ({ guarantee }) => guarantee === 'seen');
    const call = `${watch.url}/api/v1/sla/tasks/compss_workflow/guarantee/misses`;
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(call, { method: 'POST', headers, body: '{"Status": "violation"}' })).status).toBe(200);
    await watch.kill('SIGKILL');
    const { promises } = await explained(made);
    expect(promises).toMatchObject([
      { guarantee: 'misses', verdict: 'unknown' },
      { guarantee: 'seen', verdict: 'unknown', decision: { reason: expect.stringMatching(/falls back to 6 replicas in 59m/) } },
      { guarantee: 'misses (reported)', verdict: 'violated', evidence: { value: 1 } },
    ]);
  });

  it('tells of a decision that waits to be merged', async () => {
    const defaults = { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Defaults', spec: { adaptation: { writeTo: 'decisions' } } };
    const { made, watch } = await city({
      'defaults.json': defaults,
      'qos/deadlines-missed-1.json': DEADLINES_MISSED,
      'tasks/compss-workflow.json': WORKFLOW,
    });
    await watch.until('ready', ({ replicas }) => replicas === 4);
    await push(watch, 0);
    await watch.until('verdict', ({ state }) => state === 'met');
    await push(watch, 1);
    await watch.until('decision', ({ from, to }) => from === 4 && to === 6);
    const told = await explained(made);
    expect(told).toMatchObject({
      unmerged: { from: 4, to: 6, reason: 'deadlines_missed 1, promised < 1' },
      decision: { kind: 'hold', reason: expect.stringContaining('waits for a merge of rotterdam/decisions') },
      actions: [],
    });
    const { stdout } = await cli(['explain', 'compss-workflow', ...made.args]);
    expect(stdout).toMatch(/^ {2}commit +4 → 6 waits to be merged: deadlines_missed 1/m);
  });

  it('tells what is not applied yet, and of a cluster that cannot be asked', async () => {
    const { made, watch } = await city({ 'qos/deadlines-missed-1.json': DEADLINES_MISSED, 'tasks/compss-workflow.json': WORKFLOW });
    await watch.until('ready', ({ replicas }) => replicas === 4);
    await watch.kill('SIGKILL');
    made.commit({ 'tasks/compss-workflow.json': { ...WORKFLOW, replicas: 7 } });
    const waiting = await explained(made);
    expect(waiting.actions).toMatchObject([{ from: 4, to: 7, rollout: [{ infrastructure: 'modena', state: 'waiting' }] }]);
    expect(waiting.promises[0]).toMatchObject({ verdict: 'unknown', series: 0, reason: expect.stringContaining('no recent samples') });
    made.commit({ 'tasks/broken.json': '{' });
    const broken = await cli(['explain', 'compss-workflow', ...made.args]);
    expect(broken).toMatchObject({ code: 0, stderr: expect.stringMatching(/not valid at \w{10}; in force is \w{10}:\n.*broken\.json:1:/) });
    expect(broken.stdout).toMatch(/^4 → 7 .* by hand$/m);
    made.secret('modena', 'nothing');
    const { code, stdout } = await cli(['explain', 'compss-workflow', ...made.args]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/rollout +modena: Cannot /);
    expect(stdout).toMatch(/rollout +modena: it could not be looked at$/m);
  });

  it.each([
    { asked: 'compss-worflow', says: "Cannot explain task 'compss-worflow': did you mean 'compss-workflow'?" },
    { asked: 'zzz', says: "Cannot explain task 'zzz': declared are compss-workflow" },
  ])('refuses $asked, and names what is declared', async ({ asked, says }) => {
    const made = createCity();
    undo.push(() => made.remove());
    made.commit({ 'infrastructures/modena.json': infrastructure('modena', { default: true }), 'tasks/compss-workflow.json': WORKFLOW });
    const { code, stderr } = await cli(['explain', asked, ...made.args]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(says) });
  });
});
