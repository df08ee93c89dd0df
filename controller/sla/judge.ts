import { isDeepStrictEqual } from 'node:util';
import { sentence } from '../errors.ts';
import type { Clock, Keep, Log, MetricSource } from '../ports.ts';
import type { Agreement } from './agreement.ts';
import type { Suspects } from './asking.ts';
import type { Together } from './batch.ts';
import { createBudgets } from './budgets.ts';
import type { Counter } from './counter.ts';
import { groupBy } from './group-by.ts';
import { judgeGuarantee } from './judge-guarantee.ts';
import { knownUntil } from './known-until.ts';
import { createLanes } from './lanes.ts';
import { type JudgeInput, keyOf, type Member, type Part } from './member.ts';
import { Members } from './members.ts';
import { newcomersIn } from './newcomers.ts';
import { once } from './once.ts';
import { pastOf, violatedSinceMs } from './past.ts';
import { overPlaces, type PlacedJudgement } from './places.ts';
import { asPushed, mayBeStale, pushedAtMs } from './pushed.ts';
import { readQueries } from './read-query.ts';
import { isFound, type Question, type Reading, type Readings, readParts } from './reading.ts';
import { REPORTED, reportedTo } from './reported.ts';
import type { Measured, Terms } from './terms.ts';
import { areAlone, isAlone, laneOf, toldApart } from './told-apart.ts';
import { createUnknownSince, type UnknownSince } from './unknown-since.ts';
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
  /** Where violations that others reported are counted, and since when what is unknown is so. */
  readonly keep?: Keep | undefined;
  readonly clock: Clock;
  readonly log: Log;
  readonly evaluateEveryMs: number;
}

