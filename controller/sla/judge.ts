import { isDeepStrictEqual } from 'node:util';
import { queryOf } from '../../constructs/spec/promql.ts';
import { sentence } from '../errors.ts';
import type { Clock, Log, MetricSource } from '../ports.ts';
import type { Agreement } from './agreement.ts';
import type { Suspects } from './asking.ts';
import { createBudgets } from './budgets.ts';
import { type Counter, totalsOf } from './counter.ts';
import { groupBy } from './group-by.ts';
import { judgeGuarantee } from './judge-guarantee.ts';
import { createLanes } from './lanes.ts';
import { type JudgeInput, type Member, membersOf, type Part } from './member.ts';
import { newcomersIn } from './newcomers.ts';
import { once } from './once.ts';
import { pastOf, violatedSinceMs } from './past.ts';
import { overPlaces, type PlacedJudgement } from './places.ts';
import { readQueries } from './read-query.ts';
import { isFound, type Question, type Reading, readParts } from './reading.ts';
import { REPORTED, reportedTo } from './reported.ts';
import type { Measured, Terms } from './terms.ts';
import type { Totals } from './trailer.ts';
import { type Judgement, unknown } from './verdict.ts';

export type { JudgeInput, TaskFacts } from './member.ts';
export type { Judgement, Verdict } from './verdict.ts';

export interface Judge {
  /**
   * Judges the agreements of an environment, each by all infrastructures of its task: one query per source and metric. Never rejects for what a source does:
   * its agreements are `unknown` then. A source that hangs is waited for once, for {@link createLanes}'s patience.
   */
  judge(input: JudgeInput, signal?: AbortSignal): Promise<readonly Judgement[]>;
}

export interface JudgeOptions {
  /** Asked in this order; a later one only for what an earlier one has no series of. */
  sourceOf(infrastructure: string, source: string | undefined): readonly MetricSource[];
  /** Where violations that others reported are counted. */
  readonly reports?: MetricSource | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly evaluateEveryMs: number;
}

export function createJudge(options: JudgeOptions): Judge {
  const { clock, log } = options;
  /** A cache: what is lost with the process is read again from the sources. */
  const counters = new Map<string, Counter>();
  /** By the key of a part whose series the first source has: that one is asked alone, so that no other delays it. */
  const answeredBy = new Map<string, string>();
  /** They have a lane of their own. */
  const suspects: Suspects = new Map();
  const reports = options.reports && [options.reports];
  const allWith = (ask: JudgeOptions['sourceOf']) => (member: Member) => {
    const { names, agreement, guarantee } = member;
    if (reports !== undefined && names[0] === REPORTED) return reports;
    return ask(agreement.task.infrastructure, guarantee.source);
  };
  const needed = (sources: readonly MetricSource[], { parts }: Member) => {
    if (sources.length <= 1) return sources;
    return parts.every(({ key }) => sources[0]?.name === answeredBy.get(key)) ? sources.slice(0, 1) : sources;
  };
  const lanes = createLanes<Answered>(clock, options.evaluateEveryMs);
  const budgets = createBudgets(clock);
  const unknownSince = new Map<string, number>();
  /** What was judged last, with all its agreements. */
  let last: JudgeInput | undefined;
  const told = (judgement: Judgement): Judgement => {
    const { agreement, verdict } = judgement;
    const isKnown = verdict.state !== 'unknown' && agreement.template.objective === undefined;
    if (isKnown && unknownSince.size === 0) return judgement;
    const key = keyOf(agreement, judgement.guarantee);
    if (verdict.state !== 'unknown') unknownSince.delete(key);
    if (isKnown) return judgement;
    const sinceMs = unknownSince.get(key) ?? clock.now();
    if (verdict.state === 'unknown') unknownSince.set(key, sinceMs);
    const budgetRemaining = agreement.template.objective === undefined ? undefined : budgets.remaining(agreement);
    return {
      ...judgement,
      ...(verdict.state === 'unknown' ? { unknownSinceMs: sinceMs } : {}),
      ...(budgetRemaining === undefined ? {} : { budgetRemaining }),
    };
  };
  return {
    judge: async (input, signal) => {
      const nowMs = clock.now();
      const allSourcesOf = allWith(askedOnce(options));
      const sourcesOf = (member: Member) => needed(allSourcesOf(member), member);
      const members = toldApart(membersOf(input, await reportedTo(options.reports, nowMs), nowMs), allSourcesOf);
      const { parts, everyone } = partsOf(members);
      if (input.only === undefined) {
        if (input.environment !== last?.environment || input.history !== last.history) {
          const keys = parts.map(({ key }) => key);
          for (const known of [counters, answeredBy, suspects]) forget(known, keys);
          forget(unknownSince, members.map(guaranteeOf));
        }
        last = input;
        for (const source of recordedBy(members, options)) budgets.look(source, signal);
      }
      const isSuspect = (member: Member) => suspects.size > 0 && member.parts.some(({ key }) => suspects.has(key));
      const nameOf = namedOnce();
      const bySources = groupBy(members, (member) => {
        const name = nameOf(sourcesOf(member));
        return isSuspect(member) ? `${name} apart` : name;
      });
      const judged = [...bySources].map(async ([lane, some]) => {
        const group = some.length === members.length ? members : some;
        const sources = group[0] === undefined ? [] : sourcesOf(group[0]);
        const name = input.only === undefined ? lane : `${lane} pushed`;
        try {
          const answer = await lanes.run(name, async () => ({
            members: group,
            judgements: await judgeLane(group, { ...options, sources, everyone, counters, answeredBy, suspects, signal }),
          }));
          return { members: group, judgements: stillTrue(answer, group, laneOf(sources)) };
        } catch (error) {
          log.error({ source: lane, reason: sentence(error) }, 'judging failed');
          const verdict = unknown(sentence(error));
          return { members: group, judgements: group.map((member) => judgement(member, { verdict, violations: 0 }, {})) };
        }
      });
      return overPlaces(inOrder(members, await Promise.all(judged))).map(told);
    },
  };
}

