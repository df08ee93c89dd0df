import type { FastifyInstance } from 'fastify';
import { printConstraint } from '../../../constructs/spec/constraint.ts';
import type { DeclaredTemplate } from '../../../synth/environment.ts';
import type { Documents, Made } from '../../changes/change.ts';
import { type Fields, readBody } from './body.ts';
import { nameOf, put } from './documents.ts';
import { checkMatch, etagOf, refuseMatch } from './etag.ts';
import { HttpError } from './reply.ts';
import { type Rest, said } from './rest.ts';

/** The original's QoS definitions. What is posted is added, or takes the place of those of the same names; no other goes. */
export function addQosRoutes(server: FastifyInstance, rest: Rest): void {
  server.get(
    '/qos/definitions',
    rest.route('GetQoSDefinitions', () => {
      const qosdefs = [...rest.view().environment.templates.values()].map(definition);
      return { message: `${qosdefs.length} QoS definitions retrieved`, qosdefs };
    }),
  );
  server.get<{ Params: { readonly name: string } }>(
    '/qos/definitions/:name',
    rest.route<{ Params: { readonly name: string } }>('GetQoSDefinition', ({ params: { name } }, reply) => {
      const template = rest.view().environment.templates.get(name);
      if (template === undefined) throw new HttpError(404, `There is no QoS definition ${name.slice(0, 80)}`);
      reply.header('etag', templateTag(template));
      return { message: 'QoS definition retrieved', qosdef: definition(template) };
    }),
  );
  server.post(
    '/qos/definitions',
    rest.route('CreateQoSDefinition', async (request) => {
      const { documents: templates, warnings } = readBody(request, 'qos');
      const written = await rest.write(request, (documents) => putTemplates(templates, request.headers['if-match'], documents));
      const names = templates.map(templateName);
      const all = rest.view().environment.templates;
      const qosdefs = names.flatMap((name) => all.get(name) ?? []).map(definition);
      const [qosdef] = qosdefs;
      return {
        message: 'QoS definition created',
        qosdefs,
        qosdef,
        revision: written.revision,
        ...said([...warnings, ...written.warnings]),
      };
    }),
  );
}

/** Of what is declared, built in or not. */
export function templateTag({ origin: _, ...template }: DeclaredTemplate): string {
  return etagOf(template);
}

function putTemplates(templates: readonly Fields[], ifMatch: string | undefined, documents: Documents): Made {
  if (new Set(templates.map(templateName)).size < templates.length) throw new HttpError(400, 'Send each QoS definition once');
  checkTemplates(templates, ifMatch, documents);
  const placed = templates.map((document) => {
    const name = templateName(document);
    return { name: fileName(name), document, origin: documents.environment.templates.get(name)?.origin };
  });
  const edits = put(documents, 'qos', placed);
  const names = templates.map(templateName).join(', ');
  return { subject: `Set QoS ${names}`, edits, name: names };
}

/** @throws Refusal when `If-Match` names another state than that of the one that is replaced, or none or many are. */
function checkTemplates(templates: readonly Fields[], ifMatch: string | undefined, { environment }: Documents): void {
  const [name = '', ...others] = templates.map(templateName);
  const template = others.length > 0 ? undefined : environment.templates.get(name);
  if (template === undefined) refuseMatch(ifMatch, others.length > 0 ? 'a list of QoS definitions' : 'a new QoS definition');
  else checkMatch(ifMatch, templateTag(template), `QoS definition ${name}`);
}

function templateName(template: Fields): string {
  return nameOf(template, 'guaranteeName');
}

function fileName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** As the original's configuration file has it. */
function definition({ name, type, maxAllowed, action, scaleFactor, minReplicas, maxReplicas, guarantees }: DeclaredTemplate) {
  return {
    type,
    guaranteeName: name,
    maxAllowed,
    action,
    scaleFactor,
    minReplicas,
    maxReplicas,
    guarantees: guarantees.map((guarantee) => ({ name: guarantee.name, constraint: printConstraint(guarantee.constraint) })),
  };
}
