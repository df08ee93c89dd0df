import { API_VERSION } from '../../../constructs/spec/document.ts';
import { MAX_LABEL } from '../../../constructs/spec/names.ts';
import type { Environment, Origin } from '../../../synth/environment.ts';
import { readFile } from '../../../synth/read-file.ts';
import { type Documents, type Made, Refusal } from '../../changes/change.ts';
import { drop, freeName, put } from './documents.ts';

/** URLs of all Prometheus that are asked, or can be. */
export function sourcesOf({ sources, infrastructures }: Environment): readonly string[] {
  const named = [...sources.values()].flatMap((source) => (source.type === 'prometheus' ? [source.url] : []));
  const own = [...infrastructures.values()].flatMap(({ prometheus }) => (prometheus === undefined ? [] : [prometheus.url]));
  return [...new Set([...own, ...named])];
}

/** A Source document; `name` is made of the URL's host when it is absent. It is asked once an infrastructure names it under `sources`. */
export function createSource(url: string, name: string | undefined, documents: Documents): Made {
  const { environment } = documents;
  if (!URL.canParse(url)) throw new Refusal('invalid', 'Write an http:// or https:// URL');
  if (sourcesOf(environment).includes(url)) throw new Refusal('conflict', 'There is a source of this URL already');
  const wanted = name ?? `prometheus-${new URL(url).host.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
  const free = freeName(wanted, MAX_LABEL, (one) => environment.sources.has(one));
  const document = { apiVersion: API_VERSION, kind: 'Source', metadata: { name: free }, spec: { type: 'prometheus', url } };
  return { subject: `Create source ${free}`, edits: put(documents, 'sla', [{ name: free, document, origin: undefined }]), name: free };
}

/** By its name. @throws Refusal when there is none. */
export function deleteSource(name: string, documents: Documents): Made {
  if (!documents.environment.sources.has(name)) throw new Refusal('missing', `There is no source ${name.slice(0, 80)}`);
  return { subject: `Delete source ${name}`, edits: drop(documents, [originOf(name, documents)]), name };
}

function originOf(name: string, { files, directory }: Documents): Pick<Origin, 'file' | 'index'> {
  for (const file of files.values()) {
    if (!file.path.startsWith(`${directory}/sla/`)) continue;
    const { drafts } = readFile(file, 'sla', file.path.endsWith('.json') ? 'json' : 'yaml');
    const draft = drafts.find((one) => one.kind === 'Source' && one.name === name);
    if (draft !== undefined) return { file: file.path, index: draft.spot.index };
  }
  throw new Refusal('conflict', `Cannot tell where source ${name} is declared: remove it in git`);
}
