import { sentence } from '../errors.ts';
import type { Clock, Log, MetricSource } from '../ports.ts';
import { type Counter, totalsOf } from './counter.ts';
import { judgeGauge } from './gauge.ts';
import { groupBy } from './group-by.ts';
import { judgeCounter } from './judge-counter.ts';
import { createLanes } from './lanes.ts';
import { type JudgeInput, type Member, membersOf } from './member.ts';
import { type Reading, readMembers, readQuery } from './reading.ts';
import type { Measured, Terms } from './terms.ts';
import type { Totals } from './trailer.ts';
import { type Judgement, unknown } from './verdict.ts';

export type { JudgeInput, TaskFacts } from './member.ts';
export type { Judgement, Verdict } from './verdict.ts';

export interface Judge {
  /**
   * Judges the agreements of an environment: one query per source and metric. Never rejects for what a source does:
   * its agreements are `unknown` then. A source that hangs is waited for once, for {@link createLanes}'s patience.
   */
  judge(input: JudgeInput, signal?: AbortSignal): Promise<readonly Judgement[]>;
}

export interface JudgeOptions {
  /** Asked in this order; a later one only for what an earlier one has no series of. */
  sourceOf(infrastructure: string): readonly MetricSource[];
  readonly clock: Clock;
  readonly log: Log;
  readonly evaluateEveryMs: number;
}

export function createJudge(options: JudgeOptions): Judge {
  const { clock, log } = options;
  /** A cache: what is lost with the process is read again from the sources. */
  const counters = new Map<string, Counter>();
  const lanes = createLanes<readonly Judgement[]>(clock);
  return {
    judge: async (input, signal) => {
      const members = membersOf(input, clock);
      if (input.only === undefined) forget(counters, members);
      const bySources = groupBy(members, ({ agreement }) => laneOf(options.sourceOf(agreement.task.infrastructure)));
      const judged = [...bySources].map(async ([lane, group]) => {
        const sources = options.sourceOf(group[0]?.agreement.task.infrastructure ?? '');
        const name = input.only === undefined ? lane : `${lane} pushed`;
        try {
          const answer = await lanes.run(name, () => judgeLane(group, { ...options, sources, counters, signal }));
          if (answer !== undefined) return stillTrue(answer, group);
          return group.map((member) => judgement(member, { verdict: unknown(`No answer yet from ${lane}`), violations: 0 }, {}));
        } catch (error) {
          log.error({ source: lane, reason: sentence(error) }, 'judging failed');
          return group.map((member) => judgement(member, { verdict: unknown(sentence(error)), violations: 0 }, {}));
        }
      });
      return (await Promise.all(judged)).flat();
    },
  };
}

interface Lane extends JudgeOptions {
  readonly sources: readonly MetricSource[];
  readonly counters: Map<string, Counter>;
  readonly signal: AbortSignal | undefined;
}

async function judgeLane(members: readonly Member[], lane: Lane): Promise<readonly Judgement[]> {
  const { sources, counters, evaluateEveryMs, signal } = lane;
  if (sources.length === 0) {
    return members.map((member) => {
      const reason = `Infrastructure '${member.agreement.task.infrastructure}' has no source of metrics: give it spec.prometheus or spec.pushgateway`;
      return judgement(member, { verdict: unknown(reason), violations: 0 }, {});
    });
  }
  const nowMs = lane.clock.now();
  const question = { sources, nowMs, evaluateEveryMs, counters, signal };
  const named = members.filter(({ guarantee }) => guarantee.query === undefined);
  const groups = [...groupBy(named, ({ guarantee }) => guarantee.constraint.metric).values()];
  const queried = members.filter(({ guarantee }) => guarantee.query !== undefined);
  const answers = await Promise.all([
    ...groups.map((group) => readMembers(group, question)),
    ...queried.map(async (member) => new Map([[member, await readQuery(member, question)]])),
  ]);
  const readings = new Map(answers.flatMap((answer) => [...answer]));
  for (const [{ key }, reading] of readings) if ('series' in reading && reading.counter !== undefined) counters.set(key, reading.counter);
  const totals = totalsByTask(members, counters);
  return members.map((member) =>
    judgement(member, measure(member, readings.get(member), lane, nowMs), totals.get(member.agreement.task.id) ?? {}),
  );
}

function measure(member: Member, reading: Reading | undefined, lane: Lane, nowMs: number): Measured {
  const { agreement, guarantee, baseline, names, sinceMs } = member;
  if (reading === undefined) return { verdict: unknown('It was not read'), violations: 0 };
  if ('failed' in reading) return { verdict: unknown(reading.failed), violations: 0 };
  if (baseline === undefined) return { verdict: unknown('The history of its documents does not show when it was made'), violations: 0 };
  const asked = guarantee.query ?? names.slice(0, 2).join(' or ');
  const terms: Terms = {
    guarantee,
    nowMs,
    sinceMs,
    windowMs: agreement.template.window,
    evaluateEveryMs: lane.evaluateEveryMs,
    absent: `${reading.source} has no recent samples of ${asked}`,
    stale: `${reading.source} has only samples of ${asked} that are too old`,
  };
  if (guarantee.kind === 'gauge') return judgeGauge(reading.series, terms, reading.source);
  if (reading.counter === undefined) return { verdict: unknown(terms.absent), violations: 0 };
  return judgeCounter(reading.counter, reading.series, terms, reading.source);
}

function judgement(member: Member, measured: Measured, totals: Totals): Judgement {
  const { agreement, guarantee, names, history } = member;
  return { agreement, guarantee: guarantee.name, kind: guarantee.kind, measuredBy: names, ...measured, totals, history };
}

/** An answer that came late counts only for agreements to which nothing has happened since it was asked for. */
function stillTrue(judgements: readonly Judgement[], members: readonly Member[]): readonly Judgement[] {
  const byKey = new Map(judgements.map((one) => [`${one.agreement.id} ${one.guarantee}`, one]));
  return members.map((member) => {
    const found = byKey.get(`${member.agreement.id} ${member.guarantee.name}`);
    if (found?.history === member.history) return found;
    return judgement(member, { verdict: unknown('It has changed since its source was asked'), violations: 0 }, {});
  });
}

function totalsByTask(members: readonly Member[], counters: ReadonlyMap<string, Counter>): ReadonlyMap<string, Totals> {
  const totals = new Map<string, Record<string, number>>();
  for (const { key, agreement } of members) {
    const counter = counters.get(key);
    if (counter === undefined) continue;
    totals.set(agreement.task.id, { ...totals.get(agreement.task.id), ...totalsOf(counter) });
  }
  return totals;
}

function laneOf(sources: readonly MetricSource[]): string {
  return sources.map(({ name }) => name).join(', ');
}

function forget(counters: Map<string, Counter>, members: readonly Member[]): void {
  const kept = new Set(members.map(({ key }) => key));
  for (const key of counters.keys()) if (!kept.has(key)) counters.delete(key);
}
