import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { readKubeconfig } from '../../../../../controller/adapters/kube/kubeconfig.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { example } from '../../../../support/source-files.ts';

const DEVICE = JSON.parse(example('infrastructure-edge-device.json'));
const CLUSTER = JSON.parse(example('cluster-microk8s.json'));
const OPENSHIFT = {
  name: 'Modena_2',
  type: 'Openshift',
  defaultDock: 'class',
  openshiftEndPoint: 'https://modena.example:8443',
  openshiftOauthToken: 'not-a-token',
  prometheusEndPoint: 'http://prometheus.example:9090',
};

let open: RestWorld | undefined;
const world = async (files: Readonly<Record<string, string>> = {}) => {
  open = await restWorld({ 'infrastructures/edge.yaml': EDGE, ...files });
  return open;
};

afterEach(() => open?.stop());

describe('An infrastructure by REST', () => {
  it('is a document without its secrets, which are kept, used and never shown', async () => {
    const { call, files, secrets } = await world();
    const { status, json } = await call('POST', '/imec', OPENSHIFT);
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { resp: 'ok', id: 'modena_2', infr: { id: 'modena_2', name: 'Modena_2', type: 'Openshift', openshiftOauthToken: '***' } },
    });
    expect(json.warnings).toBeUndefined();
    expect(JSON.stringify([await files(), json])).not.toContain('not-a-token');
    const { openshiftOauthToken: token } = JSON.parse((await files())['infrastructures/modena-2.json'] ?? '');
    expect(token).toEqual({ secret: expect.stringMatching(/^rest-modena-2-[0-9a-f]{32}$/) });
    expect(readKubeconfig(secrets.get(token.secret) ?? '', token.secret)).toMatchObject({
      server: new URL('https://modena.example:8443'),
      token: 'not-a-token',
    });
    expect((await call('GET', '/imec/modena-2')).json).toMatchObject({ infrs: [{ prometheusEndPoint: 'http://prometheus.example:9090' }] });
    expect(JSON.stringify((await call('GET', '/config')).json)).not.toContain('not-a-token');
  });

  it('has no hash of a secret in git', async () => {
    const { call, messages } = await world();
    const key = { 'idempotency-key': 'k1' };
    const bodies = ['first', 'second'].map((password) => ({ ...DEVICE, name: 'dev', password }));
    const ids = [];
    for (const body of bodies) ids.push((await call('POST', '/imec', body, key)).json.id);
    expect(ids).toEqual(['dev', 'dev']);
    const log = (await messages()).join('\n');
    expect(log).toMatch(/Rotterdam-Request: .*"key":"k1","hash":"[0-9a-f]{16}"/);
    for (const body of bodies) {
      const plain = createHash('sha256')
        .update(`POST /api/v1/imec\n${JSON.stringify(body)}`)
        .digest('hex')
        .slice(0, 16);
      expect(log).not.toContain(plain);
    }
    expect(await call('POST', '/imec', { ...bodies[0], description: 'other' }, key)).toMatchObject({ status: 400 });
  });

  it('does not run before somebody has looked at it', async () => {
    const view = () => {
      const seen = open?.controller.view();
      return seen && { ...seen, infrastructureStatus: (name: string) => ({ name, state: 'progressing' as const, revision: null }) };
    };
    open = await restWorld({ 'infrastructures/edge.yaml': EDGE }, undefined, { view });
    const { call } = open;
    const { json } = await call('POST', '/imec', OPENSHIFT);
    expect(json.infr).toMatchObject({ status: '', revision: null });
  });

  it('keeps the secret that it has when its own answer is sent back', async () => {
    const { call, secrets } = await world();
    await call('POST', '/imec', OPENSHIFT);
    const { json, headers } = await call('GET', '/imec/modena-2');
    expect(json.infr).toMatchObject({ openshiftEndPoint: OPENSHIFT.openshiftEndPoint, openshiftOauthToken: '***', password: '' });
    const { state: _, revision: __, ...infrastructure } = json.infr;
    const back = await call('PUT', '/imec/modena-2', { ...infrastructure, description: 'in Modena' }, { 'if-match': String(headers.etag) });
    expect(back).toMatchObject({ status: 200, json: { infr: { description: 'in Modena', openshiftOauthToken: '***' } } });
    expect([...secrets.values()]).toEqual([expect.stringContaining('not-a-token')]);
  });

  it('is told that a token without a server is nothing', async () => {
    const { call, secrets } = await world();
    const { status, json } = await call('POST', '/imec', { ...OPENSHIFT, openshiftEndPoint: '' });
    expect({ status, json }).toMatchObject({
      status: 200,
      json: { warnings: [{ message: 'Ignored openshiftOauthToken: say kubernetesEndPoint or openshiftEndPoint, too' }] },
    });
    expect(secrets.size).toBe(0);
  });

  it('of ours is not replaced by what says less', async () => {
    const { call, files } = await world();
    expect(await call('PUT', '/imec/edge', { ...DEVICE, name: 'edge' })).toMatchObject({
      status: 409,
      json: { message: expect.stringMatching(/^Cannot replace infrastructure edge as .*: send apiVersion, kind, metadata and spec$/) },
    });
    expect(await files()).toEqual({ 'infrastructures/edge.yaml': EDGE });
    const own = { apiVersion: 'rotterdam.dev/v1alpha1', kind: 'Infrastructure', metadata: { name: 'edge' }, spec: { type: 'kubernetes' } };
    expect(await call('PUT', '/imec/edge', own)).toMatchObject({ status: 200 });
  });

  it('gets a suffix when its name is taken', async () => {
    const { call } = await world();
    const ids = [];
    for (const name of ['dev', 'dev']) ids.push((await call('POST', '/imec', { ...DEVICE, name })).json.id);
    expect(ids).toEqual(['dev', 'dev_2']);
  });

  it.each([
    { name: 'microk8s_1', id: 'microk8s_1', shown: 'microk8s_1' },
    { name: 'Edge-Device', id: 'edge_device', shown: 'Edge-Device' },
    { name: 'Gerät 1', id: 'gerat_1', shown: 'gerat-1' },
    { name: 'é'.repeat(80), id: 'e'.repeat(63), shown: 'e'.repeat(63) },
  ])('is called $shown with the id $id when it is posted as $name, whatever is done with it', async ({ name, id, shown }) => {
    const { call, files } = await world();
    const posted = await call('POST', '/imec', { ...DEVICE, name });
    expect(posted).toMatchObject({ status: 200, headers: { location: `/api/v1/imec/${id}` }, json: { id, infr: { id, name: shown } } });
    expect(posted.json.warnings?.some(({ code }: { code: string }) => code === 'renamed') ?? false).toBe(name !== shown);
    for (const spelled of [id, id.replaceAll('_', '-'), shown]) {
      expect(await call('GET', `/imec/${spelled}`)).toMatchObject({ status: 200, json: { id, infr: { id, name: shown } } });
      expect(await call('PUT', `/imec/${spelled}`, { ...DEVICE, name: 'other' })).toMatchObject({ json: { id, infr: { name: shown } } });
    }
    const ids = (await call('GET', '/imec')).json.infrs.map((one: { id: string }) => one.id);
    expect(ids.sort()).toEqual(['edge', id].sort());
    expect(await call('DELETE', `/imec/${shown}`)).toMatchObject({ status: 200, json: { id } });
    expect(Object.keys(await files())).toEqual(['infrastructures/edge.yaml']);
  });

  it('may be asked to get a cluster, which waits with its reason', async () => {
    const { call, files } = await world();
    const { id } = (await call('POST', '/imec', { ...DEVICE, name: 'dev' })).json;
    expect(await call('GET', `/imec/${id}/cluster`)).toMatchObject({ json: { cluster: { state: 'none' } } });
    expect(await call('POST', `/imec/${id}/cluster`, CLUSTER)).toMatchObject({
      status: 200,
      json: { resp: 'ok', infr: { status: 'DEPLOYING' }, cluster: { state: 'waiting' } },
    });
    expect(Object.keys(await files())).toContain('infrastructures/dev.cluster.json');
    expect(await call('DELETE', `/imec/${id}/cluster`)).toMatchObject({ status: 200 });
    expect(await call('DELETE', `/imec/${id}/cluster`)).toMatchObject({ status: 404 });
    expect(await call('POST', '/imec/edge/cluster', CLUSTER)).toMatchObject({ status: 400 });
  });

  it('is removed with what asks for its cluster, but not from below its tasks', async () => {
    const task = JSON.stringify({ name: 'web', dock: 'class', cluster: 'dev', containers: [{ image: 'nginx' }] });
    const { call, files } = await world({
      'infrastructures/dev.json': JSON.stringify({ ...DEVICE, name: 'dev' }),
      'infrastructures/dev.cluster.json': JSON.stringify(CLUSTER),
      'tasks/web.json': task,
    });
    expect(await call('DELETE', '/imec/dev')).toMatchObject({ status: 409, json: { message: expect.stringContaining('tasks/web.json') } });
    await call('DELETE', '/tasks/web');
    expect(await call('DELETE', '/imec/dev')).toMatchObject({ status: 200 });
    expect(Object.keys(await files())).toEqual(['infrastructures/edge.yaml']);
  });

  it('tells whether it is there', async () => {
    const { call } = await world();
    expect((await call('GET', '/imec/edge/status')).json).toMatchObject({ resp: 'ok', message: 'ok' });
    expect(await call('GET', '/imec/none/status')).toMatchObject({ status: 404, json: { message: 'Not-Found' } });
    expect((await call('GET', '/imec')).json.infrs).toMatchObject([{ id: 'edge' }]);
  });
});
