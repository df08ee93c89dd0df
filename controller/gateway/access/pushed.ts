import { kubernetesName } from '../../../constructs/spec/names.ts';
import type { Environment, Task } from '../../../synth/environment.ts';
import { HttpError } from '../rest/reply.ts';
import { type Caller, hasDock } from './grant.ts';

const SAMPLE = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\})?/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;
/** What is appended to the name of a counter or a histogram. */
const ENDING = /_(total|bucket|sum|count|created)$/;

/** What the controller itself keeps begins so. */
const OWN = 'rotterdam_';

/**
 * Who is limited to docks pushes nothing but metrics of their tasks: named for one, as COMPSs does, or with a label `task`. Masters share a group, so
 * that only a task's own group is replaced or deleted.
 * @throws HttpError 403
 */
export function checkPush(caller: Caller, environment: Environment | undefined, method: string, groupPath: string, body: string): void {
  if (caller.docks === undefined) return;
  const tasks = environment?.tasks ?? new Map<string, Task>();
  const group = taskIn(groupPath);
  if (group === undefined ? method !== 'POST' : !isOwn(caller, tasks.get(kubernetesName(group)))) {
    throw new HttpError(
      403,
      `Refused to ${caller.name}: ${method === 'POST' ? '' : 'to replace or delete, '}name one of its tasks in the group, /task/ID`,
    );
  }
  for (const line of body.split('\n')) {
    if (!/^\s*(#|$)/.test(line)) checkSample(caller, tasks, group, line);
  }
}

function checkSample(caller: Caller, tasks: ReadonlyMap<string, Task>, group: string | undefined, line: string): void {
  const [, name = '', labels = ''] = SAMPLE.exec(line) ?? [];
  const isRead = labels !== '' || !line.includes('{') || /^[^{]*\{\s*\}/.test(line);
  const label = [...labels.matchAll(LABEL)].flatMap(([, key, value = '']) => (key === 'task' ? [value] : []));
  const named = [name, name.replace(ENDING, '')].flatMap((one) => namedFor(one, tasks) ?? []);
  const meant = [...named, ...(group === undefined ? label : [group]).map((id) => tasks.get(kubernetesName(id)))];
  if (isRead && meant.length > 0 && meant.every((task) => isOwn(caller, task)) && !name.startsWith(OWN)) return;
  throw new HttpError(403, `Refused to ${caller.name}: ${name.slice(0, 80)} is no metric of a task of its docks`);
}

/** The task with the longest name that the metric's name ends in. */
function namedFor(metric: string, tasks: ReadonlyMap<string, Task>): Task | undefined {
  const parts = metric.split('_');
  const ends = parts.map((_, from) => parts.slice(from).join('-'));
  return ends.map((end) => tasks.get(end)).find((task) => task !== undefined);
}

/** `/metrics/job/compss/task/web` → `web`; a value may be in base64, as `task@base64`. */
function taskIn(groupPath: string): string | undefined {
  const parts = groupPath.split('/').slice(2);
  const at = parts.findLastIndex((part, index) => index % 2 === 0 && /^task(@base64)?$/.test(part));
  const value = decoded(parts[at + 1] ?? '');
  if (at < 0) return undefined;
  return parts[at] === 'task' ? value : Buffer.from(value, 'base64url').toString();
}

/** What can't be is refused by who reads it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

function isOwn(caller: Caller, task: Task | undefined): boolean {
  return task !== undefined && hasDock(caller, task.dock);
}
