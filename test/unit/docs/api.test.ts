import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { servedRoutes } from '../../support/routes.ts';

const text = readFileSync(join(fileURLToPath(new URL('../../..', import.meta.url)), 'docs/api.md'), 'utf8');

/** Rows of the tables of paths, below their prefixes. */
const documented = ['/api/v1', '/sla/v1'].flatMap((prefix) => {
  const section = text.split(`## Paths of \`${prefix}\``)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `([A-Z]+) (\S+)` \|/gm)].map(([, method = '', path = '']) => {
    const url = path === '/' && prefix === '/api/v1' ? '/' : `${prefix}${path === '/' ? '/' : path}`;
    return `${method} ${url}`;
  });
});

describe('docs/api.md', () => {
  it('lists every path that is served, and none besides', async () => {
    const others = /^HEAD |^\S+ \/(healthz|readyz|metrics|openapi|swagger|page|api\/v1\/(reconcile|hooks|openapi)|sla\/v1$)/;
    expect((await servedRoutes()).filter((route) => !others.test(route)).sort()).toEqual([...documented].sort());
  });
});
