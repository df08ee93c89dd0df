import puppeteer, { type Browser, type Page, type Viewport } from 'puppeteer-core';
import { CHROMIUM } from './parts.ts';

export const DESKTOP: Viewport = { width: 1280, height: 900 };
/** The narrowest that is sold, nearly. */
export const PHONE: Viewport = { width: 360, height: 740, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/** A page, and what went wrong on it. */
export interface Tab {
  readonly page: Page;
  /** Errors on the console, thrown and not caught, answers of 400 and above, and what the content security policy refused, in their order. */
  readonly problems: readonly string[];
}

/** Debian's Chromium without a window; close it when done. */
export function startBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: CHROMIUM ?? 'chromium',
    // Root has no sandbox to use; containers have a small /dev/shm. The pages are our own.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-extensions', '--no-first-run'],
  });
}

/** An empty page that shares nothing with those before. */
export async function openTab(browser: Browser, viewport: Viewport = DESKTOP): Promise<Tab> {
  const page = await (await browser.createBrowserContext()).newPage();
  const problems: string[] = [];
  await page.setViewport(viewport);
  page.on('console', (message) => {
    // What an answer was is told below, with its address.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(`thrown: ${error instanceof Error ? error.message : String(error)}`));
  page.on('response', (response) => {
    if (response.status() >= 400) problems.push(`${response.status()} ${response.url()}`);
  });
  return { page, problems };
}

/** Closes a tab with all that it shares with nobody. */
export function closeTab({ page }: Tab): Promise<void> {
  return page.browserContext().close();
}
