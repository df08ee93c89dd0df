import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import { RawKube } from '../support/raw-kube.ts';

describe('startSandbox', () => {
  let sandbox: Sandbox;
  let kube: RawKube;
  beforeAll(async () => {
    sandbox = await startSandbox({ readyDelayMs: 0 });
    kube = new RawKube(sandbox.kubeconfig);
  });
  afterAll(async () => {
    kube.close();
    await sandbox.stop();
  });

  it('describes itself in a kubeconfig with one context and its certificate inside', () => {
    const config = parse(sandbox.kubeconfig);
    expect(config.contexts).toHaveLength(1);
    expect(config['current-context']).toBe(config.contexts[0].name);
    expect(config.clusters[0].cluster.server).toBe(sandbox.url);
    expect(Buffer.from(config.clusters[0].cluster['certificate-authority-data'], 'base64').toString()).toContain('BEGIN CERTIFICATE');
    expect(sandbox.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  });
  it('answers 401 to who has no token, whatever is asked', async () => {
    const ca = Buffer.from(parse(sandbox.kubeconfig).clusters[0].cluster['certificate-authority-data'], 'base64');
    const status = (path: string) =>
      new Promise((resolve, reject) => {
        const call = request(`${sandbox.url}${path}`, { ca, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode);
        });
        call.on('error', reject).end();
      });
    expect(await Promise.all(['/version', '/api', '/api/v1/namespaces', '/nowhere'].map(status))).toEqual([401, 401, 401, 401]);
  });
  it('counts the requests that it served', async () => {
    const before = sandbox.requests();
    await kube.get('/version');
    await kube.get('/nowhere');
    await kube.watch('/api/v1/namespaces?watch=1', (events) => events.length > 0);
    expect(sandbox.requests() - before).toBe(3);
  });
  it.each([
    ['a body that is nothing', 'POST', '/api/v1/namespaces', '{"kind"', 400, 'BadRequest'],
    ['a body of another kind', 'POST', '/api/v1/namespaces', '{"apiVersion":"v1","kind":"Pod"}', 400, 'BadRequest'],
    ['a path with a broken escape', 'GET', '/api/v1/namespaces/%zz', undefined, 400, 'BadRequest'],
    ['more than 3 MiB', 'POST', '/api/v1/namespaces', 'x'.repeat(4 * 1024 * 1024), 413, 'RequestEntityTooLarge'],
    ['a method without meaning', 'PATCH', '/api/v1/namespaces', '{}', 405, 'MethodNotAllowed'],
    ['a version that is no number', 'GET', '/api/v1/namespaces?watch=1&resourceVersion=x', undefined, 500, undefined],
  ])('answers a Status to %s', async (_, method, path, body, code, reason) => {
    const answer = await kube.send(method, path, body);
    expect(answer).toMatchObject({ status: code, body: { kind: 'Status', status: 'Failure', code } });
    expect(answer.body.reason).toBe(reason);
  });
  it('serves a Route once OpenShift’s definition brings it', async () => {
    const routes = '/apis/route.openshift.io/v1/namespaces/default/routes';
    expect((await kube.get(routes)).status).toBe(404);
    const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
    const spec = {
      group: 'route.openshift.io',
      scope: 'Namespaced',
      names: { plural: 'routes', kind: 'Route' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    };
    const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const definition = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'routes.route.openshift.io' },
      spec,
    };
    await kube.post(definitions, definition);
    await kube.until(definitions, 'routes.route.openshift.io', (object) => object.status?.conditions?.length === 2);
    const route = {
      apiVersion: 'route.openshift.io/v1',
      kind: 'Route',
      metadata: { name: 'web' },
      spec: { to: { kind: 'Service', name: 'web' } },
    };
    expect((await kube.apply(`${routes}/web`, route, 'one')).status).toBe(201);
    await kube.delete(`${definitions}/routes.route.openshift.io`);
    await kube.untilGone(definitions, 'routes.route.openshift.io');
    expect((await kube.get(routes)).status).toBe(404);
  });
  it('makes sixty replicas ready in seconds', async () => {
    const template = { metadata: { labels: { app: 'sixty' } }, spec: { containers: [{ name: 'main', image: 'main:1' }] } };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'sixty' },
      spec: { replicas: 60, selector: { matchLabels: { app: 'sixty' } }, template },
    };
    const deployments = '/apis/apps/v1/namespaces/default/deployments';
    const startedMs = performance.now();
    await kube.apply(`${deployments}/sixty`, deployment, 'one');
    await kube.until(deployments, 'sixty', (object) => object.status?.readyReplicas === 60);
    expect(performance.now() - startedMs).toBeLessThan(5000);
  });
});

describe('stop', () => {
  it('ends watches and leaves nothing that listens', async () => {
    const sandbox = await startSandbox({ readyDelayMs: 60_000 });
    const kube = new RawKube(sandbox.kubeconfig);
    const template = { metadata: { labels: { app: 'a' } }, spec: { containers: [{ name: 'main', image: 'main:1' }] } };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'a' } }, template };
    await kube.post('/apis/apps/v1/namespaces/default/replicasets', {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name: 'a' },
      spec,
    });
    let stopped: Promise<void> | undefined;
    await kube.watch('/api/v1/namespaces?watch=1', () => {
      stopped ??= sandbox.stop();
      return false;
    });
    await stopped;
    await expect(kube.get('/version')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
    kube.close();
  });
});
