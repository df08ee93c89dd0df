import { describe, expect, it } from 'vitest';
import { prefersHtml } from '../../../../controller/gateway/page.ts';
import { createServer } from '../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../support/gateway.ts';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';
const server = createServer(gatewayOptions());
const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  server.inject({ method: 'GET', url, headers: { host: 'localhost', ...headers } });

describe('The page', () => {
  it('is what a browser gets at /, and nobody else', async () => {
    const page = await get('/', { accept: BROWSER });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers.vary).toContain('accept');
    expect(page.body).toMatch(/^<!doctype html>/);
    const envelope = await get('/', { accept: '*/*' });
    expect(envelope.json()).toMatchObject({ resp: 'ok', method: 'Root' });
    expect(envelope.headers.vary).toContain('accept');
  });

  it('may run and load nothing but its own files, in no frame', async () => {
    const { headers } = await get('/', { accept: BROWSER });
    const policy = String(headers['content-security-policy']);
    for (const rule of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"])
      expect(policy.split('; ')).toContain(rule);
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('has nothing inline, and all that it names is there', async () => {
    const { body } = await get('/', { accept: BROWSER });
    expect(body).not.toMatch(/<style|<script(?![^>]* src=)|\son\w+=|\sstyle=/);
    const named = [...body.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(named.length).toBeGreaterThan(10);
    for (const path of named) expect((await get(path)).statusCode).toBe(200);
    const scripts = named.filter((path) => path.endsWith('.js'));
    const imported = await Promise.all(
      scripts.map(async (path) => [...(await get(path)).body.matchAll(/from '\.\/([^']+)'/g)].map(([, name]) => `/page/${name}`)),
    );
    expect(imported.flat().filter((path) => !scripts.includes(path))).toEqual([]);
  });

  it('is sent once, and again only when it changed', async () => {
    const { headers, body } = await get('/page/main.js');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(body).not.toBe('');
    const again = await get('/page/main.js', { 'if-none-match': String(headers.etag) });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await get('/page/main.js', { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });

  it.each(['/page/none.js', '/page/..%2fpage.ts', '/page/%2e%2e/page.ts', '/page/'])('has no file %s', async (url) => {
    expect((await get(url)).statusCode).toBe(404);
  });
});

describe('prefersHtml', () => {
  it.each([
    [BROWSER, true],
    ['text/html', true],
    ['text/html;q=0.5, application/json', false],
    ['application/json, text/html;q=0.9', false],
    ['application/json', false],
    ['*/*', false],
    ['text/html;q=0', false],
    [undefined, false],
    [',;q=,,', false],
  ])('%s: %s', (accept, expected) => {
    expect(prefersHtml(accept)).toBe(expected);
  });
});