/** What a lane has found, for each of the members that it was asked for. */
interface Answered {
  readonly members: readonly Member[];
  readonly judgements: readonly PlacedJudgement[];
}

interface Lane extends JudgeOptions {
  readonly sources: readonly MetricSource[];
  /** The parts of all lanes by task id: an action consumes what any of them has counted for the task. */
  readonly everyone: ReadonlyMap<string, readonly Part[]>;
  readonly counters: Map<string, Counter>;
  readonly answeredBy: Map<string, string>;
  readonly suspects: Suspects;
  readonly signal: AbortSignal | undefined;
}

async function judgeLane(members: readonly Member[], lane: Lane): Promise<readonly PlacedJudgement[]> {
  const { sources, counters, answeredBy, suspects, evaluateEveryMs, signal } = lane;
  if (sources.length === 0) {
    return members.map((member) => {
      const reason = `Infrastructure '${member.agreement.task.infrastructure}' has no source of metrics: give it spec.prometheus, spec.pushgateway or spec.sources`;
      return judgement(member, { verdict: unknown(reason), violations: 0 }, {});
    });
  }
  const nowMs = lane.clock.now();
  const question = { sources, nowMs, evaluateEveryMs, counters, suspects, names: new Map(), signal };
  const { groups, queried, alone } = groupsOf(members);
  const measured = new Array<Found | undefined>(members.length).fill(undefined);
  /** Of all other members: what is read for them is kept until all of it is there. */
  const readings = new Map<Part, Reading>();
  const take = (answer: ReadonlyMap<Part, Reading>) => {
    answer.forEach((reading, part) => {
      if ('series' in reading && reading.counter !== undefined) counters.set(part.key, reading.counter);
      if (!isFound(reading)) answeredBy.delete(part.key);
      else if (answeredBy.get(part.key) !== reading.source) answeredBy.set(part.key, reading.source);
      const at = alone.get(part);
      if (at === undefined) readings.set(part, reading);
      else measured[at] = foundIn(answer, members[at] as Member, NO_PARTS, question);
    });
  };
  await Promise.all([...groups.map((group) => readParts(group, question).then(take)), readQueries(queried, question).then(take)]);
  const newcomers = await newcomersIn(members, readings, { ...question, maxAgeMs: undefined });
  return members.map((member, at) => {
    const { found, series } = measured[at] ?? foundIn(readings, member, newcomers, question);
    const judged = judgement(member, found, totalsOfTask(lane.everyone.get(member.agreement.task.id) ?? [], counters), series);
    return isAlone(member) ? judged : { ...judged, seen: { member, readings: ownOf(member, readings), terms: termsOf(member, question) } };
  });
}

