import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { servedRoutes } from '../../../../support/routes.ts';
import { bearer, hold } from '../../../../support/tokens.ts';

const ADMIN = hold('ada', 'admin');
/** In each of them `hunter2`, where somebody may put one: in the documents, by mistake or by the original's ways, and by REST. */
const CITY = {
  'infrastructures/edge.yaml': EDGE,
  'infrastructures/old.json': JSON.stringify({
    name: 'old',
    type: 'Openshift',
    user: 'root',
    password: 'hunter2',
    openshiftOauthToken: 'hunter2-token',
    prometheusEndPoint: 'http://me:hunter2-url@prometheus.example:9090',
    prometheusPushgatewayEndPoint: 'http://me:hunter2-push@prometheus.example:9091',
  }),
  'sla/source.yaml':
    'apiVersion: rotterdam.dev/v1alpha1\nkind: Source\nmetadata: {name: mimir}\nspec: {type: prometheus, url: "https://mimir.example", headers: {X-Key: hunter2-header}, bearer: {secret: mimir}}\n',
  'tasks/web.json': JSON.stringify({ name: 'web', dock: 'class', containers: [{ image: 'nginx' }], qos: { name: 'Latency' } }),
  'functions/one.json': JSON.stringify({ name: 'one', dock: 'class', runtime: 'python3.7', function: 'def f(): pass' }),
  'qos/latency.json': JSON.stringify({ guaranteeName: 'Latency', type: 'app', guarantees: [{ name: 'L', constraint: '[latency] < 5' }] }),
};
const GIVEN = {
  name: 'modena',
  type: 'Openshift',
  user: 'root',
  hostIP: '10.0.0.1',
  password: 'hunter2',
  openshiftEndPoint: 'https://modena.example:8443',
  openshiftOauthToken: 'hunter2-given-token',
};

const READS = (await servedRoutes()).filter((route) => route.startsWith('GET ') && route !== 'GET /api/v1/events');

let world: RestWorld;
beforeAll(async () => {
  world = await restWorld(CITY, undefined, {
    grants: () => [ADMIN.grant],
    hook: { secret: async () => 'hunter2-hook', look: () => undefined },
  });
});
afterAll(() => world.stop());

const ask = (method: 'GET' | 'POST' | 'PUT', url: string, payload?: unknown) =>
  world.server.inject({
    method,
    url,
    headers: { ...bearer(ADMIN.token), 'content-type': 'application/json' },
    ...(payload === undefined ? {} : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) }),
  });

describe('No answer has a secret', () => {
  it('to what gives one', async () => {
    const created = await ask('POST', '/api/v1/imec', GIVEN);
    expect([created.statusCode, created.body]).toEqual([200, expect.not.stringContaining('hunter2')]);
    const replaced = await ask('PUT', '/api/v1/imec/modena', GIVEN);
    expect([replaced.statusCode, replaced.body]).toEqual([200, expect.not.stringContaining('hunter2')]);
    expect([...world.secrets.values()].filter((text) => text.includes('hunter2'))).toHaveLength(2);
    expect(JSON.stringify([(await world.files())['infrastructures/modena.json'], await world.messages()])).not.toContain('hunter2');
  });

  it.each([
    { reason: 'a wrong type', body: { ...GIVEN, name: 'x', password: ['hunter2'] } },
    { reason: 'a field that is none', body: { ...GIVEN, name: 'x', passwort: 'hunter2' } },
    { reason: 'an endpoint that is none', body: { ...GIVEN, name: 'x', prometheusEndPoint: 'ftp://me:hunter2@x' } },
    { reason: 'a host that is not allowed', body: { ...GIVEN, name: 'x', prometheusEndPoint: 'http://me:hunter2@evil.example' } },
    { reason: 'an API server that is not allowed', body: { ...GIVEN, name: 'x', openshiftEndPoint: 'https://me:hunter2@evil.example' } },
    { reason: 'no JSON', body: '{"password": "hunter2" "x"}' },
    { reason: 'an alias', body: '{"password": *hunter2}' },
    { reason: 'a key that is one', body: '{"hunter2": 1, "hunter2": 2}' },
  ])('to $reason', async ({ reason, body }) => {
    const { body: text } = await ask('POST', '/api/v1/imec', body);
    // The name of a field is no secret.
    if (reason !== 'a key that is one') expect(text).not.toContain('hunter2');
  });

  it.each(READS)('to %s', async (route) => {
    const ids: Readonly<Record<string, string>> = {
      functions: 'one',
      docks: 'class',
      imec: 'old',
      definitions: 'Latency',
      agreements: 'web_Latency',
    };
    const path = route.slice(4).replaceAll(/([^/]+)\/:\w+/g, (_, folder: string) => `${folder}/${ids[folder] ?? 'web'}`);
    for (const url of [path, path.replace('imec/old', 'imec/modena')]) {
      const { statusCode, body } = await ask('GET', url);
      expect(statusCode, url).toBeOneOf([200, 301, 302, 308, 404]);
      expect(body, url).not.toContain('hunter2');
      expect(body, url).not.toContain(ADMIN.grant.sha256);
    }
  });
});

describe('What is told in public', () => {
  it('is no more than that it runs', async () => {
    const open = createServer(gatewayOptions({ grants: () => [ADMIN.grant] }));
    for (const url of ['/', '/api/v1/version', '/healthz', '/readyz'])
      expect((await open.inject({ url })).body.replaceAll('1.2.3', '')).toMatch(/^(ok\n|\{"resp":"ok".*\})$/);
  });
});
