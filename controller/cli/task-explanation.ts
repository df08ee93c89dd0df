import picocolors from 'picocolors';
import type { ActionTold, DecisionTold, EvidenceTold, PromiseTold, RolloutTold, TaskStory } from '../story/task-story.ts';
import { printAge } from './age.ts';
import { sayDecision } from './status.ts';
import { count, printable } from './table.ts';

/** A task's story, with what its clusters tell when they are asked. */
export interface TaskExplanation extends TaskStory {
  /** A decision that was written to the branch for decisions, and that nobody has merged yet. */
  readonly unmerged?: { readonly from: number; readonly to: number; readonly reason: string };
  readonly actions: readonly ActionExplained[];
}

export interface ActionExplained extends ActionTold {
  readonly commit: Required<ActionTold['commit']>;
  /** Whether what runs there holds it, and when it was applied, while the cluster keeps Events. */
  readonly rollout: readonly { readonly infrastructure: string; readonly state: 'applied' | 'waiting' | 'unseen'; readonly at?: string }[];
}

/** As a running watch tells it, or with what the clusters tell. */
type Told = TaskStory & Pick<TaskExplanation, 'unmerged'> & { readonly actions: readonly Action[] };
type Action = ActionTold & Partial<Pick<ActionExplained, 'rollout'>>;

/** More are in the JSON. */
const MOST_ACTIONS = 10;

/** For people. Pure. */
export function printTaskExplanation(told: Told): string {
  const { task, environment, declaredAt, revision, replicas, at, promises, idle, decision, unmerged, rollout, actions } = told;
  const nowMs = Date.parse(at);
  const older = actions.length - MOST_ACTIONS;
  const asked = new Set(promises.flatMap(({ queries }) => queries));
  const sections = [
    [
      `${picocolors.bold(`${task} in ${environment}`)}, ${count(replicas, 'replica')}`,
      row('declared', `${declaredAt} in ${short(revision)}`),
    ],
    ...promises.map((promise) => promiseLines(promise, nowMs, promises.length > 1)),
    [
      ...(promises.length + idle.length === 0 ? [row('promise', 'none')] : []),
      ...idle.map(({ agreement, state, reason }) => row('promise', `${agreement} is ${state}: ${reason}`)),
      ...(decision === undefined ? [] : [row('decision', sayDecision(decision))]),
      ...(unmerged === undefined ? [] : [row('commit', `${unmerged.from} → ${unmerged.to} waits to be merged: ${unmerged.reason}`)]),
      ...rollout.map((one) => row('rollout', sayRollout(one, nowMs))),
    ],
    ...(actions.length === 0 ? [['Nobody has changed its replicas yet.']] : []),
    ...actions.slice(0, MOST_ACTIONS).map((action) => actionLines(action, asked)),
    ...(older > 0 ? [[`${count(older, 'older change')}: --json tells all`]] : []),
  ];
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function promiseLines(told: PromiseTold, nowMs: number, several: boolean): string[] {
  const { agreement, promise, answer, since, kind, queries, series, evidence, decision } = told;
  const bound = since === undefined ? '' : `, since ${short(since.commit)} at ${since.at}`;
  return [
    row('promise', `${promise}, else ${answer}`),
    row('', `${agreement}${bound}`),
    ...queries.map((query) => row('query', query)),
    ...(evidence === undefined
      ? []
      : [
          row(
            'evidence',
            `${sayValue(evidence, kind)}, ${printAge(nowMs - Date.parse(evidence.at))} (${evidence.at}) in ${evidence.source}, ${series} series`,
          ),
        ]),
    verdictRow(told),
    ...(several ? [row('alone', sayDecision(decision))] : []),
  ];
}

function sayValue({ value, compared }: EvidenceTold, kind: PromiseTold['kind']): string {
  return compared === undefined ? `${value}${kind === 'counter' ? ' new' : ''}` : `${compared} ${value}`;
}

function verdictRow({ verdict, reason, violations }: PromiseTold): string {
  if (verdict === 'met') return row('verdict', '', picocolors.green('met'));
  if (verdict === 'unknown') return row('verdict', `: ${reason}`, picocolors.yellow('unknown'));
  return row('verdict', `, ${count(violations, 'violation')} within the window`, picocolors.red('violated'));
}

function sayRollout({ infrastructure, applied, desired, ready, health, since, failed }: RolloutTold, nowMs: number): string {
  if (failed !== undefined) return `${infrastructure}: ${failed}`;
  const replicas = desired === undefined ? '' : `${ready} of ${desired} ready, `;
  const age = since === undefined ? '' : `, as it is since ${since} (${printAge(nowMs - Date.parse(since))})`;
  return `${infrastructure}: ${replicas}${health} at revision ${short(applied)}${age}`;
}

/** @param asked queries that were told already. */
function actionLines({ from, to, commit, decision, rollout = [] }: Action, asked: ReadonlySet<string>): string[] {
  const { id, at, author, subject } = commit;
  return [
    picocolors.bold(`${from} → ${to}  ${at}${decision === undefined ? '  by hand' : ''}`),
    ...(decision === undefined ? [] : decisionLines(decision, from, to, asked)),
    row('commit', author === undefined ? short(id) : `${short(id)} by ${author}: ${subject}`),
    ...rollout.map((one) => row('rollout', `${one.infrastructure}: ${sayApplied(one)}`)),
  ];
}

function decisionLines(decision: DecisionTold, from: number, to: number, asked: ReadonlySet<string>): string[] {
  const { agreement, guarantee, queries, evidence, reason, limitedBy, fallback, effect } = decision;
  const consumed = Object.entries(evidence.consumed).map(([series, total]) => `${series} ${total}`);
  return [
    row('promise', `${guarantee} of ${agreement}`),
    ...queries.filter((query) => !asked.has(query)).map((query) => row('query', query)),
    row(
      'evidence',
      fallback ? `none since ${evidence.at}: ${evidence.source}` : `${evidence.value} at ${evidence.at} in ${evidence.source}`,
    ),
    ...consumed.map((text) => row('', `consumed ${text}`)),
    row('verdict', `: ${reason}`, fallback ? picocolors.yellow('unknown') : picocolors.red('violated')),
    row('decision', sayDecision({ kind: 'scale', from, to, reason, ...(limitedBy === undefined ? {} : { limitedBy }) })),
    ...(effect === undefined ? [] : [row('effect', EFFECTS[effect])]),
  ];
}

const EFFECTS = { met: 'the promise was kept again in time', none: 'none in time', open: 'not known yet' } as const;

function sayApplied({ state, at }: ActionExplained['rollout'][number]): string {
  if (state === 'unseen') return 'it could not be looked at';
  if (state === 'waiting') return 'not applied yet';
  return at === undefined ? 'applied' : `applied at ${at}`;
}

/** @param lead painted already, stands before the text. */
function row(label: string, text: string, lead = ''): string {
  return `  ${label.padEnd(8)}  ${lead}${printable(text)}`;
}

function short(revision: string | undefined): string {
  return revision?.slice(0, 10) ?? 'none';
}