const NO_PARTS: ReadonlySet<Part> = new Set();

/** All parts, and those of a task by its id. */
const partsOf = once((members: readonly Member[]) => {
  const parts = members.flatMap((member) => member.parts);
  return { parts, everyone: groupBy(parts, ({ agreement }) => agreement.task.id) };
});

/** Parts by their metric, those with a query, and where the members stand that are measured as soon as their one part is. */
const groupsOf = once((members: readonly Member[]) => {
  const { parts } = partsOf(members);
  const named = parts.filter(({ guarantee }) => guarantee.query === undefined);
  return {
    groups: [...groupBy(named, ({ leaf }) => leaf.metric).values()],
    queried: parts.filter(({ guarantee }) => guarantee.query !== undefined),
    alone: new Map(members.flatMap((member, at) => (isMeasuredAtOnce(member) ? [[member.parts[0], at] as const] : []))),
  };
});

interface Found {
  readonly found: Measured;
  readonly series: number;
}

function isMeasuredAtOnce(member: Member): boolean {
  return member.parts.length === 1 && member.horizonMs === 0 && isAlone(member);
}

function termsOf({ agreement, guarantee, sinceMs }: Member, { nowMs, evaluateEveryMs }: Question): Terms {
  return { nowMs, evaluateEveryMs, sinceMs, windowMs: agreement.template.window, maxAgeMs: guarantee.maxAge };
}

function foundIn(readings: ReadonlyMap<Part, Reading>, member: Member, newcomers: ReadonlySet<Part>, question: Question): Found {
  const { guarantee, horizonMs, parts } = member;
  const terms = termsOf(member, question);
  const now = judgeGuarantee(member, readings, terms);
  const past = horizonMs === 0 ? now : { ...now, ...pastOf(member, readings, newcomers, terms) };
  const isBroken = guarantee.kind === 'gauge' && now.verdict.state === 'violated';
  const found = isBroken ? { ...past, violatedSinceMs: violatedSinceMs(member, readings, terms) } : past;
  return { found, series: parts.reduce((sum, part) => sum + seriesIn(readings.get(part)), 0) };
}

/** Without the infrastructures of a task of which the same sources tell the same in the same words as of an earlier one. */
function toldApart(members: readonly Member[], sourcesOf: (member: Member) => readonly MetricSource[]): readonly Member[] {
  if (members.every(isAlone)) return members;
  const told = new Set<string>();
  return members.filter((member) => {
    if (isAlone(member)) return true;
    const { agreement, guarantee } = member;
    const query = guarantee.query === undefined ? undefined : queryOf(agreement.task, guarantee.query);
    const key = JSON.stringify([agreement.id, guarantee.name, query, laneOf(sourcesOf(member))]);
    return !told.has(key) && told.add(key);
  });
}

function isAlone({ agreement }: Member): boolean {
  return agreement.task.infrastructures.length === 1;
}

function ownOf({ parts }: Member, readings: ReadonlyMap<Part, Reading>): ReadonlyMap<Part, Reading> {
  return new Map(
    parts.flatMap((part) => [[part, readings.get(part)] as const]).flatMap(([part, reading]) => (reading ? [[part, reading]] : [])),
  );
}

function seriesIn(reading: Reading | undefined): number {
  return reading !== undefined && 'series' in reading ? reading.series.length : 0;
}

