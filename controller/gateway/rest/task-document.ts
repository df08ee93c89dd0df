import { createHash } from 'node:crypto';
import { isKubernetesName, kubernetesName, MAX_TASK_NAME } from '../../../constructs/spec/names.ts';
import type { Environment, Task } from '../../../synth/environment.ts';
import { saysItsKind } from '../../../synth/native.ts';
import { removeDocument } from '../../../synth/remove-document.ts';
import type { SourceFile } from '../../../synth/source.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import { textOf } from '../../changes/plan.ts';
import type { Fields } from './body.ts';

/** What the route says of a task, whatever its document says. */
export interface TaskPlace {
  readonly dock?: string;
  /** `/docks/tasks-compss` takes a workflow's workers, in either format. */
  readonly compss?: boolean;
}

/** A new document for `task`, whose name gets a suffix when it is taken. */
export function createTask(task: Fields, place: TaskPlace, documents: Documents): Made {
  const name = freeName(nameOf(task), documents);
  const edit = { path: `${documents.directory}/tasks/${name}.json`, content: printed(placed(renamed(task, name), place)) };
  return { subject: `Create task ${name}`, edits: [edit], name };
}

/** The document of a task that is there, replaced. @throws Refusal when it is not there, has another ETag, or shares its file. */
export function replaceTask(name: string, task: Fields, ifMatch: string | undefined, documents: Documents): Made {
  const { origin } = found(name, ifMatch, documents);
  const text = textOf(documents, origin.file) ?? '';
  if (removed(text, origin) !== null) {
    throw new Refusal('conflict', `Cannot replace task ${name} as ${origin.file} holds other documents too: edit it in git`);
  }
  return { subject: `Replace task ${name}`, edits: [{ path: origin.file, content: printed(renamed(task, name)) }], name };
}

/** Without the task's document. What runs goes with it: the commit carries the word for that. */
export function deleteTask(name: string, ifMatch: string | undefined, documents: Documents): Made {
  const { origin, infrastructures } = found(name, ifMatch, documents);
  const content = removed(textOf(documents, origin.file) ?? '', origin);
  const trailers = infrastructures.map((infrastructure) => `Rotterdam-Allow-Prune: ${documents.environment.name}/${infrastructure}`);
  return { subject: `Delete task ${name}`, edits: [{ path: origin.file, content }], trailers, name };
}

/** A task by its name or id, in both forms. */
export function taskOf({ tasks }: Environment, id: string): Task | undefined {
  return tasks.get(kubernetesName(id));
}

/** Changes with what the documents say of the task, and with nothing else. */
export function etagOf({ dock, infrastructures, spec, annotations, qos }: Task): string {
  const said = JSON.stringify([dock, infrastructures, spec, annotations, qos]);
  return `"${createHash('sha256').update(said).digest('hex').slice(0, 16)}"`;
}

function found(name: string, ifMatch: string | undefined, { environment }: Documents): Task {
  const task = taskOf(environment, name);
  if (task === undefined) throw new Refusal('missing', `There is no task ${name}`);
  if (ifMatch !== undefined && ifMatch !== '*' && !ifMatch.split(/\s*,\s*/).includes(etagOf(task))) {
    throw new Refusal('stale', `Refused as task ${task.name} has changed: read it again`);
  }
  return task;
}

function removed(text: string, { file, index }: Task['origin']): string | null {
  try {
    return removeDocument(text, { file, index });
  } catch (error) {
    throw new Refusal('conflict', (error as Error).message);
  }
}

/** Ours, not Rotterdam's. */
const isNative: (document: Fields) => boolean = saysItsKind;

function nameOf(task: Fields): string {
  const name = isNative(task) ? fieldsIn(task, 'metadata').name : task.name;
  if (typeof name !== 'string' || name === '') throw new Refusal('invalid', "Give the task a 'name'");
  return name;
}

/** Names that Kubernetes doesn't take are refused in the words of the document's check. */
function freeName(wanted: string, { environment, directory, files }: Documents): string {
  const name = kubernetesName(wanted);
  if (!isKubernetesName(name, MAX_TASK_NAME)) {
    const bad = `'${wanted.slice(0, 80)}' is not one that Kubernetes takes: write at most ${MAX_TASK_NAME} letters, digits and dashes, a letter first`;
    throw new Refusal('invalid', `Cannot use the name ${bad}`);
  }
  const taken = namesTaken(environment, directory, files);
  for (let at = 1; ; at += 1) {
    const suffix = at === 1 ? '' : `-${at}`;
    const free = `${name.slice(0, MAX_TASK_NAME - suffix.length).replace(/-+$/, '')}${suffix}`;
    if (!taken(free)) return free;
  }
}

function namesTaken({ tasks, functions }: Environment, directory: string, files: ReadonlyMap<string, SourceFile>) {
  return (name: string) => tasks.has(name) || functions.has(name) || files.has(`${directory}/tasks/${name}.json`);
}

function renamed(task: Fields, name: string): Fields {
  return isNative(task) ? { ...task, metadata: { ...fieldsIn(task, 'metadata'), name } } : { ...task, name };
}

function placed(task: Fields, { dock, compss = false }: TaskPlace): Fields {
  const more = { ...(dock === undefined ? {} : { dock }), ...(compss ? { type: 'compss' } : {}) };
  return isNative(task) ? { ...task, spec: { ...fieldsIn(task, 'spec'), ...more } } : { ...task, ...more };
}

function fieldsIn(document: Fields, key: string): Fields {
  const fields = document[key];
  return typeof fields === 'object' && fields !== null ? (fields as Fields) : {};
}

function printed(task: Fields): string {
  return `${JSON.stringify(task, null, 2)}\n`;
}
