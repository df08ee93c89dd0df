import picocolors from 'picocolors';
import type { Environment } from '../../synth/environment.ts';
import { sourcesFor } from '../../synth/resolve-sources.ts';
import { nearestOf, suggestion } from '../../synth/suggest.ts';
import { systemClock } from '../adapters/clock.ts';
import type { CommonOptions } from '../config.ts';
import { UsageError } from '../errors.ts';
import { sourcesOf } from '../main.ts';
import type { Judgement } from '../sla/judge.ts';
import { idleAgreements } from '../sla/life.ts';
import { askedOf, namesMeasuring } from '../sla/measure.ts';
import { metricsInQuery } from '../sla/query-metrics.ts';
import { printAge } from './age.ts';
import { type AtTip, atTip } from './at-tip.ts';
import { EXIT } from './exit.ts';
import { judgeNow } from './judge-now.ts';
import { count, printable, table } from './table.ts';

/** A guarantee as its source answered it. */
interface Tried {
  readonly agreement: string;
  readonly guarantee: string;
  readonly queries: readonly string[];
  readonly series: number;
  readonly value?: number;
  /** RFC 3339. */
  readonly evidenceAt?: string;
  readonly source?: string;
  /** Why nothing can be judged by the answer, and what may have been meant. */
  readonly failed?: string;
  readonly hint?: string;
}

const MOST_NEAR = 3;

/** Asks the sources of every agreement, or of these tasks', what it is judged by now. Exit code 1 when one can't be judged by the answer. */
export async function testQos(tasks: readonly string[], options: CommonOptions & { readonly json?: boolean }): Promise<number> {
  return atTip(options, async (tip) => {
    const environment = environmentOf(tip, tasks);
    const judgements = await judgeNow(tip, environment, new Map());
    const hints = await hintsFor(judgements, environment, tip);
    const tried = judgements.map((judgement) => triedOf(judgement, hints.get(judgement)));
    const idle = idleAgreements(environment, tip.desired.history, systemClock.now()).length;
    process.stdout.write(options.json ? `${JSON.stringify(tried)}\n` : printTried(tried, idle));
    return tried.some(({ failed }) => failed !== undefined) ? EXIT.failed : EXIT.done;
  });
}

function environmentOf({ desired }: AtTip, asked: readonly string[]): Environment {
  const environment = desired.inForce?.environment;
  if (environment === undefined) throw new UsageError('No revision is valid yet');
  if (asked.length === 0) return environment;
  const isAsked = ({ name, id }: { readonly name: string; readonly id: string }) => asked.includes(name) || asked.includes(id);
  const tasks = new Map([...environment.tasks].filter(([, task]) => isAsked(task)));
  const unknown = asked.filter((one) => ![...tasks.values()].some(({ name, id }) => name === one || id === one));
  if (unknown.length > 0) {
    const known = suggestion(unknown[0] ?? '', [...environment.tasks.keys()], 'declared are');
    throw new UsageError(`Cannot test ${unknown.join(', ')} as no document declares such a task${known}`);
  }
  return { ...environment, tasks };
}

function triedOf({ agreement, guarantee: name, verdict, series }: Judgement, hint: string | undefined): Tried {
  const guarantee = agreement.guarantees.find((one) => one.name === name);
  const tried = { agreement: agreement.id, guarantee: name, queries: guarantee === undefined ? [] : askedOf(agreement, guarantee), series };
  if (verdict.state === 'unknown') return { ...tried, failed: verdict.reason, ...(hint === undefined ? {} : { hint }) };
  return { ...tried, value: verdict.value, evidenceAt: new Date(verdict.evidenceAtMs).toISOString(), source: verdict.source };
}

/** For guarantees of which nothing was found: each source is asked once what metrics it has. */
async function hintsFor(judgements: readonly Judgement[], environment: Environment, { settings, signal }: AtTip) {
  const { open } = await sourcesOf(settings);
  const known = new Map<string, Promise<readonly string[]>>();
  const namesIn = ({ agreement, guarantee }: Judgement) => {
    const source = agreement.guarantees.find(({ name }) => name === guarantee)?.source;
    const sources = sourcesFor(environment, agreement.task.infrastructure, source).map(open);
    return sources.map((one) => {
      const names = known.get(one.name) ?? Promise.resolve(one.names?.(signal) ?? []).catch(() => []);
      known.set(one.name, names);
      return names;
    });
  };
  const hints = judgements.map(async (judgement) => {
    if (judgement.verdict.state !== 'unknown' || judgement.series > 0) return [judgement, undefined] as const;
    const names = (await Promise.all(namesIn(judgement))).flat();
    return [judgement, hintOf(metricsAskedBy(judgement), names)] as const;
  });
  return new Map(await Promise.all(hints));
}

function metricsAskedBy({ agreement, guarantee: name }: Judgement): readonly string[] {
  const guarantee = agreement.guarantees.find((one) => one.name === name);
  if (guarantee === undefined) return [];
  return guarantee.query === undefined ? namesMeasuring(agreement, guarantee) : metricsInQuery(guarantee.query);
}

/** @param names all that the sources have. */
function hintOf(asked: readonly string[], names: readonly string[]): string | undefined {
  const there = asked.filter((name) => names.includes(name));
  if (there.length > 0) return `${there.join(', ')} is there, but not with these labels, or not lately`;
  const near = nearestOf(asked, names, MOST_NEAR);
  return near.length === 0 ? undefined : `did you mean ${near.join(', ')}?`;
}

function printTried(tried: readonly Tried[], idle: number): string {
  const good = tried.filter(({ failed }) => failed === undefined);
  const failed = tried.filter((one) => one.failed !== undefined);
  const nowMs = systemClock.now();
  const sections = [
    table(
      ['AGREEMENT', 'GUARANTEE', 'VALUE', 'AGE', 'SERIES', 'SOURCE'],
      good.map(({ agreement, guarantee, value, evidenceAt = '', series, source = '' }) => [
        agreement,
        guarantee,
        `${value}`,
        printAge(nowMs - Date.parse(evidenceAt)),
        `${series}`,
        source,
      ]),
    ),
    failed.map(printFailed).join('\n'),
    `${count(good.length, 'guarantee')} answered, ${failed.length} not${idle === 0 ? '' : `; ${count(idle, 'agreement')} stopped or terminated`}`,
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function printFailed({ agreement, guarantee, queries, failed = '', hint }: Tried): string {
  const head = `${picocolors.red(printable(`${agreement} ${guarantee}`))}: ${printable(failed)}`;
  return [head, ...(hint === undefined ? [] : [`  ${printable(hint)}`]), ...queries.map((query) => `  ${printable(query)}`)].join('\n');
}
