import type { Environment, Task } from '../../synth/environment.ts';
import { effectsOf } from '../adaptation/effect.ts';
import type { Repository, Revision } from '../ports.ts';
import type { History } from '../sla/history.ts';
import type { Judgement } from '../sla/verdict.ts';
import type { DecisionStatus, InfrastructureStatus } from '../status.ts';
import type { Rollout } from '../worker.ts';
import { actionsOf, decisionTold } from './actions-told.ts';
import { type CommitTold, tellCommit } from './commit-told.ts';
import { type Judged, storyHead } from './story-head.ts';
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
  readonly judgedOf: (task: Task) => Omit<Judged, 'decision'>;
  readonly decisionOn: (task: Task) => DecisionStatus | undefined;
  readonly rolloutOn: (infrastructure: string, task: Task) => Rollout | undefined;
  readonly infrastructureStatus: (name: string) => InfrastructureStatus | undefined;
}

export function chronicleOf(known: Known): Chronicle {
  const { inForce, tip, repository } = known;
  return {
    decisions: (most, task) => lastDecisions(known, most, task),
    story: (task) => storyOf(task, known),
    commit: (id) => tellCommit(id, { tip, repository, environment: inForce.environment.name }),
  };
}

function lastDecisions(
  { inForce: { environment }, history, nowMs, judgedOf }: Known,
  most: number,
  only: string | undefined,
): readonly DecisionMade[] {
  const byId = new Map([...environment.tasks.values()].map((task) => [task.id, task]));
  const last = [...history.tasks]
    .filter(([id]) => only === undefined || id === only)
    .flatMap(([, { decisions }]) => decisions.slice(-most))
    .sort((a, b) => b.order - a.order)
    .slice(0, most);
  const effects = new Map(
    [...new Set(last.map(({ task }) => task))].flatMap((id) => {
      const [task, known] = [byId.get(id), history.tasks.get(id)];
      return known === undefined ? [] : [...effectsOf(known, task === undefined ? [] : judgementsOf(judgedOf(task)), nowMs)];
    }),
  );
  return last.map((happened) => ({ task: happened.task, ...decisionTold(happened, environment, effects.get(happened.id)) }));
}

function storyOf(task: Task, { inForce, history, nowMs, judgedOf, decisionOn, rolloutOn, infrastructureStatus }: Known): TaskStory {
  const judged = judgedOf(task);
  return {
    ...storyHead(task, inForce, { ...judged, decision: decisionOn(task) }, nowMs),
    rollout: task.infrastructures.map((place) => rolloutTold(place, rolloutOn(place, task), infrastructureStatus(place))),
    actions: actionsOf(inForce.environment, history.tasks.get(task.id), judgementsOf(judged), nowMs),
  };
}

function judgementsOf({ proposals }: Pick<Judged, 'proposals'>): readonly Judgement[] {
  return proposals.map(({ judgement }) => judgement);
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

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
