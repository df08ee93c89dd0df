import { taskId } from '../../constructs/spec/names.ts';
import type { Environment, Guarantee, QosTemplate, Task } from '../../synth/environment.ts';

/** One task bound to one QoS template. Ids and names are the original's. */
export interface Agreement {
  /** `compss_workflow_DeadlinesMissed_1` */
  readonly id: string;
  readonly name: string;
  /** The environment's name. */
  readonly environment: string;
  readonly task: Task;
  readonly template: QosTemplate;
  readonly provider: { readonly id: string; readonly name: string };
  readonly client: { readonly id: string; readonly name: string };
  readonly guarantees: readonly Guarantee[];
}

const PROVIDER = { id: 'CLASSProvider', name: 'CLASS Platform' };

/** Every promise of an environment, in the order of its tasks and of their templates. */
export function agreementsOf(environment: Environment): readonly Agreement[] {
  const { name, tasks } = environment;
  return [...tasks.values()].flatMap((task) => task.qos.map((template) => agreementOf(name, task, template)));
}

function agreementOf(environment: string, task: Task, template: QosTemplate): Agreement {
  const client = task.spec.type === 'compss' ? `compss_task_${task.id}` : `CLASS task ${task.id}`;
  return {
    id: agreementId(task.id, template.name),
    name: `${task.name} ${template.name}`,
    environment,
    task,
    template,
    provider: PROVIDER,
    client: { id: task.id, name: client },
    guarantees: template.guarantees,
  };
}

/** Letters, digits and `_` only: it stands in paths of REST calls and in labels of metrics. */
export function agreementId(task: string, template: string): string {
  return `${taskId(task)}_${template.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;
}
