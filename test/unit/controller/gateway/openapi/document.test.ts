import { Validator } from '@seriousme/openapi-schema-validator';
import { afterEach, describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../../../controller/gateway/openapi/document.ts';
import { createServer } from '../../../../../controller/gateway/server.ts';
import { DOCUMENT } from '../../../../support/documented.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';
import { servedRoutes } from '../../../../support/routes.ts';

/** Descriptions themselves, the same under a second path, and what the page is made of. */
const UNDESCRIBED = /^HEAD |(openapi|swagger)\.json$|\/swaggerui|\/sla\/v1$|^GET \/page\//;

describe('the OpenAPI document', () => {
  it('is a valid one of version 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(JSON.stringify(DOCUMENT)))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every route, and none besides: describe a new one in controller/gateway/openapi', async () => {
    const served = (await servedRoutes()).filter((route) => !UNDESCRIBED.test(route));
    const described = OPERATIONS.map(({ at }) => at.replace('/job/{job}', '*').replaceAll(/\{(\w+)\}/g, ':$1'));
    expect([...described].sort()).toEqual([...served].sort());
  });

  it('names each operation once', () => {
    const ids = OPERATIONS.map(({ id }) => id);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  it.each(['/openapi.json', '/api/v1/openapi.json'])('is served at %s', async (url) => {
    const reply = await createServer(gatewayOptions()).inject({ url, headers: { host: 'localhost' } });
    expect(reply.json()).toEqual(DOCUMENT);
  });
});

describe('the examples of the OpenAPI document', () => {
  const CITY = {
    'infrastructures/edge.yaml': EDGE,
    'tasks/nginx-app.json': JSON.stringify({ name: 'nginx-app', dock: 'class', containers: [{ image: 'nginx' }] }),
    'functions/hello.json': JSON.stringify({ name: 'hello', dock: 'class', runtime: 'python2.7', function: 'def foo(): pass' }),
    'infrastructures/device.json': JSON.stringify({
      name: 'device',
      type: 'microk8s',
      so: 'ubuntu18',
      hostIP: '10.0.0.1',
      hostPort: 22,
      user: 'u',
    }),
  };
  const NAMES: Readonly<Record<string, string>> = { '/api/v1/functions/{id}': 'hello' };
  const TEMPLATE = {
    'sla/latency.json': JSON.stringify({
      id: 'Latency',
      name: 'Latency',
      details: {
        type: 'template',
        name: '{{.name}}',
        provider: { id: 'p', name: 'p' },
        client: { id: '{{.task}}', name: '{{.task}}' },
        guarantees: [{ name: 'Latency', constraint: 'latency < {{.limit}}' }],
      },
    }),
  };
  let open: RestWorld | undefined;
  afterEach(() => open?.stop());

  const examples = OPERATIONS.flatMap(({ at, body }) => {
    const [method = '', path = ''] = at.split(' ');
    return Object.entries(body?.type === undefined ? (body?.examples ?? {}) : {}).map(([name, value]) => ({
      at,
      name,
      method,
      path,
      value,
    }));
  });

  it.each(examples.filter(({ at }) => !/hooks|guarantee|PUT \/sla/.test(at)))(
    'are taken: $name by $at',
    async ({ method, path, value }) => {
      open = await restWorld(path === '/sla/v1/templates' ? CITY : { ...CITY, ...TEMPLATE });
      const { call } = open;
      const url = path.replace('{dock}', 'class').replace('{id}', NAMES[path] ?? (path.includes('imec') ? 'device' : 'nginx-app'));
      const { status, json } = await call(method as 'POST' | 'PUT', url, value);
      expect({ status, message: json.message }).toMatchObject({ status: expect.toBeOneOf([200, 201]) });
      expect(json.warnings?.filter(({ code }: { code: string }) => code === 'unknown-field') ?? []).toEqual([]);
    },
  );
});
