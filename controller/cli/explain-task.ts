import type { Environment, Task } from '../../synth/environment.ts';
import { suggestion } from '../../synth/suggest.ts';
import { decide } from '../adaptation/decide.ts';
import { readWaiting, waitsForMerge } from '../adaptation/waiting.ts';
import { systemClock } from '../adapters/clock.ts';
import type { CommonOptions } from '../config.ts';
import { UsageError } from '../errors.ts';
import type { Commit, Revision } from '../ports.ts';
import type { TaskHistory } from '../sla/history.ts';
import type { TaskFacts } from '../sla/judge.ts';
import { idleAgreements } from '../sla/life.ts';
import { decisionLines, parseDecision } from '../sla/trailer.ts';
import { actionsOf } from '../story/actions-told.ts';
import { storyHead } from '../story/story-head.ts';
import type { ActionTold, RolloutTold } from '../story/task-story.ts';
import { unsettledReason } from '../worker.ts';
import { type AtTip, atTip } from './at-tip.ts';
import { EXIT } from './exit.ts';
import { judgeNow } from './judge-now.ts';
import { type ActionExplained, printTaskExplanation, type TaskExplanation } from './task-explanation.ts';
import { lookAtTask, type TaskLook } from './task-look.ts';

/** Tells of a task how each promise led to what runs, now and for each past change, from git, the clusters and the sources alone. Exit code 1 when a cluster can't be asked. */
export async function explainTask(asked: string, options: CommonOptions & { readonly json?: boolean }): Promise<number> {
  const explain = async (tip: AtTip) => {
    const told = await explanationOf(asked, tip);
    process.stdout.write(options.json ? `${JSON.stringify(told)}\n` : printTaskExplanation(told));
    return told.rollout.some(({ failed }) => failed !== undefined) ? EXIT.failed : EXIT.done;
  };
  return atTip(options, explain, { mayBeInvalid: true });
}

async function explanationOf(asked: string, tip: AtTip): Promise<TaskExplanation> {
  const { desired, repository, settings, signal } = tip;
  const { environment, revision } = desired.inForce ?? {};
  const task = [...(environment?.tasks.values() ?? [])].find(({ name, id }) => name === asked || id === asked);
  if (environment === undefined || revision === undefined || task === undefined) {
    const known = suggestion(asked, [...(environment?.tasks.keys() ?? [])], 'declared are');
    throw new UsageError(`Cannot explain task '${asked}'${known}\nAn object is <kind>/<name>`);
  }
  const wanted = tip.wanted.filter(({ tasks }) => tasks.some(({ name }) => name === task.name));
  const looks = await Promise.all(wanted.map((one) => lookAtTask(task, one, tip)));
  const { unmerged, ...judged } = await judgedOf(environment, task, looks, tip);
  const commits = await repository.history(desired.tip, undefined, `environments/${settings.environment}`, signal);
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  const nowMs = systemClock.now();
  const judgements = judged.proposals.map(({ judgement }) => judgement);
  const actions = actionsOf(environment, wholeHistory(desired.history.tasks.get(task.id), byId), judgements, nowMs);
  return {
    ...storyHead(task, { environment, revision }, judged, nowMs),
    ...(unmerged === undefined ? {} : { unmerged: { from: unmerged.from, to: unmerged.to, reason: unmerged.reason } }),
    rollout: looks.map(rolloutOf),
    actions: explained(actions, byId, looks),
  };
}

async function judgedOf(environment: Environment, task: Task, looks: readonly TaskLook[], tip: AtTip) {
  const { tip: revision, history } = tip.desired;
  const only = { ...environment, tasks: new Map([[task.name, task]]) };
  const unmerged = (await readWaiting(tip.repository, revision, history, environment.name)).decisions.get(task.id);
  const known = factsOf(environment, task, looks);
  const facts = new Map([[task.id, unmerged === undefined ? known : { ...known, unsettledReason: waitsForMerge(unmerged) }]]);
  const judgements = await judgeNow(tip, only, facts);
  const [{ proposals, decision } = { proposals: [], decision: undefined }] = decide(judgements, {
    ...{ environment, facts, history },
    nowMs: systemClock.now(),
  });
  return { proposals, decision, idle: idleAgreements(only, history, systemClock.now()), unmerged };
}

