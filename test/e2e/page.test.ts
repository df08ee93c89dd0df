import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, HTTPRequest, Page } from 'puppeteer-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withGrant } from '../../controller/gateway/access/tokens.ts';
import { closeTab, openTab, PHONE, startBrowser, type Tab } from '../support/chromium.ts';
import { infrastructure } from '../support/city.ts';
import { deadlines, type PageCity, startPageCity, taskDocument } from '../support/page-city.ts';
import { have } from '../support/parts.ts';
import { hold } from '../support/tokens.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const HOSTILE = '<img src=x onerror="document.title=\'owned\'">';
const SOON = { timeout: 20_000, interval: 50 };

/** What people see of an element, its lines as one. */
function textOf(page: Page, selector: string): Promise<string> {
  return page
    .$eval(selector, (element) => (element as unknown as { innerText: string }).innerText.replaceAll(/\s+/g, ' ').replaceAll('\u200b', ''))
    .catch(() => '');
}

const rowOf = (page: Page, task: string) => textOf(page, `#tasks tr[data-id="${task}"]`);

describe.skipIf(!have('git', 'chromium'))('The page in a browser', () => {
  let browser: Browser;
  let world: PageCity;
  let tab: Tab;

  /** The page once it shows the tasks. */
  const open = async (path = '/', viewport?: typeof PHONE) => {
    tab = await openTab(browser, viewport);
    await tab.page.goto(`${world.watch.url}${path}`);
    await tab.page.waitForSelector('body[data-shown]');
    return tab.page;
  };

  beforeAll(async () => {
    [browser, world] = await Promise.all([startBrowser(), startPageCity()]);
    await world.push({ deadlines_missed_compss_workflow: 0, latency_ms_air_quality: 120 });
    await world.watch.until('ready', ({ task }) => task === 'tram_positions');
  });
  afterAll(async () => {
    await browser?.close();
    await world?.stop();
  });
  afterEach(async () => {
    if (tab === undefined) return;
    const { problems } = tab;
    await closeTab(tab);
    expect(problems).toEqual([]);
  });

  it('shows infrastructures, docks, tasks and agreements', async () => {
    const page = await open();
    expect(await page.title()).toMatch(/^\(\d\) city · rotterdam-sync$/);
    await expect.poll(() => rowOf(page, 'compss_workflow'), SOON).toMatch(/^compss-workflow class modena 4\/4 ready met$/);
    await expect
      .poll(() => rowOf(page, 'parking'), SOON)
      .toMatch(/^parking analytics florence 0\/2 progressing its rollout has not settled: 0 of 2 replicas are ready none$/);
    await expect.poll(() => textOf(page, '#infrastructures'), SOON).toMatch(/bologna unreachable .*edge-1 ready 2 tasks/);
    await expect.poll(() => textOf(page, '#docks'), SOON).toMatch(/analytics \d+\/\d+ ready .*class \d+\/\d+ ready/);
    await expect.poll(() => textOf(page, '#agreements'), SOON).toMatch(/air_quality_latency latency_ms < 250 met 120 \/ 250/);
    await expect.poll(() => textOf(page, '#decisions'), SOON).toMatch(/Nothing was decided yet/);
    expect(await textOf(page, '#connection')).toBe('Live');
  });

  it('shows what a commit changes, without being loaded again', async () => {
    const page = await open();
    await page.evaluate('window.mark = 1');
    await page.focus('#tasks tr[data-id="tram_positions"] a');
    world.city.commit(
      { 'tasks/tram-positions.json': taskDocument('tram-positions', { dock: 'analytics', infrastructure: 'edge-1', replicas: 3 }) },
      'More trams',
    );
    await expect.poll(() => rowOf(page, 'tram_positions'), SOON).toMatch(/3\/3 ready/);
    expect(await page.evaluate('window.mark')).toBe(1);
    expect(await page.evaluate('document.activeElement.dataset.key')).toBe('task:tram_positions');
  });

  it('shows a broken promise, the decision on it, and its commit', async () => {
    const page = await open();
    await expect.poll(() => textOf(page, '#agreements'), SOON).toMatch(/compss_workflow_deadlines deadlines_missed < 1 met 0 \/ 1/);
    await world.push({ deadlines_missed_compss_workflow: 2 });
    await expect.poll(() => textOf(page, '#decisions'), SOON).toMatch(/compss-workflow 4 → 6 .*deadlines_missed 2, promised < 1/);
    await expect.poll(() => rowOf(page, 'compss_workflow'), SOON).toMatch(/6\/6 ready/);
    await expect.poll(() => page.$$eval('#agreements .sparkline .violated', ({ length }) => length), SOON).toBeGreaterThan(0);
    await page.click('#decisions .commit a');
    await expect
      .poll(() => textOf(page, '#story'), SOON)
      .toMatch(/Scale compss-workflow 4 → 6.*Rotterdam-Decision: .*- "replicas": 4, \+ "replicas": 6,/);
  });

  it('tells a task’s story, and gives the focus back', async () => {
    const page = await open();
    await page.focus('#tasks tr[data-id="compss_workflow"] a');
    await page.keyboard.press('Enter');
    await expect
      .poll(() => textOf(page, '#story'), SOON)
      .toMatch(
        /^compss-workflow .*6 replicas, declared at environments\/city\/tasks\/compss-workflow.json:1:1 .*modena ready 6 of 6 ready .*met deadlines_missed < 1, else scale_out × 1.5 up to 10 .*How it came here 4 → 6 as deadlines_missed/,
      );
    expect(page.url()).toMatch(/#task\/compss_workflow$/);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.$eval('#story', (dialog) => dialog.hasAttribute('open'))).toBe(false);
    expect(await page.evaluate('document.activeElement.dataset.key')).toBe('task:compss_workflow');
    expect(page.url()).not.toContain('#');
  });

  it('finds tasks by what is typed', async () => {
    const page = await open();
    const shown = () => page.$$eval('#tasks tbody tr', (rows) => rows.map((row) => row.getAttribute('data-id')));
    await page.type('#filter', 'edge-1 ready');
    expect(await shown()).toEqual(['traffic_lights', 'tram_positions']);
    expect(await textOf(page, '#tasks .found')).toBe('2 of 8 tasks');
    await page.$eval('#filter', (input) => Object.assign(input, { value: '' }));
    await page.click('#look');
    await expect.poll(shown, SOON).toEqual(['noise_map', 'parking']);
  });

  it('fits a phone', async () => {
    const page = await open('/', PHONE);
    const widths = () => page.evaluate('[document.documentElement.scrollWidth, innerWidth]');
    expect(await widths()).toEqual([360, 360]);
    await page.tap('#tasks tr[data-id="compss_workflow"] a');
    await expect.poll(() => textOf(page, '#story'), SOON).toMatch(/How it came here/);
    expect(await widths()).toEqual([360, 360]);
    expect(await page.$eval('#story', (dialog) => dialog.scrollWidth - dialog.clientWidth)).toBe(0);
  });

  it.each([
    ['in the light', 'light', undefined, '/'],
    ['in the dark', 'dark', undefined, '/'],
    ['on a phone', 'light', PHONE, '/'],
    ['as a story', 'dark', undefined, '/#task/compss_workflow'],
  ] as const)('can be used by all: %s', async (_, scheme, viewport, path) => {
    const page = await open('/', viewport);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    if (path !== '/') await page.goto(`${world.watch.url}${path}`);
    if (path !== '/') await expect.poll(() => textOf(page, '#story'), SOON).toMatch(/How it came here/);
    // The policy of the page lets nobody else's script in, and that of who tests by the debugger's way.
    await page.evaluate(`${readFileSync(AXE, 'utf8')}; undefined`);
    const { violations, passes } = (await page.evaluate(
      `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'best-practice'] })`,
    )) as {
      violations: readonly { id: string; nodes: readonly { html: string }[] }[];
      passes: readonly unknown[];
    };
    expect(passes.length).toBeGreaterThan(20);
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  it('makes no markup of what it is told', async () => {
    tab = await openTab(browser);
    const { page } = tab;
    await answering(page, async (request) => {
      if (!/\/(api|sla)\/v1\//.test(request.url()) || request.url().includes('/events')) return undefined;
      const json = await (await fetch(request.url())).json();
      return { status: 200, body: JSON.stringify(planted(json)) };
    });
    await page.goto(world.watch.url);
    await page.waitForSelector('body[data-shown]');
    await page.click('#tasks tbody a');
    await expect.poll(() => textOf(page, '#story'), SOON).toContain(HOSTILE);
    expect(await textOf(page, '#infrastructures')).toContain(HOSTILE);
    expect(await page.$$eval('img, [onerror], main script', ({ length }) => length)).toBe(0);
    expect(await page.title()).not.toBe('owned');
  });

  it('says when the connection is lost, and goes on when it is back', async () => {
    const page = await open();
    await page.setOfflineMode(true);
    await expect.poll(() => textOf(page, '#connection'), { timeout: 40_000 }).toMatch(/^Connection lost, last seen (just now|\d+ s ago)/);
    await page.setOfflineMode(false);
    await expect.poll(() => textOf(page, '#connection'), { timeout: 40_000 }).toBe('Live');
  });
});

describe.skipIf(!have('git', 'chromium'))('The page of many tasks', () => {
  it('shows the first at once, and finds the last', async () => {
    const tasks = Array.from({ length: 400 }, (_, at) => [
      `tasks/task-${at}.json`,
      taskDocument(`task-${at}`, { infrastructure: 'bologna', qos: ['deadlines'] }),
    ]);
    const [browser, world] = await Promise.all([
      startBrowser(),
      startPageCity({
        'infrastructures/bologna.json': infrastructure('bologna'),
        'qos/deadlines.json': deadlines('deadlines'),
        ...Object.fromEntries(tasks),
      }),
    ]);
    try {
      await world.watch.until('verdict');
      const { page, problems } = await openTab(browser);
      await page.goto(world.watch.url);
      await page.waitForSelector('#tasks tbody tr');
      expect((await page.$$('#tasks tbody tr')).length).toBe(100);
      expect(await page.evaluate('performance.now()')).toBeLessThan(5_000);
      await page.type('#filter', 'task-399');
      expect(await textOf(page, '#tasks .found')).toBe('1 of 400 tasks');
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
      await world.stop();
    }
  });
});

describe.skipIf(!have('git', 'chromium'))('The page where tokens are needed', () => {
  it('asks for one, keeps it in the tab, and shows what it is good for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rotterdam-tokens-'));
    const { token, grant } = hold('analyst', 'read', ['class']);
    writeFileSync(join(folder, 'tokens.yaml'), withGrant('', grant));
    const tasks = {
      'tasks/web.json': taskDocument('web', { dock: 'class' }),
      'tasks/trams.json': taskDocument('trams', { dock: 'transport' }),
    };
    const [browser, world] = await Promise.all([startBrowser(), startPageCity(tasks, ['--tokens', join(folder, 'tokens.yaml')])]);
    try {
      const { page, problems } = await openTab(browser);
      await page.goto(world.watch.url);
      const enter = async (text: string) => {
        await page.waitForSelector('#login[open]');
        await page.type('#token', text);
        await page.keyboard.press('Enter');
      };
      await enter('rotterdam_wrong');
      await expect.poll(() => textOf(page, '#login'), SOON).toMatch(/It was refused: ./);
      await enter(token);
      await page.waitForSelector('#tasks tbody tr');
      expect(await page.$$eval('#tasks tbody tr', (rows) => rows.map((row) => row.getAttribute('data-id')))).toEqual(['web']);
      await expect.poll(() => textOf(page, '#connection'), SOON).toBe('Live');
      await page.reload();
      await page.waitForSelector('#tasks tbody tr');
      expect(page.url()).not.toContain('rotterdam_');
      expect(await page.evaluate('[localStorage.length, document.cookie]')).toEqual([0, '']);
      expect(problems.filter((problem) => !problem.startsWith('401 '))).toEqual([]);
    } finally {
      await browser.close();
      await world.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

/** Answers some of a page's requests in place of the server; undefined lets it answer itself. */
async function answering(page: Page, answer: (request: HTTPRequest) => Promise<{ status: number; body: string } | undefined>) {
  await page.setRequestInterception(true);
  page.on('request', async (request) => {
    const answered = await answer(request);
    if (answered === undefined) await request.continue();
    else await request.respond({ ...answered, contentType: 'application/json' });
  });
}

/** The same with markup after every text, but for what is read as a time, an id or a word. */
function planted(value: unknown): unknown {
  if (typeof value === 'string') return /^(\d{4}-.*|[a-z]+)$/.test(value) ? value : `${value} ${HOSTILE}`;
  if (Array.isArray(value)) return value.map(planted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, key === 'id' ? one : planted(one)]));
}
