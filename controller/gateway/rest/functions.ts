import type { FastifyInstance } from 'fastify';
import { kubernetesName, MAX_TASK_NAME, taskId } from '../../../constructs/spec/names.ts';
import type { ServerlessFunction } from '../../../synth/environment.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import type { View } from '../../status.ts';
import { type Fields, readOne } from './body.ts';
import { drop, named, put } from './documents.ts';
import { checkMatch, etagOf } from './etag.ts';
import { HttpError } from './reply.ts';
import { type Rest, said } from './rest.ts';

interface FunctionRoute {
  Params: { readonly id: string };
}

const WAITING = 'No serverless engine runs functions yet';

/** The original's functions. They are kept as documents and wait; calls are refused with the reason. */
export function addFunctionRoutes(server: FastifyInstance, rest: Rest): void {
  const shown = (message: string, one: ServerlessFunction) => {
    const task = functionView(one, rest.view());
    return { message, faasversion: rest.version, id: one.id, task };
  };
  server.get(
    '/functions',
    rest.route('GetFunctions', () => {
      const view = rest.view();
      const tasks = [...view.environment.functions.values()].map((one) => functionView(one, view));
      return { message: `${tasks.length} functions retrieved`, faasversion: rest.version, tasks };
    }),
  );
  server.post(
    '/functions',
    rest.route('CreateFunction', async (request, reply) => {
      const { document, warnings } = readOne(request, 'functions');
      const written = await rest.write(request, (documents) => createFunction(document, documents));
      const one = find(rest.view(), written.name);
      reply.header('location', `/api/v1/functions/${one.id}`).header('etag', functionTag(one));
      return { ...shown('Function deployed', one), revision: written.revision, ...said([...warnings, ...written.warnings]) };
    }),
  );
  server.get<FunctionRoute>(
    '/functions/:id',
    rest.route<FunctionRoute>('GetFunction', ({ params }, reply) => {
      const one = find(rest.view(), params.id);
      reply.header('etag', functionTag(one));
      return shown('Function retrieved', one);
    }),
  );
  server.post<FunctionRoute>(
    '/functions/:id',
    rest.route<FunctionRoute>('CallFunction', ({ params }) => {
      find(rest.view(), params.id);
      throw new HttpError(503, WAITING);
    }),
  );
  server.delete<FunctionRoute>(
    '/functions/:id',
    rest.route<FunctionRoute>('RemoveFunction', async (request) => {
      const view = rest.view();
      const written = await rest.write(request, (documents) =>
        deleteFunction(find(view, request.params.id).name, request.headers['if-match'], documents),
      );
      const id = taskId(written.name);
      return { message: 'Function removed', faasversion: rest.version, id, content: 'ok', revision: written.revision };
    }),
  );
}

function createFunction(written: Fields, documents: Documents): Made {
  const { tasks, functions } = documents.environment;
  const { name, document } = named(written, MAX_TASK_NAME, (one) => tasks.has(one) || functions.has(one));
  const edits = put(documents, 'functions', [{ name, document, origin: undefined }]);
  return { subject: `Create function ${name}`, edits, name };
}

function deleteFunction(name: string, ifMatch: string | undefined, documents: Documents): Made {
  const one = documents.environment.functions.get(name);
  if (one === undefined) throw new Refusal('missing', `There is no function ${name}`);
  checkMatch(ifMatch, functionTag(one), `function ${name}`);
  return { subject: `Delete function ${name}`, edits: drop(documents, [one.origin]), name };
}

function functionTag({ origin: _, ...one }: ServerlessFunction): string {
  return etagOf(one);
}

function find(view: View, id: string): ServerlessFunction {
  const one = view.environment.functions.get(kubernetesName(id));
  if (one === undefined) throw new HttpError(404, `There is no function ${id.slice(0, 80)}`);
  return one;
}

/** The original kept functions among its tasks. */
function functionView({ id, name: label, original: name = label, dock, infrastructure, spec, origin }: ServerlessFunction, view: View) {
  const last = view.touched.get(origin.file);
  const { runtime, handler = '', timeout, source } = spec;
  return {
    dbid: 'Task',
    id,
    name,
    nameSpace: dock,
    type: 'function',
    url: '',
    status: 'waiting',
    reason: WAITING,
    agreementId: 'NO_SLA',
    replicas: 0,
    clusterid: taskId(infrastructure),
    functionDefinition: {
      name,
      dock,
      cluster: taskId(infrastructure),
      type: 'function',
      runtime,
      handler,
      timeout: String(timeout),
      functionType: 'text',
      function: source,
    },
    pods: [],
    created: last === undefined ? '' : new Date(last.atMs).toISOString(),
  };
}
