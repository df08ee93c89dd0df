import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Viewport } from 'puppeteer-core';
import { closeTab, openTab, PHONE, startBrowser } from '../support/chromium.ts';
import { type PageCity, startPageCity } from '../support/page-city.ts';
import { withFewColours } from '../support/png.ts';

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const DESKTOP: Viewport = { width: 1360, height: 1060 };
const STEPS = 45;

/** `npm run screenshots`: plays a minute in a city, and takes the pictures of the page that are in the docs. */
const world = await startPageCity();
const browser = await startBrowser();
mkdirSync(FOLDER, { recursive: true });
try {
  // One who watches from the beginning sees all trends.
  await play(world);
  await take('page-light', { viewport: DESKTOP });
  await take('page-dark', { viewport: DESKTOP, scheme: 'dark' });
  await take('page-story', { viewport: { width: 1000, height: 660 }, path: '#task/compss_workflow' });
  await take('page-phone', { viewport: { ...PHONE, height: 720 } });
} finally {
  await browser.close();
  await world.stop();
}

/** Deadlines are missed once, and a latency swings until it is above its limit. */
async function play({ push, watch }: PageCity): Promise<void> {
  await push({
    deadlines_missed_compss_workflow: 0,
    deadlines_missed_traffic_lights: 0,
    latency_ms_air_quality: 120,
    latency_ms_traffic_lights: 90,
  });
  await watch.until('ready', ({ task }) => task === 'web');
  for (let step = 0; step < STEPS; step += 1) {
    await push({
      deadlines_missed_compss_workflow: step < STEPS / 2 ? 0 : 2,
      latency_ms_air_quality: Math.round(140 + 70 * Math.sin(step / 4)),
      latency_ms_traffic_lights: step > STEPS - 4 ? 312 : Math.round(150 + 40 * Math.cos(step / 2) + step),
    });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

interface Shot {
  readonly viewport: Viewport;
  readonly scheme?: 'light' | 'dark';
  readonly path?: string;
}

async function take(name: string, { viewport, scheme = 'light', path = '' }: Shot): Promise<void> {
  const tab = await openTab(browser, viewport);
  await tab.page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await tab.page.goto(`${world.watch.url}/${path}`);
  await tab.page.waitForSelector('body[data-shown]');
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  writeFileSync(`${FOLDER}${name}.png`, withFewColours(await tab.page.screenshot()));
  await closeTab(tab);
}
