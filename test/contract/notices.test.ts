import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingsOf } from '../../controller/config.ts';
import { type Running, startWatch } from '../../controller/main.ts';
import { type City, createCity, DEADLINES_MISSED, infrastructure, WORKFLOW } from '../support/city.ts';
import { type ControlPlane, startControlPlane } from '../support/controlplane.ts';
import { startHttpServer } from '../support/http-server.ts';
import { have } from '../support/parts.ts';

const SECRET = 'a secret of both sides';
const METRIC = 'deadlines_missed_compss_workflow';
const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const PATIENT = { timeout: 60_000, interval: 100 };

interface Event {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Two watches: one keeps a promise on a real cluster, and tells a webhook and the other watch, which has no cluster, of what it does. */
describe.skipIf(!have('git', 'control plane'))('who is told, on real parts', () => {
  let cluster: ControlPlane;
  let here: City;
  let there: City;
  let webhook: Awaited<ReturnType<typeof startHttpServer>>;
  let running: Running | undefined;
  let other: Running | undefined;
  let failing = 2;

  const start = (city: City) =>
    startWatch(settingsOf({ environment: 'city', repository: city.repository, state: city.state, evaluateEvery: 1_000, interval: 500 }), {
      log: SILENT,
      listening: { listen: { host: '127.0.0.1', port: 0 } },
    });
  const push = async (missed: number) => {
    const reply = await fetch(`${running?.url}/metrics/job/compss`, {
      method: 'POST',
      body: `# TYPE ${METRIC} counter\n${METRIC} ${missed}\n`,
    });
    expect(reply.status).toBe(202);
  };
  const told = (): readonly Event[] =>
    webhook.received.slice(2).map(({ headers, body }) => {
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
      expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`);
      return JSON.parse(body);
    });
  const replicas = (city: City) => JSON.parse(city.git('show', 'main:environments/city/tasks/w.json')).replicas;
  const ready = (): number | undefined => running?.controller.status().tasks[0]?.replicas.ready;

  beforeAll(async () => {
    cluster = startControlPlane();
    webhook = await startHttpServer((response) => {
      failing -= 1;
      response.writeHead(failing >= 0 ? 503 : 204).end();
    });
    [here, there] = [createCity(), createCity()];
    const documents = (spec: object) => ({
      'infrastructures/modena.json': infrastructure('modena', {
        default: true,
        defaultDock: 'class',
        pushgateway: { url: 'embedded' },
        ...spec,
      }),
      'qos/missed.json': DEADLINES_MISSED,
      'tasks/w.json': WORKFLOW,
    });
    there.commit(documents({ credentials: undefined }));
    other = await start(there);
    here.secret('modena', cluster.kubeconfig);
    here.secret('hook', SECRET);
    const notifications = [
      { url: `${webhook.url}/hook`, secret: 'hook' },
      { url: other.url, secret: 'hook', format: 'violation' },
    ];
    here.commit({
      ...documents({}),
      'defaults.json': { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Defaults', spec: { notifications } },
    });
    running = await start(here);
  });
  afterAll(async () => {
    await running?.stop();
    await other?.stop();
    await webhook?.stop();
    cluster?.stop();
    here?.remove();
    there?.remove();
  });

  it('a webhook that fails twice gets the violation and the decision, signed, under the id of the commit', async () => {
    await expect.poll(ready, PATIENT).toBe(4);
    await push(0);
    await push(1);
    await expect.poll(() => replicas(here), PATIENT).toBe(6);
    await expect
      .poll(() => told().map(({ type }) => type), PATIENT)
      .toEqual(['dev.rotterdam.agreement.violated', 'dev.rotterdam.decision.made']);
    const [violation, decision] = told();
    expect(violation?.data).toMatchObject({ task: 'compss_workflow', value: 1, promised: 'deadlines_missed < 1' });
    expect(decision?.data).toMatchObject({ from: 4, to: 6, revision: here.git('rev-parse', 'main').trim() });
    expect(here.git('log', '-1', '--format=%B', 'main')).toContain(`"id":"${decision?.id}"`);
  });

  it("another Rotterdam gets the original's call, and judges by it", async () => {
    const reported = () =>
      other?.controller.status().tasks[0]?.agreements.find(({ guarantee }) => guarantee === 'deadlines_missed (reported)');
    await expect.poll(reported, PATIENT).toMatchObject({ state: 'violated', value: 1 });
  });

  it('a violation that is reported here scales like one that was pushed', async () => {
    await expect.poll(ready, PATIENT).toBe(6);
    // What happens within the second of a commit is no evidence.
    const committedMs = Number(here.git('log', '-1', '--format=%ct', 'main')) * 1_000;
    await expect.poll(() => Date.now(), PATIENT).toBeGreaterThan(committedMs + 1_000);
    const url = `${running?.url}/api/v1/sla/tasks/compss_workflow/guarantee/deadlines_missed`;
    const body = JSON.stringify({
      Agreement_id: 'compss_workflow',
      Status: 'violation',
      Client_id: 'compss_workflow',
      Guarantee: 'deadlines_missed',
    });
    const report = () =>
      fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json; charset=utf-8', 'webhook-id': 'v1' } });
    expect((await report()).status).toBe(200);
    await expect.poll(() => replicas(here), PATIENT).toBe(9);
    await expect.poll(ready, PATIENT).toBe(9);
    expect((await report()).status).toBe(200);
    await expect.poll(() => told().length, PATIENT).toBe(3);
  });

  it('after a restart what was decided just now is told once more, under the same ids, and nothing is done again', async () => {
    await running?.stop();
    const before = told().filter(({ type }) => type === 'dev.rotterdam.decision.made');
    running = await start(here);
    await expect.poll(() => told().length, PATIENT).toBe(5);
    expect(
      told()
        .slice(3)
        .map(({ id }) => id),
    ).toEqual(before.map(({ id }) => id));
    await expect.poll(ready, PATIENT).toBe(9);
    expect(replicas(here)).toBe(9);
  });
});
