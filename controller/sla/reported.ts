import { parseConstraint } from '../../constructs/spec/constraint.ts';
import type { Environment, Guarantee } from '../../synth/environment.ts';
import type { MetricSource } from '../ports.ts';
import { type Agreement, agreementsOf } from './agreement.ts';
import type { Concerned } from './kept.ts';

/**
 * A counter in the embedded source: violations that others have seen and told us of, with labels task, agreement and guarantee. Each
 * guarantee that has one is judged by it as well, as a guarantee of its own.
 */
export const REPORTED = 'rotterdam_reported_violations';

/** Beside each {@link REPORTED}, what its last report is known by: a number, as it is a value. */
export const REPORT = 'rotterdam_report';

/** A violation as the original's SLA Manager tells it. */
export interface Report {
  /** The task's id. */
  readonly task: string;
  /** Ours, or the original's: the task's id. */
  readonly agreement: string | undefined;
  readonly guarantee: string;
}

/** The guarantees that a report is about: of the agreement that it names, or of all of the task's that promise it. */
export function concernedBy({ task, agreement, guarantee }: Report, environment: Environment): readonly Concerned[] {
  const promised = agreementsOf(environment).flatMap((one) => {
    if (one.task.id !== task || !takesReports(one)) return [];
    const found = one.guarantees.find(({ name }) => name === guarantee || `${name}_${task}` === guarantee);
    return found === undefined ? [] : [{ task, agreement: one.id, guarantee: found.name }];
  });
  const named = promised.filter((one) => one.agreement === agreement);
  return named.length > 0 ? named : promised;
}

/** The agreement, with one more guarantee for each of which violations were reported. */
export function withReported(agreement: Agreement, reported: ReadonlySet<string>): Agreement {
  if (reported.size === 0 || !takesReports(agreement)) return agreement;
  const added = agreement.guarantees.filter(({ name }) => reported.has(keyOf(agreement.id, name))).map(({ name }) => guaranteeOf(name));
  return added.length === 0 ? agreement : { ...agreement, guarantees: [...agreement.guarantees, ...added] };
}

/** Agreements and guarantees of which violations were reported, as {@link withReported} asks for them. */
export async function reportedTo(source: MetricSource | undefined, nowMs: number): Promise<ReadonlySet<string>> {
  const series = (await source?.samples([REPORTED], nowMs - 1, nowMs)) ?? [];
  return new Set(series.map(({ labels }) => keyOf(labels.agreement, labels.guarantee)));
}

/** Whether a series of {@link REPORTED} is about this. */
export function isAbout(labels: Readonly<Record<string, string>>, agreement: Agreement, guarantee: Guarantee): boolean {
  return labels.agreement === agreement.id && nameOf(labels.guarantee ?? '') === guarantee.name;
}

/** A target is kept by values, and a report has none. */
function takesReports({ template }: Agreement): boolean {
  return template.action !== 'target';
}

function guaranteeOf(name: string): Guarantee {
  return { name: nameOf(name), constraint: parseConstraint(`${REPORTED} < 1`), kind: 'counter', aggregate: 'sum' };
}

function nameOf(guarantee: string): string {
  return `${guarantee} (reported)`;
}

function keyOf(agreement: string | undefined, guarantee: string | undefined): string {
  return JSON.stringify([agreement, guarantee]);
}
