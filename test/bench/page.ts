import { openTab, startBrowser } from '../support/chromium.ts';
import { infrastructure } from '../support/city.ts';
import { deadlines, startPageCity, taskDocument } from '../support/page-city.ts';
import { median, ms, ratio } from './measure.ts';
import type { Figure } from './report.ts';

const TASKS = 1_000;
const LOADS = 5;

/** The page of a thousand tasks with a promise each, in Chromium. */
export async function benchPage(): Promise<Figure[]> {
  const tasks = Array.from({ length: TASKS }, (_, at) => [
    `tasks/task-${at}.json`,
    taskDocument(`task-${at}`, { infrastructure: 'bologna', qos: ['deadlines'] }),
  ]);
  const files = { 'infrastructures/bologna.json': infrastructure('bologna'), 'qos/deadlines.json': deadlines('deadlines') };
  const world = await startPageCity({ ...files, ...Object.fromEntries(tasks) });
  const browser = await startBrowser();
  try {
    await world.watch.until('verdict');
    const shownMs: number[] = [];
    const typedMs: number[] = [];
    let heapBytes = 0;
    for (let at = 0; at < LOADS; at += 1) {
      const { page } = await openTab(browser);
      await page.goto(world.watch.url);
      await page.waitForSelector('#tasks tbody tr');
      shownMs.push(Number(await page.evaluate("performance.getEntriesByName('shown')[0].startTime")));
      typedMs.push(Number(await page.evaluate(FILTER)));
      heapBytes = (await page.metrics()).JSHeapUsedSize ?? 0;
      await page.close();
    }
    return [
      {
        what: `the page of ${TASKS} tasks: from the request until the first tasks are shown`,
        figure: ms(median(shownMs)),
        against: 'the aim',
        floor: '1 s',
        ratio: ratio(median(shownMs) / 1_000),
        how: `median of ${LOADS} tabs with nothing cached; ${Math.round(heapBytes / 1e6)} MB of heap; a letter in the filter ${ms(median(typedMs))}`,
      },
    ];
  } finally {
    await browser.close();
    await world.stop();
  }
}

/** How long one more letter takes until it is laid out. */
const FILTER = `(() => {
  const filter = document.querySelector('#filter');
  const startMs = performance.now();
  filter.value = '9';
  filter.dispatchEvent(new Event('input'));
  document.body.offsetHeight;
  return performance.now() - startMs;
})()`;
