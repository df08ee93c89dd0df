import { kubernetesName, MAX_LABEL } from '../../../constructs/spec/names.ts';
import type { Environment, Infrastructure } from '../../../synth/environment.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import type { Fields } from './body.ts';
import { drop, named, put, renamed } from './documents.ts';
import { checkMatch, etagOf } from './etag.ts';

/** Fields of the original that are secret: none of them gets into a document. */
const SECRET_FIELDS = ['password', 'openshiftOauthToken'] as const;

/** A new document for `infrastructure`, whose name gets a suffix when it is taken. */
export function createInfrastructure(infrastructure: Fields, documents: Documents): Made {
  const { infrastructures } = documents.environment;
  const { name, document } = named(withoutSecrets(infrastructure), MAX_LABEL, (one) => infrastructures.has(one));
  return {
    subject: `Create infrastructure ${name}`,
    edits: put(documents, 'infrastructures', [{ name, document, origin: undefined }]),
    name,
  };
}

export function replaceInfrastructure(name: string, infrastructure: Fields, ifMatch: string | undefined, documents: Documents): Made {
  const { origin, original } = found(name, ifMatch, documents);
  const document = renamed(withoutSecrets(infrastructure), name, original);
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

function clusterPath({ directory }: Documents, name: string): string {
  return `${directory}/infrastructures/${name}.cluster.json`;
}

function found(name: string, ifMatch: string | undefined, { environment }: Documents): Infrastructure {
  const infrastructure = infrastructureOf(environment, name);
  if (infrastructure === undefined) throw new Refusal('missing', `There is no infrastructure ${name}`);
  checkMatch(ifMatch, infrastructureTag(infrastructure), `infrastructure ${name}`);
  return infrastructure;
}
