import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readKubeconfig } from '../../../../../controller/adapters/kube/kubeconfig.ts';
import { Failure } from '../../../../../controller/errors.ts';

const SECRET = 'hush-hush';
const base = { cluster: { server: 'https://10.0.0.1:6443' }, user: { token: SECRET } };

function config(changes: { cluster?: object; user?: object; context?: object; rest?: object } = {}): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'here',
    contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace: 'ignored', ...changes.context } }],
    clusters: [{ name: 'c', cluster: { ...base.cluster, ...changes.cluster } }],
    users: [{ name: 'u', user: { ...base.user, ...changes.user } }],
    ...changes.rest,
  });
}

function refusal(text: string): string {
  try {
    readKubeconfig(text, "infrastructure 'modena'");
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ outcome: 'terminal' });
    return (error as Failure).message;
  }
  return expect.fail('It should have been refused');
}

describe('readKubeconfig', () => {
  it('takes server and token, and leaves namespace and extensions alone', () => {
    const access = readKubeconfig(config({ cluster: { extensions: [] } }), 'x');
    expect({ ...access, server: access.server.href }).toEqual({ server: 'https://10.0.0.1:6443/', token: SECRET });
  });

  it('takes the name that the certificate is for', () => {
    expect(readKubeconfig(config({ cluster: { 'tls-server-name': 'kubernetes' } }), 'x').serverName).toBe('kubernetes');
  });

  it.each([
    ['user', 'exec', { command: 'sh', args: ['-c', SECRET] }],
    ['user', 'auth-provider', { name: 'gcp' }],
    ['user', 'tokenFile', '/etc/passwd'],
    ['user', 'client-certificate', '/etc/passwd'],
    ['user', 'client-key', '/etc/passwd'],
    ['user', 'username', SECRET],
    ['user', 'password', SECRET],
    ['user', 'as', 'system:admin'],
    ['cluster', 'certificate-authority', '/etc/passwd'],
    ['cluster', 'proxy-url', `http://${SECRET}@169.254.169.254`],
    ['cluster', 'insecure-skip-tls-verify', true],
  ])('refuses %s key %s by name, without its value', (part, key, value) => {
    const message = refusal(config({ [part]: { [key]: value } }));
    expect(message).toMatch(`key '${key}' of its ${part} is not taken`);
    expect(message).not.toContain(SECRET);
  });

  it.each([
    ['no current context', config({ rest: { 'current-context': '' } }), 'it has no current-context'],
    [
      'a context that is not there',
      config({ rest: { 'current-context': 'gone' } }),
      'its current context names a context that is not under contexts',
    ],
    [
      'a cluster that is not there',
      config({ context: { cluster: 'gone' } }),
      'its current context names a cluster that is not under clusters',
    ],
    ['plain http', config({ cluster: { server: 'http://10.0.0.1' } }), 'its server does not begin with https://'],
    ['no URL', config({ cluster: { server: 'x' } }), 'its server is not a URL'],
    ['credentials in the URL', config({ cluster: { server: `https://a:${SECRET}@h` } }), 'its server holds more than host, port and path'],
    ['no credentials', config({ user: { token: '' } }), 'its user has neither a token nor a client certificate'],
    ['a token of two lines', config({ user: { token: 'a\nb: c' } }), 'token is not a line of text'],
    [
      'a certificate without key',
      config({ user: { 'client-certificate-data': 'AAAA' } }),
      'a client certificate and its key come together',
    ],
    ['a CA that is none', config({ cluster: { 'certificate-authority-data': 'AAAA' } }), 'its certificates or key are not PEM in base64'],
    ['aliases', 'a: &a [x]\nb: *a\n', 'it is not valid YAML'],
    ['a list', '[]', 'it has no current-context'],
    ['no YAML', `a: b: ${SECRET}`, 'it is not valid YAML at line 1'],
    ['two equal keys', `a: 1\na: ${SECRET}`, 'it is not valid YAML at line 2'],
    ['too much', `a: ${'x'.repeat(300_000)}`, 'it is larger than'],
  ])('refuses %s', (_, text, why) => {
    const message = refusal(text);
    expect(message).toContain(`Cannot use the kubeconfig of infrastructure 'modena': ${why}`);
    expect(message).not.toContain(SECRET);
  });

  it('ends in access or a terminal Failure, whatever it reads', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.jsonValue().map((value) => config({ user: { odd: value } })),
        ),
        (text) => {
          expect(() => readKubeconfig(text, 'x')).toThrow(Failure);
        },
      ),
    );
  });
});
