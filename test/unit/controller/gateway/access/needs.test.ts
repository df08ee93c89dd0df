import { describe, expect, it } from 'vitest';
import { needOf, ROUTES } from '../../../../../controller/gateway/access/needs.ts';
import { createServer, createSlaServer } from '../../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';
import { servedRoutes } from '../../../../support/routes.ts';
import { bearer, hold } from '../../../../support/tokens.ts';

/** What stands before a wildcard is not printed. */
const served = (await servedRoutes()).map((route) => route.replace('/metrics*', '/metrics/job*'));

describe('The table of what routes ask for', () => {
  it('has every route that is served: put a new one where it belongs', () => {
    expect(served.filter((route) => needOf(...(route.split(' ') as [string, string])) === undefined)).toEqual([]);
  });

  it('has no route that is not', () => {
    expect(ROUTES.filter((route) => !served.includes(route))).toEqual([]);
  });

  it('lets nobody write with a read scope', () => {
    expect(
      served.filter((route) => !/^(GET|HEAD) /.test(route) && /^(open|read)/.test(needOf(...(route.split(' ') as [string, string])) ?? '')),
    ).toEqual([]);
  });

  it('refuses a route that it does not have to everybody', async () => {
    const { token, grant } = hold('ada', 'admin');
    const server = createServer(gatewayOptions({ grants: () => [grant] }));
    server.get('/api/v1/forgotten', async () => 'told');
    const reply = await server.inject({ url: '/api/v1/forgotten', headers: bearer(token) });
    expect([reply.statusCode, reply.body]).toEqual([403, expect.not.stringContaining('told')]);
  });

  it('holds for the bare paths of the SLA Manager as well', async () => {
    const { token, grant } = hold('reader', 'read');
    const server = createSlaServer(gatewayOptions({ grants: () => [grant] }));
    const status = async (method: 'GET' | 'POST', headers: object) =>
      (await server.inject({ method, url: '/templates', headers: { ...headers } })).statusCode;
    // No revision is in force here.
    expect([await status('GET', {}), await status('GET', bearer(token)), await status('POST', bearer(token))]).toEqual([401, 503, 403]);
  });
});
