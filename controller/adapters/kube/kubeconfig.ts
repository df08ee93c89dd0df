import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { parseDocument } from 'yaml';
import { Failure } from '../../errors.ts';

/** Where an API server is and what proves who we are: all that is taken out of a kubeconfig. */
export interface Access {
  readonly server: URL;
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly token?: string;
  readonly serverName?: string;
}

type Fields = Readonly<Record<string, unknown>>;

const MAX_BYTES = 256 * 1024;
const IGNORED = ['namespace', 'extensions', 'disable-compression'];
const CLUSTER = ['server', 'certificate-authority-data', 'tls-server-name'];
const USER = ['token', 'client-certificate-data', 'client-key-data'];
const CONTEXT = ['cluster', 'user'];

/**
 * Reads the current context through an allow-list: what would run a program, read a file, go through a proxy or skip
 * verification is refused by name (CVE-2022-24817). Throws a terminal Failure that names keys, never values.
 */
export function readKubeconfig(text: string, owner: string): Access {
  const refuse = (why: string): never => {
    throw new Failure('terminal', `Cannot use the kubeconfig of ${owner}: ${why}`);
  };
  const config = parse(text, refuse);
  const name = config['current-context'];
  if (typeof name !== 'string' || name === '') return refuse('it has no current-context');
  const context = entry(config, 'contexts', 'context', name, CONTEXT, refuse);
  const cluster = entry(config, 'clusters', 'cluster', context.cluster, CLUSTER, refuse);
  const user = entry(config, 'users', 'user', context.user, USER, refuse);
  const access = {
    server: serverOf(cluster, refuse),
    ...bytes('ca', cluster, 'certificate-authority-data', refuse),
    ...bytes('cert', user, 'client-certificate-data', refuse),
    ...bytes('key', user, 'client-key-data', refuse),
    ...string('token', user, 'token', refuse),
    ...string('serverName', cluster, 'tls-server-name', refuse),
  };
  checkCredentials(access, refuse);
  return access;
}

type Refuse = (why: string) => never;

function parse(text: string, refuse: Refuse): Fields {
  if (text.length > MAX_BYTES) return refuse(`it is larger than ${MAX_BYTES} bytes`);
  try {
    // Errors of the parser may quote the text, which holds credentials: only their place is told.
    const document = parseDocument(text, { schema: 'core', merge: false, prettyErrors: false, logLevel: 'silent' });
    const first = document.errors[0];
    if (first) return refuse(`it is not valid YAML at line ${text.slice(0, first.pos[0]).split('\n').length}`);
    return fieldsOf(document.toJS({ maxAliasCount: 0 }));
  } catch (error) {
    if (error instanceof Failure) throw error;
    return refuse('it is not valid YAML (aliases and deep nesting are not taken)');
  }
}

function entry(config: Fields, list: string, kind: string, name: unknown, allowed: readonly string[], refuse: Refuse): Fields {
  const items = Array.isArray(config[list]) ? config[list].map(fieldsOf) : [];
  const found = items.find((item) => item.name === name);
  if (found === undefined) return refuse(`its current context names a ${kind} that is not under ${list}`);
  const fields = fieldsOf(found[kind]);
  const odd = Object.keys(fields).find((key) => !allowed.includes(key) && !IGNORED.includes(key));
  return odd === undefined ? fields : refuse(`key '${odd}' of its ${kind} is not taken: taken are ${allowed.join(', ')}`);
}

function serverOf(cluster: Fields, refuse: Refuse): URL {
  const text = typeof cluster.server === 'string' ? cluster.server : '';
  if (!URL.canParse(text)) return refuse('its server is not a URL');
  const url = new URL(text);
  if (url.protocol !== 'https:') return refuse('its server does not begin with https://');
  if (url.username || url.password || url.search || url.hash) return refuse('its server holds more than host, port and path');
  return url;
}

function string<K extends string>(name: K, from: Fields, key: string, refuse: Refuse): { [key in K]?: string } {
  const value = from[key];
  if (value === undefined || value === null || value === '') return {};
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value.trim())) return refuse(`${key} is not a line of text`);
  return { [name]: value.trim() } as { [key in K]: string };
}

function bytes<K extends string>(name: K, from: Fields, key: string, refuse: Refuse): { [key in K]?: Buffer } {
  const value = from[key];
  if (value === undefined || value === null || value === '') return {};
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/=\s]+$/.test(value)) return refuse(`${key} is not base64`);
  return { [name]: Buffer.from(value, 'base64') } as { [key in K]: Buffer };
}

function checkCredentials(access: Access, refuse: Refuse): void {
  if ((access.cert === undefined) !== (access.key === undefined)) refuse('a client certificate and its key come together');
  if (access.token === undefined && access.cert === undefined) refuse('its user has neither a token nor a client certificate');
  const { ca, cert, key } = access;
  try {
    if (ca) new X509Certificate(ca);
    createSecureContext({ ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) });
  } catch {
    refuse('its certificates or key are not PEM in base64, or do not belong together');
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