export function createJudge(options: JudgeOptions): Judge {
  const { clock, log } = options;
  const roll = new Members();
  /** They have a lane of their own. */
  const suspects: Suspects = new Map();
  const together: Together = new Map();
  const reports = options.keep && [options.keep.source];
  const allWith = (ask: JudgeOptions['sourceOf']) => (member: Member) => {
    const { agreement, guarantee, parts } = member;
    if (reports !== undefined && parts[0]?.leaf.metric === REPORTED) return reports;
    return ask(agreement.task.infrastructure, guarantee.source);
  };
  const needed = (sources: readonly MetricSource[], { parts }: Member) => {
    if (sources.length <= 1) return sources;
    return parts.every(({ known }) => sources[0]?.name === known.answeredBy) ? sources.slice(0, 1) : sources;
  };
  const lanes = createLanes<Answered>(clock, options.evaluateEveryMs);
  const budgets = createBudgets(clock);
  const unknownSince = createUnknownSince(options);
  /** What was judged last, with all its agreements. */
  let last: JudgeInput | undefined;
  const withBudget = (judgement: Judgement): Judgement => {
    if (judgement.agreement.template.objective === undefined) return judgement;
    const budgetRemaining = budgets.remaining(judgement.agreement);
    return budgetRemaining === undefined ? judgement : { ...judgement, budgetRemaining };
  };
  return {
    judge: async (input, signal) => {
      const nowMs = clock.now();
      const allSourcesOf = allWith(askedOnce(options));
      const sourcesOf = (member: Member) => needed(allSourcesOf(member), member);
      const members = toldApart(roll.of(input, await reportedTo(options.keep?.source, nowMs), nowMs), allSourcesOf);
      if (input.only === undefined) {
        if (input.environment !== last?.environment || input.history !== last.history) {
          forget(suspects, () => members.flatMap(({ parts }) => parts.map(keyOf)));
          await unknownSince.only(() =>
            members.map(({ agreement, guarantee }) => ({ agreement: agreement.id, guarantee: guarantee.name })),
          );
        }
        last = input;
        for (const source of recordedBy(promisingIn(members), options)) budgets.look(source, signal);
      }
      const isSuspect = (member: Member) => suspects.size > 0 && member.parts.some((part) => suspects.has(keyOf(part)));
      const laneNameOf = namedOnce();
      const bySources = groupBy(members, (member) => {
        const name = laneNameOf(sourcesOf(member));
        return isSuspect(member) ? `${name} apart` : name;
      });
      const judged = [...bySources].map(async ([lane, some]) => {
        const group = some.length === members.length ? members : some;
        const sources = group[0] === undefined ? [] : sourcesOf(group[0]);
        const name = input.only === undefined ? lane : `${lane} pushed`;
        try {
          const answer = await lanes.run(name, async () => ({
            members: group,
            judgements: await judgeLane(group, { ...options, sources, all: members, suspects, together, unknownSince, signal }),
          }));
          return { members: group, judgements: stillTrue(answer, group, laneOf(sources)) };
        } catch (error) {
          log.error({ source: lane, reason: sentence(error) }, 'judging failed');
          const verdict = unknown(sentence(error));
          return { members: group, judgements: group.map((member) => judgement(member, { verdict, violations: 0 }, [])) };
        }
      });
      const found = inOrder(members, await Promise.all(judged));
      const noted = await unknownSince.note(areAlone(members) ? found : overPlaces(found));
      return promisingIn(members).length === 0 ? noted : noted.map(withBudget);
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
  /** Those of all lanes: an action consumes what any of them has counted for the task. */
  readonly all: readonly Member[];
  readonly suspects: Suspects;
  readonly together: Together;
  readonly unknownSince: UnknownSince;
  readonly signal: AbortSignal | undefined;
}

async function judgeLane(members: readonly Member[], lane: Lane): Promise<readonly PlacedJudgement[]> {
  const { sources, suspects, together, evaluateEveryMs, signal } = lane;
  if (sources.length === 0) {
    return members.map((member) => {
      const reason = `Infrastructure '${member.agreement.task.infrastructure}' has no source of metrics: give it spec.prometheus, spec.pushgateway or spec.sources`;
      return judgement(member, { verdict: unknown(reason), violations: 0 }, []);
    });
  }
  const nowMs = lane.clock.now();
  const question = { sources, nowMs, evaluateEveryMs, suspects, together, names: new Map(), signal };
  const found = new Array<Found | undefined>(members.length).fill(undefined);
  /** Of all other members: what is read for them is kept until all of it is there. */
  const read = new Map<number, (Reading | undefined)[]>();
  const take = ({ parts, of }: Group, readings: readonly Reading[]) => {
    parts.forEach((part, index) => {
      const at = of[index] as number;
      const member = members[at] as Member;
      const reading = readings[index] as Reading;
      note(part, reading);
      const measured = isMeasuredAtOnce(member) ? foundIn([reading], member, NO_PARTS, question) : undefined;
      found[at] = measured;
      if (measured === undefined || mayBeStale(member, measured.measured)) withReading(read, at, member, part, reading);
    });
  };
  const { groups, queried } = groupsOf(members);
  const asked = groups.map(async (group) => take(group, await readParts(group.parts, question)));
  await Promise.all([...asked, readQueries(queried.parts, question).then((readings) => take(queried, readings))]);
  const others = [...read].map(([at, readings]) => ({ member: members[at] as Member, readings }));
  const newcomers = await newcomersIn(others, { ...question, maxAgeMs: undefined });
  const stale: { readonly member: Member; readonly readings: Readings }[] = [];
  for (const [at, readings] of read) {
    const member = members[at] as Member;
    const one = found[at] ?? foundIn(readings, member, newcomers, question);
    found[at] = one;
    if (mayBeStale(member, one.measured)) stale.push({ member, readings });
  }
  const pushed = await pushedAtMs(stale, question);
  const silent = members.filter((member, at) => mustBeAskedFor(member, found[at], lane));
  const until = await knownUntil(silent, { ...question, termsOf: (member) => termsOf(member, question) });
  const shared = sharedBy(lane.all);
  return members.map((member, at) => {
    const readings = read.get(at) ?? [];
    const { measured, series } = found[at] ?? UNREAD;
    const knownUntilMs = until.size === 0 ? undefined : until.get(member);
    const known = pushed.size === 0 ? measured : asPushed(measured, pushed.get(member), termsOf(member, question));
    const told = knownUntilMs === undefined ? known : { ...known, knownUntilMs };
    const judged = judgement(member, told, countedFor(member, shared), series);
    return isAlone(member) ? judged : { ...judged, seen: { member, readings, terms: termsOf(member, question) } };
  });
}

const NO_PARTS: ReadonlySet<Part> = new Set();
const UNREAD: Found = { measured: { verdict: unknown('It was not read'), violations: 0 }, series: 0 };

/** Falls back, and nobody knows yet when it was known last. */
function mustBeAskedFor({ agreement, guarantee }: Member, found: Found | undefined, { unknownSince }: Lane): boolean {
  if (guarantee.onUnknown !== 'fallback' || found?.measured.verdict.state !== 'unknown') return false;
  return !unknownSince.isClear(agreement.id, guarantee.name);
}

/** Notes what is known of a part from now on. */
function note({ known }: Part, reading: Reading): void {
  if ('series' in reading && reading.counter !== undefined) known.counter = reading.counter;
  known.answeredBy = isFound(reading) ? reading.source : undefined;
}

/** Parts that are read together; `of` says of which of the members each is. */
interface Group {
  readonly parts: Part[];
  readonly of: number[];
}

/** Parts by their metric, and those with a query. */
const groupsOf = once((members: readonly Member[]) => {
  const queried: Group = { parts: [], of: [] };
  const byMetric = new Map<string, Group>();
  members.forEach(({ guarantee, parts }, at) => {
    for (const part of parts) {
      const group = guarantee.query === undefined ? (byMetric.get(part.leaf.metric) ?? { parts: [], of: [] }) : queried;
      if (guarantee.query === undefined) byMetric.set(part.leaf.metric, group);
      group.parts.push(part);
      group.of.push(at);
    }
  });
  return { groups: [...byMetric.values()], queried };
});

interface Found {
  readonly measured: Measured;
  /** How many its sources have of it. */
  readonly series: number;
}

function isMeasuredAtOnce(member: Member): boolean {
  return member.parts.length === 1 && member.horizonMs === 0 && isAlone(member);
}

function withReading(read: Map<number, (Reading | undefined)[]>, at: number, { parts }: Member, part: Part, reading: Reading): void {
  const readings = read.get(at) ?? parts.map(() => undefined);
  readings[parts.indexOf(part)] = reading;
  read.set(at, readings);
}

function termsOf({ agreement, guarantee, sinceMs }: Member, { nowMs, evaluateEveryMs }: Question): Terms {
  return { nowMs, evaluateEveryMs, sinceMs, windowMs: agreement.template.window, maxAgeMs: guarantee.maxAge };
}

function foundIn(readings: Readings, member: Member, newcomers: ReadonlySet<Part>, question: Question): Found {
  const terms = termsOf(member, question);
  const now = judgeGuarantee(member, readings, terms);
  let series = 0;
  for (const reading of readings) series += seriesIn(reading);
  const past = member.horizonMs === 0 ? now : { ...now, ...pastOf(member, readings, newcomers, terms) };
  if (member.guarantee.kind !== 'gauge' || now.verdict.state !== 'violated') return { measured: past, series };
  return { measured: { ...past, violatedSinceMs: violatedSinceMs(member, readings, terms) }, series };
}

/** Those with an error budget. */
const promisingIn = once((members: readonly Member[]) => members.filter(({ agreement }) => agreement.template.objective !== undefined));

function seriesIn(reading: Reading | undefined): number {
  return reading !== undefined && 'series' in reading ? reading.series.length : 0;
}

function judgement(member: Member, measured: Measured, counted: readonly Counter[], series = 0): Judgement {
  const { agreement, guarantee, history, since } = member;
  return { agreement, guarantee: guarantee.name, kind: guarantee.kind, ...measured, series, counted, since, history };
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
    return judgement(member, { verdict: unknown(reason), violations: 0 }, []);
  });
}

