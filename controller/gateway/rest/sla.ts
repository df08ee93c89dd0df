import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { agreementId, agreementKey } from '../../../constructs/spec/names.ts';
import { stateEdit } from '../../../synth/agreement-state.ts';
import type { AgreementTemplate, Environment } from '../../../synth/environment.ts';
import { fillTemplate } from '../../../synth/fill-template.ts';
import type { Json } from '../../../synth/placeholders.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import { textOf } from '../../changes/plan.ts';
import type { AgreementView, View } from '../../status.ts';
import { type Fields, readOne, readPlain } from './body.ts';
import { drop, isNative, nameOf, put } from './documents.ts';
import { checkMatch, etagOf, refuseMatch } from './etag.ts';
import { templateTag } from './qos.ts';
import { HttpError } from './reply.ts';
import type { Rest } from './rest.ts';
import { addMonitoringRoutes } from './sla-monitoring.ts';

export const SLA_BASE = '/sla/v1';

type State = AgreementView['state'];

interface IdRoute {
  Params: { readonly id: string };
}

const STATES: Readonly<Record<string, State>> = { start: 'started', stop: 'stopped', terminate: 'terminated' };

/** The SLA Manager's API, with its own codes and errors: agreements and templates are documents, and every change of a state is a commit. */
export function addSlaRoutes(server: FastifyInstance, rest: Rest): void {
  server.get(
    '/',
    rest.bare(() => Object.fromEntries(HELP.map(([name, Method, Path, Help]) => [name, { Method, Path, Help, Version: 'v1' }]))),
  );
  addAgreementRoutes(server, rest);
  addTemplateRoutes(server, rest);
  addMonitoringRoutes(server, rest);
}

const HELP = [
  ['agreements', 'GET', '/agreements', 'All agreements; ?active=true: those that are started'],
  ['agreement', 'GET', '/agreements/{id}', 'One agreement'],
  ['create-agreement', 'POST', '/create-agreement', 'An agreement made of a template and values: {"template_id", "parameters"}'],
  ['templates', 'GET', '/templates', 'All templates of agreements'],
  ['providers', 'GET', '/providers', 'Who promises'],
  ['metrics', 'GET', '/metrics', 'Names of what is measured'],
  ['sources', 'GET', '/sources/prometheus', 'Where it is measured'],
] as const;

function addAgreementRoutes(server: FastifyInstance, rest: Rest): void {
  server.get<{ Querystring: { readonly active?: string } }>(
    '/agreements',
    rest.bare<{ Querystring: { readonly active?: string } }>(({ query: { active = '' } }) => {
      const agreements = rest.view().agreements();
      return active === '' ? agreements : agreements.filter(({ state }) => state === 'started');
    }),
  );
  server.post(
    '/agreements',
    rest.bare(async (request, reply) => {
      const { document } = readOne(request, 'sla');
      const id = isNative(document) ? nameOf(document) : String(document.id);
      refuseMatch(request.headers['if-match'], 'a new agreement');
      await rest.write(request, (documents) => addDocument(documents, 'agreement', id, document, isAgreement(documents, id)));
      reply.code(201).header('location', `${server.prefix}/agreements/${encodeURIComponent(id)}`);
      return find(rest.view(), id);
    }),
  );
  server.get<IdRoute>(
    '/agreements/:id',
    rest.bare<IdRoute>(({ params: { id } }, reply) => shown(rest.view(), id, reply)),
  );
  server.get<IdRoute>(
    '/agreements/:id/details',
    rest.bare<IdRoute>(({ params: { id } }) => find(rest.view(), id).details),
  );
  server.put<IdRoute>(
    '/agreements/:id',
    rest.bare<IdRoute>(async (request, reply) => {
      const { state } = readPlain(request);
      const wanted = Object.values(STATES).find((one) => one === state);
      if (wanted === undefined) throw new HttpError(400, `Send a state: ${Object.values(STATES).join(', ')}`);
      await setState(rest, request, wanted);
      return shown(rest.view(), request.params.id, reply);
    }),
  );
  for (const [verb, state] of Object.entries(STATES)) {
    server.put<IdRoute>(
      `/agreements/:id/${verb}`,
      rest.bare<IdRoute>(async (request) => {
        await setState(rest, request, state);
      }),
    );
  }
  server.delete<IdRoute>(
    '/agreements/:id',
    rest.bare<IdRoute>(async (request) => {
      const view = rest.view();
      await rest.write(request, (documents) => removeAgreement(documents, find(view, request.params.id).id, request.headers['if-match']));
    }),
  );
}

