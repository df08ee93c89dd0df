import { printRef } from '../../synth/manifest.ts';
import { sentence } from '../errors.ts';
import type { Clock } from '../ports.ts';
import { printEnding, type SyncProgress } from '../sync/engine.ts';
import { printable } from '../table.ts';
import { printTally, type Tally } from './tally.ts';

/** Tells how an apply goes. */
export interface Teller {
  change(tally: Tally, news: SyncProgress): void;
  settling(tally: Tally): void;
  say(line: string): void;
  /** The summary; nothing is told after it. */
  end(tallies: readonly Tally[], interrupted: boolean): void;
}

/** Standard error, or what stands for it in a test. */
export interface Screen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const REDRAW_MS = 100;
/** Without a terminal: how often at most it is said that readiness is waited for. */
const QUIET_MS = 5000;
const MARKS = { create: '+ create ', update: '~ update ', delete: '- delete ', keep: '= keep   ', leave: '= leave  ' } as const;

/**
 * For people: one line per change with the time; on a terminal a last line with a clock and counts that is drawn again and again. The
 * summary goes to `out`.
 */
export function personTeller(tallies: readonly Tally[], screen: Screen, out: Screen, clock: Clock): Teller {
  const startedMs = clock.now();
  const waits = new Map<string, { readonly atMs: number; readonly text: string }>();
  const isLive = screen.isTTY === true;
  const wipe = isLive ? '\r\u001b[K' : '';
  const status = () => (isLive ? printStatus(tallies, clock.now() - startedMs).slice(0, (screen.columns || 80) - 1) : '');
  const line = (text: string) => screen.write(`${wipe}${timeOf(clock.now())}  ${printable(text)}\n${status()}`);
  const timer = isLive ? setInterval(() => screen.write(`${wipe}${status()}`), REDRAW_MS) : undefined;

  const change: Teller['change'] = ({ name }, news) => {
    const text = printNews(name, news);
    if (text !== undefined) line(text);
  };
  const settling: Teller['settling'] = (tally) => {
    const text = printWaiting(tally);
    const before = waits.get(tally.name);
    const isSaid = before?.text === text || (text !== '' && before !== undefined && clock.now() - before.atMs < QUIET_MS);
    if (isSaid || (isLive && text !== '')) return;
    waits.set(tally.name, { atMs: clock.now(), text });
    line(text === '' ? `= ready    all ${tally.ready?.of} on ${tally.name}` : `… waiting  on ${tally.name}: ${text}`);
  };
  return {
    change,
    settling,
    say: line,
    end(all, interrupted) {
      clearInterval(timer);
      screen.write(wipe);
      for (const { name, said } of all) for (const text of said) screen.write(`${name}: ${printable(text)}\n`);
      for (const tally of all) out.write(`${tally.name}: ${printTally(tally)}\n`);
      if (interrupted) out.write('Interrupted: the next apply goes on from here.\n');
    },
  };
}

/** For machines: one JSON object a line; the shapes are described in docs/operations.md. */
export function machineTeller(out: Screen): Teller {
  const tell = (event: string, fields: object) => out.write(`${JSON.stringify({ event, ...fields })}\n`);
  return {
    change: ({ name }, { change: { op, ref, reason }, state, error }) =>
      tell('change', { infrastructure: name, state, op, ref, reason, ...(error === undefined ? {} : { error: sentence(error) }) }),
    settling: ({ name, ready, settling }) =>
      tell('settling', {
        infrastructure: name,
        ...ready,
        waiting: settling?.health.filter(({ state }) => state !== 'ready').map(({ ref, state, reason }) => ({ ref, state, reason })),
        ending: settling?.ending,
      }),
    say: () => undefined,
    end: (tallies, interrupted) =>
      tell('summary', {
        interrupted,
        infrastructures: tallies.map(({ name, counts, ready, said }) => ({ name, ...counts, ...ready, said })),
      }),
  };
}

function printNews(name: string, { change: { op, ref, waitsFor }, state, error }: SyncProgress): string | undefined {
  const what = `${printRef(ref)} on ${name}`;
  if (state === 'done') return `${MARKS[op]}  ${what}`;
  if (state === 'waiting') return `… waiting  ${what}: for ${waitsFor}`;
  return state === 'failed' ? `! failed   ${what}: ${sentence(error)}` : undefined;
}

/** `0:03  12/40 done, 1 failed; 8 of 12 are ready: Deployment class/web (1 of 3 replicas are ready) and 3 more` */
function printStatus(tallies: readonly Tally[], elapsedMs: number): string {
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0);
  const failed = sum(({ counts }) => counts.failed);
  const done = sum(({ counts: { created, updated, deleted } }) => created + updated + deleted);
  const seconds = Math.floor(elapsedMs / 1000);
  const waiting = tallies.filter((tally) => printWaiting(tally) !== '');
  const parts = [
    `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}  ${done}/${sum(({ counts }) => counts.planned)} done`,
    ...(failed === 0 ? [] : [`${failed} failed`]),
    ...waiting.map((tally) => `${tally.name}: ${printWaiting(tally)}`),
  ];
  return printable(parts.join(', '));
}

/** What is waited for; '' when nothing is. */
function printWaiting({ ready, settling }: Tally): string {
  const waiting = (settling?.health ?? [])
    .filter(({ state }) => state !== 'ready')
    .map(({ ref, reason }) => `${printRef(ref)} (${reason})`);
  const [first, ...others] = [...waiting, ...(settling?.ending ?? []).map((one) => printEnding(one))];
  if (first === undefined) return '';
  return `${ready?.ready} of ${ready?.of} are ready: ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

/** `12:31:05`, of the machine's time zone. */
function timeOf(nowMs: number): string {
  return new Date(nowMs).toTimeString().slice(0, 8);
}