function byGuarantee(judgements: readonly PlacedJudgement[]): ReadonlyMap<string, PlacedJudgement> {
  return new Map(judgements.map((one) => [nameOf(one.agreement, one.guarantee), one]));
}

function guaranteeOf({ agreement, guarantee }: Member): string {
  return nameOf(agreement, guarantee.name);
}

function nameOf({ id, task }: Agreement, guarantee: string): string {
  return `${id} ${guarantee} ${task.infrastructure}`;
}

/** The parts of tasks that more than one member is about, by task id. */
const sharedBy = once((members: readonly Member[]) => {
  const byTask = groupBy(members, ({ agreement }) => agreement.task.id);
  return new Map([...byTask].flatMap(([id, own]) => (own.length === 1 ? [] : [[id, own.flatMap(({ parts }) => parts)] as const])));
});

const NO_COUNTERS: readonly Counter[] = [];

function countedFor({ agreement, parts }: Member, shared: ReadonlyMap<string, readonly Part[]>): readonly Counter[] {
  const all = (shared.size === 0 ? undefined : shared.get(agreement.task.id)) ?? parts;
  const [part, another] = all;
  if (another !== undefined) return all.flatMap(({ known }) => known.counter ?? []);
  return part?.known.counter === undefined ? NO_COUNTERS : [part.known.counter];
}

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

/** The sources that record error budgets, each once: rules are evaluated by a Prometheus, and it stands last. */
function recordedBy(promising: readonly Member[], { sourceOf }: JudgeOptions): Iterable<MetricSource> {
  const infrastructures = new Set(promising.map(({ agreement }) => agreement.task.infrastructure));
  return new Map(
    [...infrastructures].flatMap((name) => sourceOf(name, undefined).slice(-1)).map((source) => [source.name, source]),
  ).values();
}

function forget(known: Map<string, unknown>, keys: () => readonly string[]): void {
  if (known.size === 0) return;
  const kept = new Set(keys());
  for (const key of known.keys()) if (!kept.has(key)) known.delete(key);
}