function judgement(member: Member, measured: Measured, totals: Totals, series = 0): Judgement {
  const { agreement, guarantee, names, history, since } = member;
  return { agreement, guarantee: guarantee.name, kind: guarantee.kind, measuredBy: names, ...measured, series, totals, since, history };
}

/** An answer that came late counts only for agreements to which nothing has happened since it was asked for, and that are the same. */
function stillTrue(answer: Answered | undefined, members: readonly Member[], lane: string): readonly PlacedJudgement[] {
  const isSame = answer?.members.length === members.length && members.every((member, at) => member === answer.members[at]);
  if (answer !== undefined && isSame) return answer.judgements;
  const answers = byGuarantee(answer?.judgements ?? []);
  return members.map((member) => {
    const found = answers.get(guaranteeOf(member));
    if (found?.history === member.history && isDeepStrictEqual(found.agreement, member.agreement)) return found;
    const reason = found === undefined ? `No answer yet from ${lane}` : 'It has changed since its source was asked';
    return judgement(member, { verdict: unknown(reason), violations: 0 }, {});
  });
}

function byGuarantee(judgements: readonly PlacedJudgement[]): ReadonlyMap<string, PlacedJudgement> {
  return new Map(judgements.map((one) => [keyOf(one.agreement, one.guarantee), one]));
}

function guaranteeOf({ agreement, guarantee }: Member): string {
  return keyOf(agreement, guarantee.name);
}

function keyOf({ id, task }: Agreement, guarantee: string): string {
  return `${id} ${guarantee} ${task.infrastructure}`;
}

function totalsOfTask(parts: readonly Part[], counters: ReadonlyMap<string, Counter>): Totals {
  const [part, another] = parts;
  if (part !== undefined && another === undefined) {
    const counter = counters.get(part.key);
    return counter === undefined ? NO_TOTALS : totalsOf(counter);
  }
  const counted = parts.flatMap(({ key }) => counters.get(key) ?? []);
  const [first, second] = counted;
  if (first === undefined) return NO_TOTALS;
  return second === undefined ? totalsOf(first) : Object.assign({}, ...counted.map(totalsOf));
}

const NO_TOTALS: Totals = {};

/** What the lanes have found, in the order of their members. */
function inOrder(members: readonly Member[], lanes: readonly Answered[]): readonly PlacedJudgement[] {
  const [only] = lanes;
  if (only?.members === members) return only.judgements;
  const found = new Map(lanes.flatMap((lane) => lane.members.map((member, at) => [member, lane.judgements[at]] as const)));
  return members.flatMap((member) => found.get(member) ?? []);
}

/** The sources of an infrastructure are looked up once for all that are there. */
function askedOnce({ sourceOf }: JudgeOptions): JudgeOptions['sourceOf'] {
  const known = new Map<string, readonly MetricSource[]>();
  return (infrastructure, source) => {
    const key = source === undefined ? infrastructure : `${infrastructure} ${source}`;
    const sources = known.get(key) ?? sourceOf(infrastructure, source);
    known.set(key, sources);
    return sources;
  };
}

function namedOnce(): (sources: readonly MetricSource[]) => string {
  const names = new Map<readonly MetricSource[], string>();
  return (sources) => {
    const name = names.get(sources) ?? laneOf(sources);
    names.set(sources, name);
    return name;
  };
}

function laneOf(sources: readonly MetricSource[]): string {
  return sources.map(({ name }) => name).join(', ');
}

/** The sources that record error budgets, each once: rules are evaluated by a Prometheus, and it stands last. */
function recordedBy(members: readonly Member[], { sourceOf }: JudgeOptions): Iterable<MetricSource> {
  const promised = members.filter(({ agreement }) => agreement.template.objective !== undefined);
  const infrastructures = new Set(promised.map(({ agreement }) => agreement.task.infrastructure));
  return new Map(
    [...infrastructures].flatMap((name) => sourceOf(name, undefined).slice(-1)).map((source) => [source.name, source]),
  ).values();
}

function forget(known: Map<string, unknown>, keys: readonly string[]): void {
  const kept = new Set(keys);
  for (const key of known.keys()) if (!kept.has(key)) known.delete(key);
}
