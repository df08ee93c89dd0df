type Fields = Readonly<Record<string, unknown>>;

/** Texts by the names of their secrets. */
export type SecretTexts = ReadonlyMap<string, string>;

const ENDPOINTS = ['kubernetesEndPoint', 'openshiftEndPoint'] as const;

/** Of the API server that `infrastructure` says. */
export function endpointOf(infrastructure: Fields): string | undefined {
  const given = ENDPOINTS.map((field) => infrastructure[field]);
  return given.find((endpoint) => typeof endpoint === 'string' && endpoint !== '') as string | undefined;
}

/** What of `infrastructure` is secret, by the secrets that its document refers to: its kubeconfig, and the password of its device. */
export function secretsOf(name: string, infrastructure: Fields): SecretTexts {
  const texts = new Map<string, string>();
  const { password, openshiftOauthToken: token } = infrastructure;
  const server = endpointOf(infrastructure);
  if (isGiven(token) && server !== undefined) texts.set(name, kubeconfig(name, server, token));
  if (isGiven(password)) texts.set(`${name}-ssh-password`, password);
  return texts;
}

/** `***` is what an answer shows in a secret's place: it gives no new one. */
function isGiven(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value !== '***';
}

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