function addTemplateRoutes(server: FastifyInstance, rest: Rest): void {
  server.get(
    '/templates',
    rest.bare(() => [...rest.view().environment.agreementTemplates.values()].map(templateView)),
  );
  server.post(
    '/templates',
    rest.bare(async (request, reply) => {
      const { document } = readOne(request, 'sla');
      const id = isNative(document) ? nameOf(document) : String(document.id);
      refuseMatch(request.headers['if-match'], 'a new template');
      await rest.write(request, (documents) =>
        addDocument(documents, 'template', id, document, documents.environment.agreementTemplates.has(id)),
      );
      reply.code(201).header('location', `${server.prefix}/templates/${encodeURIComponent(id)}`);
      return templateView(findTemplate(rest.view(), id));
    }),
  );
  server.get<IdRoute>(
    '/templates/:id',
    rest.bare<IdRoute>(({ params: { id } }, reply) => {
      const template = findTemplate(rest.view(), id);
      reply.header('etag', agreementTemplateTag(template));
      return templateView(template);
    }),
  );
  server.post(
    '/create-agreement',
    rest.bare(async (request, reply) => {
      const { template_id: templateId, parameters = {} } = readPlain(request);
      if (typeof templateId !== 'string') throw new HttpError(400, 'Send {"template_id": …, "parameters": {…}}');
      refuseMatch(request.headers['if-match'], 'a new agreement');
      findTemplate(rest.view(), templateId);
      const { name } = await rest.write(request, (documents) => createAgreement(documents, templateId, parameters as Json));
      reply.code(201).header('location', `${server.prefix}/agreements/${name}`);
      return { template_id: templateId, agreement_id: name, parameters };
    }),
  );
}

async function setState(rest: Rest, request: FastifyRequest<IdRoute>, state: State): Promise<void> {
  const { id, state: now } = find(rest.view(), request.params.id);
  if (now === 'terminated') throw new HttpError(400, `Agreement ${id} is terminated, which is final: make a new one`);
  await rest.write(request, (documents) => {
    checkMatch(request.headers['if-match'], agreementTag(documents.environment, id), `agreement ${id}`);
    try {
      const edit = stateEdit({ environment: documents.environment, textOf: (path) => textOf(documents, path) }, id, state);
      return { subject: `Make agreement ${id} ${state}`, edits: edit === undefined ? [] : [edit], name: id };
    } catch (error) {
      throw new Refusal('conflict', (error as Error).message);
    }
  });
}

function isAgreement({ environment }: Documents, id: string): boolean {
  return [...environment.agreements.keys()].some((known) => agreementKey(known) === agreementKey(id));
}

function addDocument(documents: Documents, what: string, id: string, document: Fields, isThere: boolean): Made {
  if (isThere) throw new Refusal('conflict', `There is a document of ${what} ${id} already`);
  const name = id.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return { subject: `Create ${what} ${id}`, edits: put(documents, 'sla', [{ name, document, origin: undefined }]), name: id };
}

function createAgreement(documents: Documents, templateId: string, parameters: Json): Made {
  const template = documents.environment.agreementTemplates.get(templateId);
  if (template === undefined) throw new Refusal('missing', `There is no template ${templateId}`);
  const id = randomUUID();
  const filled = fillTemplate(template, id, parameters);
  if ('problems' in filled) throw new Refusal('invalid', `Cannot make an agreement of ${templateId}: ${filled.problems.join('; ')}`);
  return addDocument(documents, 'agreement', id, filled.document, false);
}

/** One that follows from a task and its template goes when the task is bound to it no more. */
function removeAgreement(documents: Documents, id: string, ifMatch: string | undefined): Made {
  const declared = [...documents.environment.agreements.values()].find((one) => agreementKey(one.id) === agreementKey(id));
  if (declared === undefined || declared.generated) {
    throw new Refusal('conflict', `Agreement ${id} follows from its task: terminate it, or take the QoS template out of the task`);
  }
  checkMatch(ifMatch, agreementTag(documents.environment, id), `agreement ${id}`);
  return { subject: `Delete agreement ${id}`, edits: drop(documents, [declared.origin]), name: id };
}

function shown(view: View, id: string, reply: FastifyReply): AgreementView {
  const agreement = find(view, id);
  reply.header('etag', agreementTag(view.environment, id));
  return agreement;
}

/** Of what documents say of it: its own, and the task's that is bound to it. How it was judged is no part of it. */
function agreementTag({ agreements, tasks, defaults }: Environment, id: string): string {
  const key = agreementKey(id);
  const own = [...agreements.values()]
    .filter((one) => agreementKey(one.id) === key)
    .map(({ origin: _, template, ...said }) => [said, templateTag(template)]);
  const bound = [...tasks.values()].flatMap((task) =>
    task.qos
      .filter(({ name }) => agreementKey(agreementId(task.id, name)) === key)
      .map((template) => [task.id, task.spec.type, templateTag(template)]),
  );
  return etagOf([own, bound, defaults.agreements]);
}

function agreementTemplateTag({ origin: _, ...template }: AgreementTemplate): string {
  return etagOf(template);
}

function find(view: View, id: string): AgreementView {
  const agreement = view.agreements().find((one) => agreementKey(one.id) === agreementKey(id));
  if (agreement === undefined) throw new HttpError(404, `There is no agreement ${id.slice(0, 80)}`);
  return agreement;
}

function findTemplate({ environment }: View, id: string): AgreementTemplate {
  const template = environment.agreementTemplates.get(id);
  if (template === undefined) throw new HttpError(404, `There is no template ${id.slice(0, 80)}`);
  return template;
}

function templateView({ name, document }: AgreementTemplate) {
  return { id: name, ...document };
}
