import { agreementId } from '../../constructs/spec/names.ts';
import { MAX_WORKERS } from '../../constructs/spec/task.ts';
import type { DeclaredAgreement, Environment, Guarantee, Party, QosTemplate, Task } from '../../synth/environment.ts';

/** One task bound to one QoS template, or to terms of its own. Ids and names are the original's. */
export interface Agreement {
  /** `compss_workflow_DeadlinesMissed_1` */
  readonly id: string;
  readonly name: string;
  /** The environment's name. */
  readonly environment: string;
  readonly task: Task;
  readonly template: QosTemplate;
  readonly provider: Party;
  readonly client: Party;
  readonly guarantees: readonly Guarantee[];
  /** Where there is not room for all, the more important is served first. */
  readonly importance: number;
  /** Milliseconds from its creation until it ends, when nothing says a time. */
  readonly lifetimeMs: number | undefined;
  /** What a document of its own says of it. */
  readonly declared: DeclaredAgreement | undefined;
}

const PROVIDER: Party = { id: 'CLASSProvider', name: 'CLASS Platform' };

const known = new WeakMap<Environment, readonly Agreement[]>();

/** Every promise of an environment, in the order of its tasks and of their templates, then those that only documents of their own make. */
export function agreementsOf(environment: Environment): readonly Agreement[] {
  const agreements = known.get(environment) ?? allOf(environment);
  known.set(environment, agreements);
  return agreements;
}

function allOf(environment: Environment): readonly Agreement[] {
  const { tasks, agreements } = environment;
  const generated = [...tasks.values()].flatMap((task) =>
    task.qos.map((template) => agreementOf(environment, task, template, agreements.get(agreementId(task.id, template.name)))),
  );
  const others = [...agreements.values()].flatMap((declared) => {
    const task = tasks.get(declared.task);
    return declared.generated || task === undefined ? [] : [agreementOf(environment, task, declared.template, declared)];
  });
  return [...generated, ...others];
}

function agreementOf({ name, defaults }: Environment, task: Task, template: QosTemplate, declared?: DeclaredAgreement): Agreement {
  return {
    id: declared?.id ?? agreementId(task.id, template.name),
    name: declared?.title ?? [task.name, template.name].join(' '),
    environment: name,
    task,
    template: withinWorkers(task, template),
    provider: declared?.provider ?? PROVIDER,
    client: declared?.client ?? clientOf(task),
    guarantees: template.guarantees,
    importance: declared?.importance ?? template.importance ?? 1,
    lifetimeMs: defaults.agreements?.lifetime,
    declared,
  };
}

/** More would be no valid document, and to an invalid one nothing is written. */
function withinWorkers({ spec }: Task, template: QosTemplate): QosTemplate {
  return spec.type === 'compss' && template.maxReplicas > MAX_WORKERS ? { ...template, maxReplicas: MAX_WORKERS } : template;
}

function clientOf({ id, spec }: Task): Party {
  return { id, name: spec.type === 'compss' ? `compss_task_${id}` : `CLASS task ${id}` };
}
