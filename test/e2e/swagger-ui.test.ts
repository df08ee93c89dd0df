import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Gateway, startGateway } from '../../controller/gateway/server.ts';
import { closeTab, openTab, startBrowser } from '../support/chromium.ts';
import { gatewayOptions } from '../support/gateway.ts';

let gateway: Gateway;
let browser: Awaited<ReturnType<typeof startBrowser>>;
beforeAll(async () => {
  [gateway, browser] = await Promise.all([startGateway({ ...gatewayOptions(), listen: { host: '127.0.0.1', port: 0 } }), startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await gateway?.close();
});

it('Swagger UI asks /version by "try it out", and nobody elsewhere for anything', async () => {
  const tab = await openTab(browser);
  const { page, problems } = tab;
  const elsewhere: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(gateway.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
  });
  await page.goto(`${gateway.url}/swaggerui/#/status/getVersion`);
  for (const button of ['.try-out__btn', '.execute']) {
    const found = await page.waitForSelector(`#operations-status-getVersion ${button}`, { timeout: 30_000 });
    await found?.click();
  }
  await page.waitForSelector('#operations-status-getVersion .live-responses-table .response', { timeout: 30_000 });
  const answered = await page.$eval('#operations-status-getVersion .live-responses-table', (table) => table.textContent);
  expect(answered).toMatch(/200[\s\S]*rotterdam-sync 1\.2\.3/);
  expect(await page.$eval('body', (body) => body.textContent)).toContain('Authorize');
  expect({ problems, elsewhere }).toEqual({ problems: [], elsewhere: [] });
  await closeTab(tab);
});
