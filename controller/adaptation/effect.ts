import { createHash } from 'node:crypto';
import { formatDuration } from '../../constructs/spec/units.ts';
import type { QosTemplate } from '../../synth/environment.ts';
import { COMMIT_RESOLUTION_MS } from '../sla/baseline.ts';
import type { TaskHistory } from '../sla/history.ts';
import type { Expects } from '../sla/trailer.ts';
import type { Judgement } from '../sla/verdict.ts';

const INEFFECTIVE_AFTER = 3;

/** Why a guarantee must not scale out once more, by what its last actions brought. */
export interface Ineffective {
  readonly reason: string;
  /** False while the effect of the last one is waited for. */
  readonly ineffective: boolean;
}

/** What a decision to scale out says of the ones before it; undefined when its template expects nothing. */
export function expectsOf(judgement: Judgement, nowMs: number): Expects | undefined {
  const { template } = judgement.agreement;
  return template.expectWithin === undefined ? undefined : { template: fingerprint(template), futile: futileOf(judgement, nowMs) };
}

/** Whether what its last scale-outs brought speaks against another one. Pure: git says what was done, the source what came of it. */
export function whyFutile(judgement: Judgement, nowMs: number): Ineffective | undefined {
  const { agreement, guarantee } = judgement;
  const { expectWithin, ineffectiveAfter = INEFFECTIVE_AFTER } = agreement.template;
  const last = lastOut(judgement);
  if (expectWithin === undefined || last === undefined) return undefined;
  if (effectOf(judgement, last, nowMs) === 'open') {
    const leftMs = last.atMs + COMMIT_RESOLUTION_MS + expectWithin - nowMs;
    return { reason: `The effect of ${last.from} → ${last.to} is waited for, ${formatDuration(leftMs)} more`, ineffective: false };
  }
  if (futileOf(judgement, nowMs) < ineffectiveAfter) return undefined;
  const fix = 'change the replicas, or the template, to have it try again';
  const reason = `Ineffective: ${ineffectiveAfter} scale-outs did not bring ${guarantee} within ${formatDuration(expectWithin)}: ${fix}`;
  return { reason, ineffective: true };
}

export type Effect = 'met' | 'none' | 'open';

/**
 * What came of scale-outs that were to bring something, by their decisions' ids: as the trailer of the next one says it, of the last one as the
 * source shows it now. Nothing is known of one that a human's number, another template or a step in has cut short. Pure.
 */
export function effectsOf(
  { decisions, humans }: TaskHistory,
  judgements: readonly Judgement[],
  nowMs: number,
): ReadonlyMap<string, Effect> {
  const effects = decisions.flatMap((decision, at) => {
    const next = decisions.find((one, index) => index > at && (one.to < one.from || isAlike(one, decision)));
    const isCut = humans.some(({ order }) => order > decision.order && order < (next?.order ?? Number.POSITIVE_INFINITY));
    const effect = next === undefined ? effectNow(decision, judgements, nowMs) : effectBefore(next, decision);
    return isCut || effect === undefined ? [] : [[decision.id, effect] as const];
  });
  return new Map(effects);
}

function isAlike(one: Decided, other: Decided): boolean {
  return one.agreement === other.agreement && one.guarantee === other.guarantee;
}

function effectBefore({ expects, from, to }: Decided, before: Decided): Effect | undefined {
  if (to < from || expects === undefined || expects.template !== before.expects?.template) return undefined;
  return expects.futile === 0 ? 'met' : 'none';
}

function effectNow(decision: Decided, judgements: readonly Judgement[], nowMs: number): Effect | undefined {
  const judgement = judgements.find((one) => lastOut(one)?.id === decision.id);
  if (judgement?.past === undefined) return undefined;
  const startMs = decision.atMs + COMMIT_RESOLUTION_MS;
  const isBroken = judgement.past.some(({ atMs, holds }) => atMs > startMs && !holds);
  const isEarly = nowMs < startMs + (judgement.agreement.template.expectWithin ?? 0);
  return judgement.kind === 'counter' && isEarly && !isBroken ? 'open' : effectOf(judgement, decision, nowMs);
}

type Decided = TaskHistory['decisions'][number];

/** How many scale-outs in a row, up to the last one, had no effect. */
function futileOf(judgement: Judgement, nowMs: number): number {
  const last = lastOut(judgement);
  return last !== undefined && effectOf(judgement, last, nowMs) === 'none' ? (last.expects?.futile ?? 0) + 1 : 0;
}

/** The last scale-out for this guarantee: none once a human has changed the replicas, the template is another one, or something scaled in. */
function lastOut({ agreement, guarantee, since, history: { decisions, human } }: Judgement): Decided | undefined {
  const last = decisions.findLast((one) => one.to < one.from || (one.agreement === agreement.id && one.guarantee === guarantee));
  const startedAt = Math.max(since?.order ?? -1, human?.order ?? -1);
  if (last === undefined || last.to < last.from || last.order <= startedAt) return undefined;
  return last.expects?.template === fingerprint(agreement.template) ? last : undefined;
}

/**
 * What came of an action of a guarantee that is violated now. A gauge must have been right at any time since; a count is right until it
 * grows, so that it must have stayed so for `expectWithin`. Of an action that lies further back than the past is known: whether
 * the guarantee was kept at any time that is known.
 */
function effectOf({ agreement, kind, past = [] }: Judgement, { atMs }: Decided, nowMs: number): Effect {
  const startMs = atMs + COMMIT_RESOLUTION_MS;
  const endMs = startMs + (agreement.template.expectWithin ?? 0);
  const since = past.filter((one) => one.atMs > startMs);
  const wasKept = since.some(({ holds }) => holds);
  if (kind === 'gauge') return wasKept ? 'met' : nowMs < endMs ? 'open' : 'none';
  const broken = since.find(({ holds }) => !holds);
  return wasKept && (broken === undefined || broken.atMs > endMs) ? 'met' : 'none';
}

function fingerprint(template: QosTemplate): string {
  return createHash('sha256').update(JSON.stringify(template)).digest('hex').slice(0, 8);
}
