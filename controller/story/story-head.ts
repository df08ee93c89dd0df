import type { Environment, Task } from '../../synth/environment.ts';
import type { Proposal } from '../adaptation/propose.ts';
import type { Revision } from '../ports.ts';
import type { IdleAgreement } from '../sla/life.ts';
import type { DecisionStatus } from '../status.ts';
import { promiseOf } from './promise-told.ts';
import type { TaskStory } from './task-story.ts';

/** How a task's agreements were judged. */
export interface Judged {
  readonly proposals: readonly Proposal[];
  readonly idle: readonly IdleAgreement[];
  readonly decision: DecisionStatus | undefined;
}

/** What is declared of a task and promised, and how that is kept now. Pure. */
export function storyHead(
  task: Task,
  { environment, revision }: { readonly environment: Environment; readonly revision: Revision },
  { proposals, idle, decision }: Judged,
  nowMs: number,
): Omit<TaskStory, 'rollout' | 'actions'> {
  const { file, line, column } = task.origin;
  return {
    task: task.name,
    environment: environment.name,
    revision,
    declaredAt: `${file}:${line}:${column}`,
    replicas: task.spec.replicas,
    at: new Date(nowMs).toISOString(),
    promises: proposals.map(promiseOf),
    idle: idle.map(({ agreement, state, reason }) => ({ agreement: agreement.id, state, reason })),
    ...(decision === undefined ? {} : { decision }),
  };
}
