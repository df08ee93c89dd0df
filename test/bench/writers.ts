import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Race, raceWriters } from '../support/race-writers.ts';
import { median, ms, ratio } from './measure.ts';
import type { Figure } from './report.ts';

const WRITERS = 50;
const AIM_MS = 30_000;

/** As many controllers as that on one branch, a decision each at the same moment, against the same one after the other. */
export async function benchWriters(): Promise<Figure[]> {
  const together = await race(true);
  const inTurn = await race(false);
  const [all, alone] = [together, inTurn].map(({ landedMs }) => Math.max(...landedMs)) as [number, number];
  const once = new Set(together.ids).size;
  return [
    {
      what: `${WRITERS} writers on one branch at once, until the last has landed`,
      figure: ms(all),
      against: 'the same one after the other',
      floor: ms(alone),
      ratio: ratio(all / alone),
      how: `a clone each, all on one file; median ${ms(median(together.landedMs))}, ${together.conflicts} races lost; ${WRITERS - once} decisions lost, ${together.ids.length - once} twice; aim ${ms(AIM_MS)}`,
    },
  ];
}

async function race(atOnce: boolean): Promise<Race> {
  const folder = mkdtempSync(join(tmpdir(), 'rotterdam-writers-'));
  try {
    return await raceWriters(folder, WRITERS, atOnce);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
