import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createServer } from '../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../support/gateway.ts';

const text = readFileSync(join(fileURLToPath(new URL('../../..', import.meta.url)), 'docs/api.md'), 'utf8');

/** Rows of the tables of paths, below their prefixes. */
const documented = ['/api/v1', '/sla/v1'].flatMap((prefix) => {
  const section = text.split(`## Paths of \`${prefix}\``)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([A-Z]+) (\S+)` \|/gm)].map(([, method = '', path = '']) => {
    const url = path === '/' && prefix === '/api/v1' ? '/' : `${prefix}${path === '/' ? '/' : path}`;
    return `${method} ${url}`;
  });
});

/** The branches of the router's tree, put together again. */
async function served(): Promise<readonly string[]> {
  const server = createServer(gatewayOptions());
  await server.ready();
  const above: string[] = [];
  return server
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, branch = '', segment = '', methods = ''] = /^([ │]*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
      const depth = branch.length / 4;
      above.splice(depth, above.length, segment);
      const url = above.join('');
      return methods
        .split(', ')
        .filter((method) => method !== '')
        .map((method) => `${method} ${url}`);
    });
}

describe('docs/api.md', () => {
  it('lists every path that is served, and none besides', async () => {
    const others = /^HEAD |^\S+ \/(healthz|readyz|metrics|api\/v1\/(reconcile|hooks)|sla\/v1$)/;
    expect((await served()).filter((route) => !others.test(route)).sort()).toEqual([...documented].sort());
  });
});
