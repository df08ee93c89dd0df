import { z } from 'zod';
import { agreementStatus, task, worker, written } from './answers.ts';
import { compssBody, taskBody } from './bodies.ts';
import { envelope, type Operation, READ_ERRORS, WRITE_ERRORS } from './operation.ts';

const query = z.object({
  dock: z.string().optional(),
  infrastructure: z.string().optional(),
  state: z.string().optional().describe("Health: ready, progressing, failed …; or the original's Deployed, Deploying. Another: 400."),
  limit: z.int().min(0).optional(),
  offset: z.int().min(0).optional(),
  fields: z.string().optional().describe('`id,replicas`: the others are left out. One that no task has: 400.'),
});

const inDock = query.omit({ dock: true });

const wait = z.object({
  wait: z.literal('ready').optional().describe('Answers when it is applied and ready, or when the time is over.'),
  timeout: z.string().optional().describe('At most 10m. Default: 60s.'),
});

const tasks = envelope({ tasks: z.array(task.partial()), total: z.int().describe('With those of other pages.') });
const one = { url: z.string(), id: z.string(), task };
const read = envelope(one);
const made = envelope({ ...one, ...written });
const removed = envelope({ content: z.literal('ok'), id: z.string(), revision: z.string() });

const list = { query, headers: ['prefer'], answers: { 200: tasks }, errors: [400, ...READ_ERRORS], form: 'envelope' } as const;
const create = {
  query: wait,
  headers: ['prefer', 'key'],
  body: taskBody,
  etag: true,
  location: true,
  answers: { 200: made },
  errors: WRITE_ERRORS,
  form: 'envelope',
} as const;
const get = { headers: ['prefer'], answers: { 200: read }, errors: [404, ...READ_ERRORS], form: 'envelope' } as const;
const getTask = { ...get, etag: true } as const;
const { location: _, ...put } = create;
const replace = { ...put, headers: ['prefer', 'key', 'match'], answers: { 200: made }, errors: [404, ...WRITE_ERRORS] } as const;
const remove = {
  headers: ['prefer', 'key', 'match'],
  answers: { 200: removed },
  errors: [404, ...WRITE_ERRORS],
  form: 'envelope',
} as const;

export const TASKS: readonly Operation[] = [
  { at: 'GET /api/v1/tasks', tag: 'task', id: 'getAllRotterdamTasks', summary: 'All tasks', ...list },
  { at: 'POST /api/v1/tasks', tag: 'task', id: 'createRotterdamTask', summary: 'Create a task: one commit', ...create },
  { at: 'GET /api/v1/tasks/{id}', tag: 'task', id: 'getRotterdamTask', summary: 'One task', ...getTask },
  { at: 'PUT /api/v1/tasks/{id}', tag: 'task', id: 'updateRotterdamTask', summary: "Replace a task's document", ...replace },
  { at: 'DELETE /api/v1/tasks/{id}', tag: 'task', id: 'deleteRotterdamTask', summary: 'Remove a task, and what runs with it', ...remove },
  {
    at: 'GET /api/v1/tasks/{id}/all',
    tag: 'task',
    id: 'getRotterdamTaskFullInfo',
    summary: 'One task with its objects, pods and agreements',
    ...get,
    answers: {
      200: envelope({
        ...one,
        pods: z.array(worker),
        agreements: z.array(agreementStatus),
        objects: z.array(z.object({ infrastructure: z.string(), manifest: z.looseObject({}) })),
      }),
    },
  },
];

const dock = z.object({
  name: z.string(),
  declared: z.boolean(),
  labels: z.record(z.string(), z.string()),
  quota: z.looseObject({}).optional(),
  infrastructures: z.array(z.string()),
  tasks: z.array(z.string()),
});

const bound = z.object({
  dbid: z.literal('QoS'),
  id: z.string(),
  type: z.string(),
  idtask: z.string(),
  guarantee: z.string(),
  state: z.string(),
  maxallowed: z.int(),
  action: z.string(),
  scalefactor: z.number().optional(),
  maxreplicas: z.int(),
  minreplicas: z.int(),
});

const old = { tag: 'dock', deprecated: true } as const;

export const DOCKS: readonly Operation[] = [
  {
    ...get,
    at: 'GET /api/v1/docks',
    tag: 'dock',
    id: 'getDocks',
    summary: 'Docks with their tasks',
    errors: READ_ERRORS,
    answers: { 200: envelope({ docks: z.array(dock) }) },
  },
  { ...get, at: 'GET /api/v1/docks/{dock}', tag: 'dock', id: 'getDock', summary: 'One dock', answers: { 200: envelope({ dock }) } },
  {
    ...get,
    at: 'GET /api/v1/docks/tasksqos',
    tag: 'dock',
    deprecated: true,
    id: 'GetAllTasksQoS',
    summary: 'What each task is bound to',
    errors: READ_ERRORS,
    answers: { 200: envelope({ tasksqos: z.array(bound) }) },
  },
  {
    ...create,
    at: 'POST /api/v1/docks/tasks-compss',
    tag: 'dock',
    id: 'createCompssTask',
    summary: "Create a COMPSs workflow's workers",
    body: compssBody,
  },
  { ...old, ...list, at: 'GET /api/v1/docks/tasks', id: 'getAllTasks', summary: 'As GET /tasks' },
  { ...old, ...create, at: 'POST /api/v1/docks/tasks', id: 'createTask', summary: 'As POST /tasks' },
  { ...old, ...list, at: 'GET /api/v1/docks/{dock}/tasks', id: 'getDockTasks', summary: 'Tasks of a dock', query: inDock },
  {
    ...old,
    ...getTask,
    at: 'GET /api/v1/docks/{dock}/tasks/{id}',
    id: 'getTask',
    summary: 'One task; polled by COMPSs masters until `task.pods` is there',
  },
  {
    ...old,
    ...get,
    at: 'GET /api/v1/docks/{dock}/tasks/{id}/containers',
    id: 'getTaskContainers',
    summary: 'Its containers',
    answers: { 200: envelope({ id: z.string(), containers: task.shape.containers }) },
  },
  { ...old, ...replace, at: 'PUT /api/v1/docks/{dock}/tasks/{id}', id: 'updateTask', summary: 'As PUT /tasks/{id}' },
  { ...old, ...remove, at: 'DELETE /api/v1/docks/{dock}/tasks/{id}', id: 'deleteTask', summary: 'As DELETE /tasks/{id}' },
];
