import type { FastifyInstance } from 'fastify';
import { LABEL } from '../../../constructs/labels.ts';
import { kubernetesName } from '../../../constructs/spec/names.ts';
import type { Task } from '../../../synth/environment.ts';
import { synthesize } from '../../../synth/synthesize.ts';
import type { Status, View } from '../../status.ts';
import { HttpError } from './reply.ts';
import type { Rest } from './rest.ts';
import { taskOf } from './task-document.ts';
import { taskView } from './task-view.ts';

/** Of the components that the original had; here they are one program. */
export function versions({ version }: Pick<Rest, 'version'>) {
  return {
    faasversion: version,
    rulesengineversion: version,
    restapi: version,
    slalite: version,
    imec: version,
    imecversion: version,
  };
}

/** `/version`, `/status`, docks, and what else the original had beside its tasks. */
export function addGeneralRoutes(server: FastifyInstance, rest: Rest, status: () => Status): void {
  server.get(
    '/version',
    rest.route('GetVersion', () => ({ message: `rotterdam-sync ${rest.version}`, ...versions(rest) })),
  );
  server.get(
    '/status',
    rest.route('GetStatus', () => {
      const seen = status();
      return { message: seen.reason ?? 'ok', ...versions(rest), ...seen };
    }),
  );
  server.get(
    '/docks',
    rest.route('GetDocks', () => {
      const docks = docksOf(rest.view());
      return { message: `${docks.length} docks retrieved`, docks };
    }),
  );
  server.get<{ Params: { readonly dock: string } }>(
    '/docks/:dock',
    rest.route<{ Params: { readonly dock: string } }>('GetDock', ({ params: { dock } }) => {
      const found = docksOf(rest.view()).find(({ name }) => name === kubernetesName(dock));
      if (found === undefined) throw new HttpError(404, `There is no dock ${dock.slice(0, 80)}`);
      return { message: 'Dock retrieved', dock: found };
    }),
  );
  server.get(
    '/docks/tasksqos',
    rest.route('GetTasksQoS', () => {
      const tasksqos = tasksQosOf(rest.view());
      return { message: `${tasksqos.length} QoS of tasks retrieved`, tasksqos };
    }),
  );
  server.get<{ Params: { readonly id: string } }>(
    '/tasks/:id/all',
    rest.route<{ Params: { readonly id: string } }>('GetTaskAllInfo', ({ params: { id } }) => {
      const view = rest.view();
      const task = taskOf(view.environment, id);
      if (task === undefined) throw new HttpError(404, `There is no task ${id.slice(0, 80)}`);
      const shown = taskView(task, view);
      const { agreements } = view.taskStatus(task);
      return {
        message: 'Task retrieved',
        id: shown.id,
        url: shown.url,
        task: shown,
        pods: shown.pods,
        agreements,
        objects: objectsOf(view, task),
      };
    }),
  );
}

/** What it is made of, as it is sent to its infrastructures. */
function objectsOf({ environment }: View, { name, infrastructures }: Task) {
  const manifests = synthesize(environment);
  return infrastructures.flatMap((infrastructure) =>
    (manifests.get(infrastructure) ?? [])
      .filter(({ metadata }) => metadata.labels?.[LABEL.task] === name)
      .map((manifest) => ({ infrastructure, manifest })),
  );
}

function docksOf({ environment }: View) {
  const tasks = [...environment.tasks.values()];
  return [...environment.docks.values()].map(({ name, declared, labels, quota, infrastructures }) => ({
    name,
    declared,
    labels,
    ...(quota === undefined ? {} : { quota }),
    infrastructures: infrastructures ?? [...environment.infrastructures.keys()],
    tasks: tasks.filter(({ dock }) => dock === name).map(({ id }) => id),
  }));
}

/** The original's records of what a task is bound to. */
function tasksQosOf({ environment, taskStatus }: View) {
  return [...environment.tasks.values()].flatMap((task) => {
    const { agreements } = taskStatus(task);
    return task.qos.flatMap(({ name, type, maxAllowed, action, scaleFactor, maxReplicas, minReplicas, guarantees }) =>
      guarantees.map((guarantee) => ({
        dbid: 'QoS',
        id: `${task.id}_${name}`,
        type,
        idtask: task.id,
        guarantee: guarantee.name,
        state: agreements.find((one) => one.id === `${task.id}_${name}` && one.guarantee === guarantee.name)?.state ?? 'unknown',
        maxallowed: maxAllowed,
        action,
        scalefactor: scaleFactor,
        maxreplicas: maxReplicas,
        minreplicas: minReplicas,
      })),
    );
  });
}
