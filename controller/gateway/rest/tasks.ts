import type { FastifyInstance, FastifyReply } from 'fastify';
import { kubernetesName, taskId } from '../../../constructs/spec/names.ts';
import type { Task } from '../../../synth/environment.ts';
import type { View } from '../../status.ts';
import { readOne } from './body.ts';
import { HttpError } from './reply.ts';
import { type Rest, said } from './rest.ts';
import { createTask, deleteTask, replaceTask, type TaskPlace, taskOf, taskTag } from './task-document.ts';
import { TASK_FIELDS, taskView } from './task-view.ts';

interface TaskRoute {
  Params: { readonly id: string; readonly dock?: string };
}
interface DockRoute {
  Params: { readonly dock: string };
  Querystring: Readonly<Record<string, string>>;
}

/** The original's tasks: `/tasks`, and the same below `/docks`, deprecated and still called by COMPSs. */
export function addTaskRoutes(server: FastifyInstance, rest: Rest): void {
  for (const url of ['/tasks', '/docks/tasks']) {
    server.get<DockRoute>(
      url,
      rest.route('GetTasks', (request) => listed(rest.view(), request.query)),
    );
  }
  server.get<DockRoute>(
    '/docks/:dock/tasks',
    rest.route('GetTasks', (request) => listed(rest.view(), { ...request.query, dock: request.params.dock })),
  );
  server.post('/tasks', created(rest, {}));
  server.post('/docks/tasks', created(rest, {}));
  server.post('/docks/tasks-compss', created(rest, { compss: true }));
  server.get<TaskRoute>(
    '/docks/:dock/tasks/:id/containers',
    rest.route('GetTaskContainers', ({ params }) => {
      const { id, containers } = taskView(find(rest.view(), params), rest.view());
      return { message: `${containers.length} containers retrieved`, id, containers };
    }),
  );
  for (const url of ['/tasks/:id', '/docks/:dock/tasks/:id']) {
    server.get<TaskRoute>(
      url,
      rest.route('GetTask', (request, reply) => one(rest.view(), request.params, reply)),
    );
    server.put<TaskRoute>(url, replaced(rest));
    server.delete<TaskRoute>(url, removed(rest));
  }
}

/** Healths of tasks, and the original's words for how far they are. */
const STATES = ['ready', 'progressing', 'failed', 'terminating', 'missing', 'suspended', 'unknown', 'Deployed', 'Deploying'];

/** `?dock=`, `?infrastructure=` and `?state=` choose; `?limit=` and `?offset=` page; `?fields=id,name` leaves out the rest. */
function listed(view: View, query: Readonly<Record<string, string>>) {
  const { dock, infrastructure } = query;
  const [state] = query.state === undefined ? [] : known([query.state], STATES, 'state');
  const names = query.fields === undefined ? undefined : known(String(query.fields).split(','), TASK_FIELDS, 'fields');
  const wanted = [...view.environment.tasks.values()].filter(
    (task) =>
      (dock === undefined || task.dock === kubernetesName(String(dock))) &&
      (infrastructure === undefined || task.infrastructures.includes(kubernetesName(String(infrastructure)))),
  );
  const all = wanted
    .map((task) => taskView(task, view))
    .filter(({ health, status }) => state === undefined || health === state || status === state);
  const offset = whole(query.offset, 'offset', 0);
  const page = all.slice(offset, offset + whole(query.limit, 'limit', all.length));
  const tasks =
    names === undefined ? page : page.map((task) => Object.fromEntries(Object.entries(task).filter(([key]) => names.includes(key))));
  return { message: `${tasks.length} tasks retrieved`, tasks, total: all.length };
}

/** Words of the query. Throws HttpError 400 when one means nothing here: the answer would be empty without a reason. */
function known(words: readonly string[], all: readonly string[], name: string): readonly string[] {
  const other = words.find((word) => !all.includes(word));
  if (other === undefined) return words;
  throw new HttpError(400, `Cannot read ${name}: ${JSON.stringify(other.slice(0, 40))}: known are ${all.join(', ')}`);
}

/** A number of the query. Throws HttpError 400 when it is none. */
export function whole(text: string | undefined, name: string, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new HttpError(400, `Write ${name} as a whole number: ${JSON.stringify(text.slice(0, 40))}`);
  return Number(text);
}

function one(view: View, params: TaskRoute['Params'], reply: FastifyReply) {
  const task = find(view, params);
  reply.header('etag', taskTag(task));
  return answered('Task retrieved', task, view);
}

function answered(message: string, task: Task, view: View) {
  const shown = taskView(task, view);
  return { message, url: shown.url, id: shown.id, task: shown };
}

/** A task of another dock than the path says is not there. */
function find(view: View, { id, dock }: TaskRoute['Params']): Task {
  const task = taskOf(view.environment, id);
  if (task === undefined || (dock !== undefined && task.dock !== kubernetesName(dock))) {
    throw new HttpError(404, `There is no task ${id.slice(0, 80)}${dock === undefined ? '' : ` in dock ${dock.slice(0, 80)}`}`);
  }
  return task;
}

function created(rest: Rest, place: TaskPlace) {
  return rest.route(place.compss ? 'deployCOMPSs' : 'deploy', async (request, reply) => {
    const { document, warnings } = readOne(request, 'tasks');
    const wait = rest.waiter(request);
    const written = await rest.write(request, (documents) => createTask(document, place, documents));
    const task = find(rest.view(), { id: written.name });
    reply.header('location', `/api/v1/tasks/${task.id}`).header('etag', taskTag(task));
    await wait(task);
    // The simple format is a workflow's wherever it is posted.
    const method = task.spec.type === 'compss' ? 'deployCOMPSs' : 'deploy';
    const told = said([...warnings, ...written.warnings]);
    return { ...answered('Task deployed', task, rest.view()), method, revision: written.revision, ...told };
  });
}

function replaced(rest: Rest) {
  return rest.route<TaskRoute>('UpdateTask', async (request, reply) => {
    const { document, warnings } = readOne(request, 'tasks');
    const { name } = find(rest.view(), request.params);
    const wait = rest.waiter(request);
    const written = await rest.write(request, (documents) => replaceTask(name, document, request.headers['if-match'], documents));
    const task = find(rest.view(), { id: name });
    reply.header('etag', taskTag(task));
    await wait(task);
    return { ...answered('Task updated', task, rest.view()), revision: written.revision, ...said([...warnings, ...written.warnings]) };
  });
}

function removed(rest: Rest) {
  return rest.route<TaskRoute>('RemoveTask', async (request) => {
    const view = rest.view();
    const written = await rest.write(request, (documents) =>
      deleteTask(find(view, request.params).name, request.headers['if-match'], documents),
    );
    return { message: 'Task removed', content: 'ok', id: taskId(written.name), revision: written.revision };
  });
}
