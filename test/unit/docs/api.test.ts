import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../../../controller/gateway/openapi/document.ts';
import { createSlaServer } from '../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../support/gateway.ts';
import { servedRoutes } from '../../support/routes.ts';

const text = readFileSync(join(fileURLToPath(new URL('../../..', import.meta.url)), 'docs/api.md'), 'utf8');

/** Rows of the tables of paths, below their prefixes. */
const documented = ['/api/v1', '/sla/v1'].flatMap((prefix) => {
  const section = text.split(`## Paths of \`${prefix}\``)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([A-Z]+) (\S+)` \| (deprecated)?/gm)].map(([, method = '', path = '', deprecated]) => {
    const url = path === '/' && prefix === '/api/v1' ? '/' : `${prefix}${path === '/' ? '/' : path}`;
    return { route: `${method} ${url}`, isDeprecated: deprecated !== undefined };
  });
});

describe('docs/api.md', () => {
  it('lists every path that is served, and none besides', async () => {
    const others = /^HEAD |^\S+ \/(healthz|readyz|metrics|openapi|swagger|page|api\/v1\/(reconcile|hooks|openapi)|sla\/v1$)/;
    expect((await servedRoutes()).filter((route) => !others.test(route)).sort()).toEqual(documented.map(({ route }) => route).sort());
  });

  it('calls deprecated what the OpenAPI document does', () => {
    const old = OPERATIONS.filter(({ deprecated }) => deprecated).map(({ at }) => at.replaceAll(/\{(\w+)\}/g, ':$1'));
    expect(documented.flatMap(({ route, isDeprecated }) => (isDeprecated ? [route] : [])).sort()).toEqual(old.sort());
  });
});

/** Of the original's deliverable and of all releases of its code, in its own words. */
const ORIGINAL: Readonly<Record<string, readonly string[]>> = {
  '': ['GET /'],
  '/api/v1': [
    'GET|PUT /config',
    'GET /version',
    'GET /status',
    'GET /caas/config',
    'GET /rules-engine/config',
    'GET|POST /test/req',
    'GET|POST /tasks',
    'GET|DELETE /tasks/{id}',
    'GET /tasks/{id}/all',
    'GET|POST /docks/tasks',
    'POST /docks/tasks-compss',
    'GET /docks/tasksqos',
    'GET /docks/{dock}/tasks',
    'GET|PUT|DELETE /docks/{dock}/tasks/{id}',
    'GET /docks/{dock}/tasks/{id}/containers',
    'POST /rules-engine/docks/{dock}/tasks/{name}/sla',
    'GET|POST /qos/definitions',
    'GET /qos/definitions/{name}',
    'POST /sla/tasks/{id}/guarantee/{guarantee}',
    'GET|POST /functions',
    'GET|POST|DELETE /functions/{id}',
    'GET|POST /imec',
    'GET|PUT|DELETE /imec/{id}',
    'GET|POST|DELETE /imec/{id}/cluster',
    'GET /imec/{id}/status',
  ],
  '/sla/v1': [
    'GET /',
    'GET|POST /providers',
    'GET|DELETE /providers/{id}',
    'GET|POST /agreements',
    'GET|PUT|DELETE /agreements/{id}',
    'GET /agreements/{id}/details',
    'PUT /agreements/{id}/start',
    'PUT /agreements/{id}/stop',
    'PUT /agreements/{id}/terminate',
    'GET|POST /templates',
    'GET /templates/{id}',
    'POST /create-agreement',
    'GET /metrics',
    'POST|DELETE /metrics/{id}',
    'GET|POST /sources/prometheus',
    'DELETE /sources/prometheus/{id}',
    'GET /endpoints',
    'POST|DELETE /endpoints/{id}',
    'PUT /sla-predict',
  ],
};

const originals = Object.entries(ORIGINAL).flatMap(([prefix, paths]) =>
  paths.flatMap((line) => {
    const [methods = '', path = ''] = line.split(' ');
    return methods.split('|').map((method) => ({ method, prefix, path: path.replaceAll(/\{(\w+)\}/g, ':$1') }));
  }),
);

describe("Every path of the original's", () => {
  const gone = [...(text.split('## Paths that are gone')[1] ?? '').matchAll(/^\| `([A-Z]+ \S+)` \|/gm)].map(([, route]) => route);

  it('is in docs/api.md, and served but for those that it says are gone', async () => {
    const routes = new Set(await servedRoutes());
    const wrong = originals.filter(({ method, prefix, path }) => {
      const route = `${method} ${prefix}${path}`;
      return gone.includes(`${method} ${path}`) ? routes.has(route) : !routes.has(route) || !documented.some((one) => one.route === route);
    });
    expect(wrong).toEqual([]);
  });

  it('of the SLA Manager is at a port of its own too', async () => {
    const server = createSlaServer(gatewayOptions());
    await server.ready();
    const bare = originals.filter(({ prefix }) => prefix === '/sla/v1');
    expect(bare.filter(({ method, path }) => !server.hasRoute({ method: method as 'GET', url: path }))).toEqual([]);
  });
});
