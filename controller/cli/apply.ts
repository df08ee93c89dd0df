import { printRef } from '../../synth/manifest.ts';
import { systemClock } from '../adapters/clock.ts';
import { sentence } from '../errors.ts';
import { printConflict, printEnding, printWaiting, printWarnings, type SyncProgress } from '../sync/engine.ts';
import { syncInTurns } from '../sync/turns.ts';
import { inDocuments } from '../wanted.ts';
import { confirm } from './confirm.ts';
import { EXIT } from './exit.ts';
import { type Look, type LookOptions, withLooks } from './looks.ts';
import { planJson, showPlan } from './plan.ts';
import { isSettled, type Settling, untilSettled } from './settle.ts';
import { Tally } from './tally.ts';
import { machineTeller, personTeller, type Teller } from './teller.ts';

type ApplyOptions = LookOptions & { readonly json?: boolean; readonly yes?: boolean; readonly wait?: boolean };

/**
 * Makes the clusters as the branch's tip says, once; asks first, unless told not to. Interrupted once it ends after the calls under
 * way, twice at once; either way it says what was done.
 */
export async function apply(options: ApplyOptions): Promise<number> {
  return withLooks(options, async (looks, unseen, signal) => {
    if (options.json) process.stdout.write(`${JSON.stringify({ event: 'plan', ...planJson(looks, unseen) })}\n`);
    else showPlan(looks, unseen);
    const isChanging = looks.some(({ plan: { changes } }) => changes.length > 0);
    if (isChanging && !options.yes && !(await confirm('Apply these changes?', signal))) return EXIT.failed;
    const works = looks.map((look) => ({ look, tally: new Tally(look.name, look.plan) }));
    const done = await telling(
      works.map(({ tally }) => tally),
      options,
      signal,
      (teller) => Promise.all(works.map(({ look, tally }) => applyOne(look, tally, teller, options, signal))),
    );
    return unseen.length === 0 && done.every(Boolean) ? EXIT.done : EXIT.failed;
  });
}

/** Says what was done in any case, even when the process is left at once. */
async function telling<T>(
  tallies: readonly Tally[],
  { json }: ApplyOptions,
  signal: AbortSignal,
  work: (teller: Teller) => Promise<T>,
): Promise<T> {
  const teller = json ? machineTeller(process.stdout) : personTeller(tallies, process.stderr, process.stdout, systemClock);
  const end = () => teller.end(tallies, signal.aborted);
  process.once('exit', end);
  signal.addEventListener('abort', () => teller.say('Stopping after the calls under way: Ctrl-C again to leave at once'), { once: true });
  try {
    return await work(teller);
  } finally {
    process.off('exit', end);
    end();
  }
}

/** True when everything wanted is there, what isn't is gone, and all is ready where that is waited for. */
async function applyOne(look: Look, tally: Tally, teller: Teller, { wait = true }: ApplyOptions, signal: AbortSignal): Promise<boolean> {
  const told = (settling: Settling) => {
    tally.settling = settling;
    teller.settling(tally);
  };
  try {
    for (let again = look.plan.changes.length > 0; ; again = true) {
      const { deleted } = tally.counts;
      const isWhole = again ? await sync(look, tally, teller, wait, signal) : noteFailed(look, tally, look.plan.failed);
      if (!isWhole || !wait) return isWhole;
      const leaving = tally.counts.deleted > deleted || look.engine.ending().length > 0;
      const settling = await untilSettled(look, told, { clock: systemClock, signal });
      if (!isSettled(settling)) return notSettled(settling, tally);
      // What the objects that are gone stood on may go as well now.
      if (!leaving) return true;
    }
  } catch (error) {
    tally.said.push(sentence(error));
    return false;
  }
}

function noteFailed({ placeOf }: Look, tally: Tally, failed: Look['plan']['failed']): boolean {
  tally.said.push(...failed.map((one) => inDocuments(placeOf, one)));
  return failed.length === 0;
}

function notSettled({ health, ending }: Settling, tally: Tally): boolean {
  const waiting = health.filter(({ state }) => state !== 'ready');
  tally.said.push(
    ...waiting.map(({ ref, state, reason }) => `${printRef(ref)} is ${state}: ${reason}`),
    ...ending.map((one) => printEnding(one, systemClock.now())),
  );
  return false;
}

/** True when everything planned was done. With `wait` also what waits for tasks that have to be ready first. */
async function sync(look: Look, tally: Tally, teller: Teller, wait: boolean, signal: AbortSignal): Promise<boolean> {
  tally.said.length = 0;
  const progress = (news: SyncProgress) => {
    tally.note(news);
    teller.change(tally, news);
  };
  const { engine, target } = look;
  const report = await (wait ? syncInTurns(engine, target, signal, progress) : engine.sync(target, signal, progress));
  const { plan, waiting, failed, conflicts, warnings } = report;
  const isWhole = noteFailed(look, tally, failed) && waiting.length === 0 && plan.held === undefined;
  tally.said.push(
    ...conflicts.map(printConflict),
    ...warnings.flatMap(printWarnings),
    ...printWaiting(waiting),
    ...(plan.held === undefined ? [] : [plan.held]),
  );
  return isWhole;
}
