import type { AgreementState } from '../constructs/spec/agreement.ts';
import { API_VERSION } from '../constructs/spec/document.ts';
import { agreementId, agreementKey } from '../constructs/spec/names.ts';
import { setState } from './edit.ts';
import type { Environment } from './environment.ts';
import type { Edit } from './source.ts';
import { suggestion } from './suggest.ts';

/** The documents that a state is written into. */
export interface StateDocuments {
  readonly environment: Environment;
  /** The text of a file, or undefined when there is none. */
  readonly textOf: (path: string) => string | undefined;
}

/**
 * The edit after which documents say that an agreement has this state: one value of its own document, or a document where it has none. Undefined
 * when they say so already. Pure.
 * @throws Error when there is no such agreement, when it is terminated, or when its document can't be edited.
 */
export function stateEdit({ environment, textOf }: StateDocuments, id: string, state: AgreementState): Edit | undefined {
  const declared = [...environment.agreements.values()].find((one) => agreementKey(one.id) === agreementKey(id));
  if ((declared?.state ?? 'started') === state) {
    if (declared === undefined) boundAs(environment, id);
    return undefined;
  }
  if (declared === undefined) return newDocument(environment, textOf, id, state);
  if (declared.state === 'terminated')
    throw new Error(`Cannot make agreement '${declared.id}' ${state}, as it is terminated: make a new one`);
  const { file } = declared.origin;
  return { path: file, content: setState(textOf(file) ?? '', declared.origin, state) };
}

function newDocument(environment: Environment, textOf: StateDocuments['textOf'], id: string, state: AgreementState): Edit {
  const bound = boundAs(environment, id);
  const path = `environments/${environment.name}/sla/${bound.id}.yaml`;
  if (textOf(path) !== undefined)
    throw new Error(`Cannot write ${path} as there is such a file: add an Agreement named '${bound.id}' by hand`);
  const content = [
    `apiVersion: ${API_VERSION}`,
    'kind: Agreement',
    'metadata:',
    `  name: ${bound.id}`,
    'spec:',
    `  task: ${bound.task}`,
    `  template: ${JSON.stringify(bound.template)}`,
    `  state: ${state}`,
    '',
  ].join('\n');
  return { path, content };
}

function boundAs(environment: Environment, id: string): { readonly id: string; readonly task: string; readonly template: string } {
  const bound = [...environment.tasks.values()].flatMap((task) =>
    task.qos.map((template) => ({ id: agreementId(task.id, template.name), task: task.name, template: template.name })),
  );
  const found = bound.find((one) => one.id === agreementKey(id));
  if (found !== undefined) return found;
  const known = [...bound, ...environment.agreements.values()].map((one) => one.id);
  throw new Error(`Cannot find agreement '${id}'${suggestion(id, [...new Set(known)], 'agreements are')}`);
}
