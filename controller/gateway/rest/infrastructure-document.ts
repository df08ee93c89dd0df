import { kubernetesName, MAX_LABEL } from '../../../constructs/spec/names.ts';
import type { Environment, Infrastructure, RotterdamFields } from '../../../synth/environment.ts';
import { endpointOf, referenceAt, SECRET_FIELDS } from '../../../synth/original/secrets.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import type { Fields } from './body.ts';
import { drop, isNative, named, put, renamed } from './documents.ts';
import { checkMatch, etagOf } from './etag.ts';
import type { Kept } from './kept-secrets.ts';

/** A new document for `infrastructure`, whose name gets a suffix when it is taken; its secrets are references to those that are kept. */
export function createInfrastructure(infrastructure: Fields, kept: Kept, documents: Documents): Made {
  const { infrastructures } = documents.environment;
  const { name, document } = named(withReferences(infrastructure, kept), MAX_LABEL, (one) => infrastructures.has(one));
  return {
    subject: `Create infrastructure ${name}`,
    edits: put(documents, 'infrastructures', [{ name, document, origin: undefined }]),
    name,
  };
}

export interface Replacement {
  readonly document: Fields;
  /** Secrets that are given anew; of those that aren't, the document goes on to refer to what it did. */
  readonly kept: Kept;
  readonly ifMatch: string | undefined;
}

/** @throws Refusal when the document is another by now, or says what Rotterdam's format can't. */
export function replaceInfrastructure(name: string, { document: given, kept, ifMatch }: Replacement, documents: Documents): Made {
  const { origin, original, rotterdam } = found(name, ifMatch, documents);
  if (rotterdam === undefined && !isNative(given)) {
    const why = `its document is one of ours and says what Rotterdam's format can't`;
    throw new Refusal('conflict', `Cannot replace infrastructure ${name} as ${why}: send apiVersion, kind, metadata and spec`);
  }
  if (rotterdam !== undefined) checkServer(given, kept, rotterdam);
  const document = renamed(withReferences(given, kept, rotterdam?.secrets), name, original);
  return { subject: `Replace infrastructure ${name}`, edits: put(documents, 'infrastructures', [{ name, document, origin }]), name };
}

/** Without its document, and without what asks for a cluster on it. What runs there is left as it is, unless the document says otherwise. */
export function deleteInfrastructure(name: string, ifMatch: string | undefined, documents: Documents): Made {
  const { origin } = found(name, ifMatch, documents);
  const request = clusterPath(documents, name);
  const edits = [...drop(documents, [origin]), ...(documents.files.has(request) ? [{ path: request, content: null }] : [])];
  return { subject: `Delete infrastructure ${name}`, edits, name };
}

/** A device is to get a cluster: the original's `{type, apiPort}` becomes a document beside the device's. */
export function requestCluster(name: string, request: Fields, ifMatch: string | undefined, documents: Documents): Made {
  found(name, ifMatch, documents);
  const content = `${JSON.stringify(request, null, 2)}\n`;
  return { subject: `Ask for a cluster on ${name}`, edits: [{ path: clusterPath(documents, name), content }], name };
}

export function withdrawCluster(name: string, ifMatch: string | undefined, documents: Documents): Made {
  const path = clusterPath(documents, name);
  if (!documents.files.has(path)) throw new Refusal('missing', `Nobody asked for a cluster on ${name} by REST`);
  found(name, ifMatch, documents);
  return { subject: `Withdraw the cluster of ${name}`, edits: [{ path, content: null }], name };
}

/** By its name, in the original's form too. */
export function infrastructureOf({ infrastructures }: Environment, id: string): Infrastructure | undefined {
  return infrastructures.get(kubernetesName(id));
}

export function infrastructureTag({ origin: _, ...infrastructure }: Infrastructure): string {
  return etagOf(infrastructure);
}

export function hasSecrets(document: unknown): document is Fields {
  return typeof document === 'object' && document !== null && SECRET_FIELDS.some((field) => Object.hasOwn(document, field));
}

export function withoutSecrets(infrastructure: Fields): Fields {
  return Object.fromEntries(Object.entries(infrastructure).filter(([key]) => !(SECRET_FIELDS as readonly string[]).includes(key)));
}

/** What is secret in a document is a reference: to what was given, else to what the document before it referred to. */
function withReferences(document: Fields, kept: Kept, before: RotterdamFields['secrets'] = {}): Fields {
  if (isNative(document)) return document;
  const references = SECRET_FIELDS.flatMap((field) => {
    const secret = referenceAt(document[field]) ?? kept.get(field) ?? before[field] ?? '';
    return secret === '' ? [] : [[field, { secret }] as const];
  });
  return { ...withoutSecrets(document), ...Object.fromEntries(references) };
}

/** The kubeconfig that is kept names its server. @throws Refusal when another one is given without its token. */
function checkServer(given: Fields, kept: Kept, { endPoints, secrets }: RotterdamFields): void {
  const server = endpointOf(given);
  if (server === undefined || server === endpointOf(endPoints) || kept.has('openshiftOauthToken')) return;
  if (referenceAt(given.openshiftOauthToken) !== undefined || (secrets.openshiftOauthToken ?? '') === '') return;
  throw new Refusal('invalid', 'Give openshiftOauthToken with another endpoint: the kubeconfig that is kept names the one before');
}

function clusterPath({ directory }: Documents, name: string): string {
  return `${directory}/infrastructures/${name}.cluster.json`;
}

function found(name: string, ifMatch: string | undefined, { environment }: Documents): Infrastructure {
  const infrastructure = infrastructureOf(environment, name);
  if (infrastructure === undefined) throw new Refusal('missing', `There is no infrastructure ${name}`);
  checkMatch(ifMatch, infrastructureTag(infrastructure), `infrastructure ${name}`);
  return infrastructure;
}