/** With all that their trailers say of decisions that lie back. */
function wholeHistory(history: TaskHistory | undefined, commits: ReadonlyMap<Revision, Commit>): TaskHistory | undefined {
  const whole = (decision: TaskHistory['decisions'][number]) => {
    const lines = decisionLines(commits.get(decision.revision)?.message ?? '');
    return { ...decision, ...lines.map(parseDecision).find((one) => one?.id === decision.id) };
  };
  return history && { ...history, decisions: history.decisions.map(whole) };
}

/** As a controller that has just started knows them. */
function factsOf({ infrastructures }: Environment, task: Task, looks: readonly TaskLook[]): TaskFacts {
  const look = looks.find(({ infrastructure }) => infrastructure === task.infrastructure);
  const { health, sinceMs } = look ?? {};
  const suspended = task.spec.suspend || infrastructures.get(task.infrastructure)?.suspend ? 'it is suspended' : undefined;
  const absent = look?.failed ?? (look === undefined ? 'its infrastructure was not looked at' : 'it is not there');
  const reason = suspended ?? (health === undefined ? absent : unsettledReason(task, health));
  return {
    taskId: task.id,
    desired: task.spec.replicas,
    settledAtMs: reason === undefined ? (sinceMs ?? systemClock.now()) : undefined,
    ...(reason === undefined ? {} : { unsettledReason: reason }),
    ...(health?.scaledBy === undefined ? {} : { scaledBy: health.scaledBy }),
  };
}

function rolloutOf({ infrastructure, applied, health, sinceMs, failed }: TaskLook): RolloutTold {
  if (failed !== undefined) return { infrastructure, health: 'unknown', failed };
  const { state = 'missing', reason = 'it is not there', desired, ready } = health ?? {};
  return {
    infrastructure,
    ...(applied === undefined ? {} : { applied }),
    ...(desired === undefined || ready === undefined ? {} : { desired, ready }),
    health: reason === '' ? state : `${state}: ${reason}`,
    ...(sinceMs === undefined ? {} : { since: iso(sinceMs) }),
  };
}

function explained(
  actions: readonly ActionTold[],
  commits: ReadonlyMap<Revision, Commit>,
  looks: readonly TaskLook[],
): readonly ActionExplained[] {
  const held = new Map(looks.map(({ infrastructure, applied }) => [infrastructure, reached(applied, commits)]));
  const rollout = (revision: Revision) =>
    looks.map(({ infrastructure, failed, changes }) => {
      if (failed !== undefined) return { infrastructure, state: 'unseen' as const };
      const atMs = changes.get(revision.slice(0, 10));
      const state = held.get(infrastructure)?.has(revision) ? ('applied' as const) : ('waiting' as const);
      return { infrastructure, state, ...(atMs === undefined ? {} : { at: iso(atMs) }) };
    });
  return actions.map((action) => ({ ...action, commit: commitOf(action.commit, commits), rollout: rollout(action.commit.id) }));
}

/** All revisions that are part of one. */
function reached(from: Revision | undefined, commits: ReadonlyMap<Revision, Commit>): ReadonlySet<Revision> {
  const seen = new Set<Revision>();
  const next = from === undefined ? [] : [from];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    next.push(...(commits.get(id)?.parents ?? []));
  }
  return seen;
}

function commitOf({ id, at }: ActionTold['commit'], commits: ReadonlyMap<Revision, Commit>): ActionExplained['commit'] {
  const { author, message } = commits.get(id) ?? { author: { name: 'unknown', email: '' }, message: '' };
  return { id, at, author: `${author.name} <${author.email}>`, subject: message.split('\n', 1)[0] ?? '' };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
