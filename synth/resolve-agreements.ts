import { isDeepStrictEqual } from 'node:util';
import { agreementId, agreementKey, kubernetesName, taskIdForms } from '../constructs/spec/names.ts';
import type { AgreementDraft } from './draft.ts';
import type { DeclaredAgreement, QosTemplate, Task } from './environment.ts';
import { byName, type Located, originOf, type Report } from './report.ts';
import { boundTemplate, type Templates } from './resolve-qos.ts';
import { suggestion } from './suggest.ts';

/** An agreement that follows from a task and one of its templates. */
interface Generated {
  readonly id: string;
  readonly task: Task;
  readonly template: QosTemplate;
}

/**
 * The agreements that have documents of their own, by id. One with the id of a task and its template says the rest of that one; any other
 * is one more. Two tasks whose agreements would have one id are reported.
 */
export function resolveAgreements(
  drafts: readonly Located<AgreementDraft>[],
  tasks: ReadonlyMap<string, Task>,
  templates: Templates,
  report: Report,
): ReadonlyMap<string, DeclaredAgreement> {
  const generated = generatedBy(tasks, report);
  const agreements = [...byName(drafts, 'agreement', agreementKey, report)].flatMap(([key, located]) => {
    const task = taskOf(located, tasks, report);
    const template = task && termsOf(located, task, generated.get(key), templates, report);
    return task === undefined || template === undefined ? [] : [declared(located, task, template, generated.get(key))];
  });
  return new Map(agreements.map((agreement) => [agreement.id, agreement]));
}

function generatedBy(tasks: ReadonlyMap<string, Task>, report: Report): ReadonlyMap<string, Generated> {
  const all = new Map<string, Generated>();
  for (const task of tasks.values()) {
    for (const template of task.qos) {
      const id = agreementId(task.id, template.name);
      const first = all.get(id);
      if (first === undefined) all.set(id, { id, task, template });
      else {
        const message = `Cannot bind task '${task.name}' to QoS '${template.name}', as the agreement of task '${first.task.name}' with QoS '${first.template.name}' has the same id: ${id}`;
        report.error(task.origin.file, task.origin, 'duplicate-agreement', message);
      }
    }
  }
  return all;
}

/** By its name or its id. */
function taskOf({ file, draft }: Located<AgreementDraft>, tasks: ReadonlyMap<string, Task>, report: Report): Task | undefined {
  const { name, spec, places } = draft;
  const found = taskIdForms(kubernetesName(spec.task)).map((form) => tasks.get(form));
  const task = found.find((one) => one !== undefined);
  if (task === undefined && !report.isBroken('tasks', spec.task)) {
    const message = `Cannot make agreement '${name}' of task '${spec.task}' as no task has this name${suggestion(spec.task, [...tasks.keys()], 'declared are')}`;
    report.error(file, places.task, 'unknown-task', message);
  }
  return task;
}

function termsOf(
  located: Located<AgreementDraft>,
  task: Task,
  generated: Generated | undefined,
  templates: Templates,
  report: Report,
): QosTemplate | undefined {
  const { file, draft } = located;
  const { name, terms, places } = draft;
  if (generated === undefined) return boundTemplate(terms, { file, what: `agreement '${name}'` }, templates, report);
  const { id, template } = generated;
  const refused = (message: string) => void report.error(file, terms.place, 'wrong-agreement', message);
  if (generated.task !== task) {
    const message = `Cannot make agreement '${name}' of task '${task.name}', as this is the id of task '${generated.task.name}' with QoS '${template.name}'`;
    report.error(file, places.task, 'wrong-agreement', message);
    return undefined;
  }
  if (terms.own !== undefined && draft.native) {
    return refused(
      `Cannot give agreement '${id}' terms of its own, as task '${task.name}' is bound to QoS '${template.name}': name it otherwise`,
    );
  }
  if (terms.own === undefined && terms.name !== template.name) {
    return refused(
      `Cannot bind agreement '${id}' to QoS '${terms.name}', as this is the id of task '${task.name}' with QoS '${template.name}'`,
    );
  }
  if (terms.own !== undefined && !sameGuarantees(terms.own.spec.guarantees, template)) {
    const message = `Ignored the guarantees of agreement '${id}': QoS '${template.name}', which task '${task.name}' is bound to, says others`;
    report.warning(file, terms.place, 'ignored-field', message);
  }
  return template;
}

function sameGuarantees(written: readonly { readonly name: string; readonly constraint: unknown }[], { guarantees }: QosTemplate): boolean {
  const said = (all: typeof written) => all.map(({ name, constraint }) => ({ name, constraint }));
  return isDeepStrictEqual(said(written), said(guarantees));
}

function declared(
  located: Located<AgreementDraft>,
  task: Task,
  template: QosTemplate,
  generated: Generated | undefined,
): DeclaredAgreement {
  const { name, spec, parties } = located.draft;
  const { state, expiration, importance } = spec;
  return {
    id: generated?.id ?? name,
    task: task.name,
    generated: generated !== undefined,
    template,
    state,
    ...(expiration === undefined ? {} : { expiresAtMs: Date.parse(expiration) }),
    ...(importance === undefined ? {} : { importance }),
    ...parties,
    origin: originOf(located),
  };
}
