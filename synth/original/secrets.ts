type Fields = Readonly<Record<string, unknown>>;

/** Texts by the names of their secrets. */
export type SecretTexts = ReadonlyMap<string, string>;

/** What is secret in Rotterdam's JSON: in a document a reference stands there, `{"secret": "<name>"}`. */
export const SECRET_FIELDS = ['password', 'openshiftOauthToken'] as const;
export type SecretField = (typeof SECRET_FIELDS)[number];

export const ENDPOINTS = ['kubernetesEndPoint', 'openshiftEndPoint', 'slaliteEndPoint'] as const;
export type EndPoint = (typeof ENDPOINTS)[number];

/** Of the API server that `infrastructure` says. */
export function endpointOf(infrastructure: Fields): string | undefined {
  const given = [infrastructure.kubernetesEndPoint, infrastructure.openshiftEndPoint];
  return given.find((endpoint) => typeof endpoint === 'string' && endpoint !== '') as string | undefined;
}

/** The texts of what is given in `infrastructure`: the password of its device, and for its token the kubeconfig that has it. */
export function secretTexts(name: string, infrastructure: Fields): ReadonlyMap<SecretField, string> {
  const texts = new Map<SecretField, string>();
  const { password, openshiftOauthToken: token } = infrastructure;
  const server = endpointOf(infrastructure);
  if (isGiven(token) && server !== undefined) texts.set('openshiftOauthToken', kubeconfig(name, server, token));
  if (isGiven(password)) texts.set('password', password);
  return texts;
}

/** The same by the names that these secrets have where a document doesn't say others. */
export function secretsOf(name: string, infrastructure: Fields): SecretTexts {
  return new Map(
    [...secretTexts(name, infrastructure)].map(([field, text]) => [field === 'password' ? `${name}-ssh-password` : name, text]),
  );
}

/** `***` is what an answer shows in a secret's place: it gives no new one. */
export function isGiven(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value !== '***';
}

/** The secret that a document refers to there. */
export function referenceAt(value: unknown): string | undefined {
  const name = typeof value === 'object' && value !== null ? (value as { secret?: unknown }).secret : undefined;
  return typeof name === 'string' ? name : undefined;
}

/** The name of a secret that came by REST. Nobody else gives such a one, and it is given once: `id` is 32 hexadecimal digits. */
export function keptName(label: string, id: string): string {
  return `rest-${label}-${id}`;
}

export function isKeptName(name: string): boolean {
  return new RegExp(`^${KEPT.source}$`).test(name);
}

/** Names of secrets that came by REST, wherever they stand in a text. */
export function keptNamesIn(text: string): readonly string[] {
  return [...text.matchAll(KEPT)].map(([name]) => name);
}

const KEPT = /rest-[a-z][a-z0-9-]*-[0-9a-f]{32}/g;

function kubeconfig(name: string, server: string, token: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name, cluster: { server } }],
    users: [{ name, user: { token } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    'current-context': name,
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}
