import { kubernetesName, MAX_TASK_NAME } from '../../../constructs/spec/names.ts';
import type { Environment, Task } from '../../../synth/environment.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import type { Fields } from './body.ts';
import { drop, isNative, named, put, renamed, withFields } from './documents.ts';
import { checkMatch, etagOf } from './etag.ts';

/** What the route says of a task, whatever its document says. */
export interface TaskPlace {
  readonly dock?: string;
  /** `/docks/tasks-compss` takes a workflow's workers, in either format. */
  readonly compss?: boolean;
}

/** A new document for `task`, whose name gets a suffix when it is taken. */
export function createTask(task: Fields, { dock, compss = false }: TaskPlace, documents: Documents): Made {
  const { tasks, functions } = documents.environment;
  // Both have one space of ids in the original.
  const { name, document } = named(task, MAX_TASK_NAME, (one) => tasks.has(one) || functions.has(one));
  const place = { ...(dock === undefined ? {} : { dock }), ...(compss ? { type: 'compss' } : {}) };
  const edits = put(documents, 'tasks', [{ name, document: promised(withFields(document, place)), origin: undefined }]);
  return { subject: `Create task ${name}`, edits, name };
}

/** The document of a task, replaced. @throws Refusal when there is none, or it has another ETag. */
export function replaceTask(name: string, task: Fields, ifMatch: string | undefined, documents: Documents): Made {
  const { origin, original = name } = found(name, ifMatch, documents);
  const document = promised(renamed(task, name, original));
  return { subject: `Replace task ${name}`, edits: put(documents, 'tasks', [{ name, document, origin }]), name };
}

/** Without the task's document. What runs goes with it: the commit carries the word for that, and for nothing else. */
export function deleteTask(name: string, ifMatch: string | undefined, documents: Documents): Made {
  const { origin, infrastructures } = found(name, ifMatch, documents);
  const trailers = infrastructures.map(
    (infrastructure) => `Rotterdam-Allow-Prune: ${documents.environment.name}/${infrastructure}/${name}`,
  );
  // Once stopped by the SLA Manager's API, an agreement has a document of its own, which can't stand without its task.
  const agreements = [...documents.environment.agreements.values()].filter(({ task }) => task === name);
  return { subject: `Delete task ${name}`, edits: drop(documents, [origin, ...agreements.map((one) => one.origin)]), trailers, name };
}

/** A task by its name or id, in both forms. */
export function taskOf({ tasks }: Environment, id: string): Task | undefined {
  return tasks.get(kubernetesName(id));
}

export function taskTag({ dock, infrastructures, spec, annotations, qos }: Task): string {
  return etagOf([dock, infrastructures, spec, annotations, qos]);
}

/** What the original promised to a workflow of which nobody said anything: `deadlines_missed_<id> < 2`, or what the Defaults say. */
const DEFAULT_QOS = [{ metric: 'deadlines_missed' }];

/** A workflow in Rotterdam's format, with its QoS. One that is to have none says `None`. */
function promised(document: Fields): Fields {
  const { type, qos, qoscompss } = document;
  const isWorkflow = type === 'compss' || (!('containers' in document) && type !== 'default');
  const isSilent = (isEmpty(qos) || (qos as Fields).name === '') && isEmpty(qoscompss);
  return isWorkflow && isSilent && !isNative(document) ? { ...document, qoscompss: DEFAULT_QOS } : document;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0);
}

function found(name: string, ifMatch: string | undefined, { environment }: Documents): Task {
  const task = taskOf(environment, name);
  if (task === undefined) throw new Refusal('missing', `There is no task ${name}`);
  checkMatch(ifMatch, taskTag(task), `task ${task.name}`);
  return task;
}
