/**
 * What every git process runs under: nobody's configuration but the repository's own, no hooks, no prompts, no transports
 * that run programs. Given by environment, so that no token is ever an argument that other users of the machine can read.
 */
const CONFIGURATION: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.attributesFile': '/dev/null',
  'credential.helper': '',
  // A branch that moved names a commit that is on the disk, even when the power fails.
  'core.fsync': 'objects,reference',
  'log.showSignature': 'false',
  'protocol.allow': 'never',
  'protocol.https.allow': 'always',
  'protocol.http.allow': 'always',
  'protocol.ssh.allow': 'always',
  'protocol.file.allow': 'always',
  // A redirect would carry the token to another host.
  'http.followRedirects': 'false',
  'transfer.fsckObjects': 'true',
  'safe.directory': '*',
  'gc.auto': '0',
  'maintenance.auto': 'false',
};

const VARIABLES: Readonly<Record<string, string>> = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_SSH_COMMAND: 'ssh -o BatchMode=yes -o StrictHostKeyChecking=yes',
  GIT_SSH_VARIANT: 'ssh',
  LC_ALL: 'C',
};

/** Proxies and certificate authorities as git and curl read them, and ssh's agent. HOME is left out: it may hold a .netrc. */
const PASSED = /^(PATH|TMPDIR|SSH_AUTH_SOCK|GIT_SSL_CAINFO|GIT_SSL_CAPATH|SSL_CERT_FILE|SSL_CERT_DIR|(https?|all|no)_proxy)$/i;

export interface Settings {
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly configuration?: Readonly<Record<string, string>> | undefined;
}

/** The whole environment of a git process, from that of this one. */
export function gitEnvironment(own: NodeJS.ProcessEnv, { variables = {}, configuration = {} }: Settings = {}): Record<string, string> {
  const pairs = Object.entries({ ...CONFIGURATION, ...configuration });
  return {
    ...Object.fromEntries(
      Object.entries(own).filter((entry): entry is [string, string] => PASSED.test(entry[0]) && entry[1] !== undefined),
    ),
    ...VARIABLES,
    ...variables,
    GIT_CONFIG_COUNT: String(pairs.length),
    ...Object.fromEntries(
      pairs.flatMap(([key, value], n) => [
        [`GIT_CONFIG_KEY_${n}`, key],
        [`GIT_CONFIG_VALUE_${n}`, value],
      ]),
    ),
  };
}
