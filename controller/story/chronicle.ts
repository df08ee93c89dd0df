import type { Environment, Task } from '../../synth/environment.ts';
import type { Proposal } from '../adaptation/propose.ts';
import type { Repository, Revision } from '../ports.ts';
import { agreementsOf } from '../sla/agreement.ts';
import type { History, TaskHistory } from '../sla/history.ts';
import type { IdleAgreement } from '../sla/life.ts';
import type { DecisionStatus, InfrastructureStatus } from '../status.ts';
import type { Rollout } from '../worker.ts';
import { type CommitTold, tellCommit } from './commit-told.ts';
import { decisionOf } from './decision-told.ts';
import { promiseOf } from './promise-told.ts';
import type { ActionTold, RolloutTold, TaskStory } from './task-story.ts';

/** What was done, and why, as git and the running controller know it: no cluster and no source is asked. */
export interface Chronicle {
  /** Of all tasks, or of the one of this id: the newest first, `most` of them. */
  decisions(most: number, task?: string): readonly DecisionMade[];
  story(task: Task): TaskStory;
  /** A commit of the branch, by its id or how that begins; undefined when there is none. */
  commit(id: string): Promise<CommitTold | undefined>;
}

/** An action that the Adaptation Engine took. */
export type DecisionMade = Required<ActionTold> & { readonly task: string };

export interface Known {
  readonly inForce: { readonly revision: Revision; readonly environment: Environment };
  readonly tip: Revision;
  readonly history: History;
  readonly repository: Repository;
  readonly nowMs: number;
  readonly judgedOf: (task: Task) => { readonly proposals: readonly Proposal[]; readonly idle: readonly IdleAgreement[] };
  readonly decisionOn: (task: Task) => DecisionStatus | undefined;
  readonly rolloutOn: (infrastructure: string, task: Task) => Rollout | undefined;
  readonly infrastructureStatus: (name: string) => InfrastructureStatus | undefined;
}

export function chronicleOf(known: Known): Chronicle {
  const { inForce, tip, history, repository } = known;
  return {
    decisions: (most, task) => lastDecisions(inForce.environment, history, most, task),
    story: (task) => storyOf(task, known),
    commit: (id) => tellCommit(id, { tip, repository, environment: inForce.environment.name }),
  };
}

function lastDecisions(environment: Environment, history: History, most: number, only: string | undefined): readonly DecisionMade[] {
  return [...history.tasks]
    .filter(([id]) => only === undefined || id === only)
    .flatMap(([, { decisions }]) => decisions.slice(-most))
    .sort((a, b) => b.order - a.order)
    .slice(0, most)
    .map((happened) => ({ task: happened.task, ...decided(happened, environment) }));
}

function storyOf(task: Task, { inForce, history, nowMs, judgedOf, decisionOn, rolloutOn, infrastructureStatus }: Known): TaskStory {
  const { environment, revision } = inForce;
  const { proposals, idle } = judgedOf(task);
  const decision = decisionOn(task);
  const { file, line, column } = task.origin;
  return {
    task: task.name,
    environment: environment.name,
    revision,
    declaredAt: `${file}:${line}:${column}`,
    replicas: task.spec.replicas,
    at: iso(nowMs),
    promises: proposals.map(promiseOf),
    idle: idle.map(({ agreement, state, reason }) => ({ agreement: agreement.id, state, reason })),
    ...(decision === undefined ? {} : { decision }),
    rollout: task.infrastructures.map((place) => rolloutTold(place, rolloutOn(place, task), infrastructureStatus(place))),
    actions: actionsOf(environment, history.tasks.get(task.id)),
  };
}

function rolloutTold(infrastructure: string, rollout: Rollout | undefined, seen: InfrastructureStatus | undefined): RolloutTold {
  if (rollout === undefined) return { infrastructure, health: 'unknown', failed: 'it is not looked after here' };
  const { health, reason, settledAtMs } = rollout;
  const { state = 'missing', desired, ready } = health ?? {};
  return {
    infrastructure,
    ...(seen?.revision ? { applied: seen.revision } : {}),
    ...(desired === undefined || ready === undefined ? {} : { desired, ready }),
    health: reason === undefined ? state : `${state}: ${reason}`,
    ...(reason !== undefined || settledAtMs === undefined ? {} : { since: iso(settledAtMs) }),
  };
}

/** Newest first. */
function actionsOf(environment: Environment, { decisions = [], humans = [] }: Partial<TaskHistory> = {}): readonly ActionTold[] {
  const told = [
    ...decisions.map((happened) => ({ order: happened.order, action: decided(happened, environment) })),
    ...humans.map(({ order, from, to, revision, atMs, author, subject }) => ({
      order,
      action: { from, to, commit: { id: revision, at: iso(atMs), author, subject } },
    })),
  ];
  return told.sort((a, b) => b.order - a.order).map(({ action }) => action);
}

function decided(happened: TaskHistory['decisions'][number], environment: Environment): Required<ActionTold> {
  const { from, to, revision, atMs } = happened;
  return { from, to, commit: { id: revision, at: iso(atMs) }, decision: decisionOf(happened, agreementsOf(environment)) };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
