import { afterEach, describe, expect, it } from 'vitest';
import { checkHost } from '../../../../../controller/gateway/access/hosts.ts';
import { EDGE, type RestWorld, restWorld } from '../../../../support/rest.ts';

let open: RestWorld | undefined;
const world = async (files: Readonly<Record<string, string>> = {}) => {
  open = await restWorld({ 'infrastructures/edge.yaml': EDGE, ...files });
  return open;
};

afterEach(() => open?.stop());

describe('A host that something is asked of', () => {
  it.each([
    { url: 'http://prometheus.example', allowed: ['prometheus.example'] },
    { url: 'https://Prometheus.Example:9443/prefix', allowed: ['prometheus.example'] },
    { url: 'http://prometheus.example:9090', allowed: ['other.example', 'prometheus.example:9090'] },
    { url: 'https://prometheus.example', allowed: ['Prometheus.example:443'] },
    { url: 'http://[::1]:9090', allowed: ['[::1]'] },
  ])('is allowed: $url by $allowed', ({ url, allowed }) => expect(() => checkHost(url, allowed)).not.toThrow());

  it.each([
    { reason: 'none is', url: 'http://prometheus.example', allowed: [] },
    { reason: 'the port differs', url: 'http://prometheus.example:9091', allowed: ['prometheus.example:9090'] },
    { reason: 'it only begins so', url: 'http://prometheus.example.evil.example', allowed: ['prometheus.example'] },
    { reason: 'it only ends so', url: 'http://evilprometheus.example', allowed: ['prometheus.example'] },
    { reason: 'it is the user', url: 'http://prometheus.example@169.254.169.254', allowed: ['prometheus.example'] },
    { reason: 'the address is written as a number', url: 'http://2130706433', allowed: ['2130706433'] },
    { reason: 'it is another protocol', url: 'file:///etc/passwd', allowed: [''] },
    { reason: 'it is no URL', url: 'prometheus.example', allowed: ['prometheus.example'] },
  ])('is refused as $reason: $url', ({ url, allowed }) => expect(() => checkHost(url, allowed)).toThrow());
});

describe('What is written by REST', () => {
  const device = { name: 'dev', type: 'Kubernetes', hostIP: '10.0.0.9' };

  it.each([
    { field: 'prometheusEndPoint', url: 'http://169.254.169.254/latest', status: 403 },
    { field: 'prometheusPushgatewayEndPoint', url: 'http://169.254.169.254/latest', status: 403 },
    { field: 'kubernetesEndPoint', url: 'https://169.254.169.254', status: 403 },
    { field: 'openshiftEndPoint', url: 'file:///etc/passwd', status: 400 },
    { field: 'prometheusEndPoint', url: 'http://prometheus.example:9090', status: 200 },
  ])('is answered $status with $url as $field', async ({ field, url, status }) => {
    const { call, files } = await world();
    const answer = await call('POST', '/imec', { ...device, [field]: url });
    expect(answer.status, answer.json.message).toBe(status);
    expect(Object.keys(await files())).toHaveLength(status === 200 ? 2 : 1);
  });

  it('may name what a document names already, and leaves that alone', async () => {
    const source =
      'apiVersion: rotterdam.dev/v1alpha1\nkind: Source\nmetadata: {name: city}\nspec: {type: prometheus, url: "http://city.example:9090"}\n';
    const { call } = await world({ 'sla/city.yaml': source });
    expect((await call('POST', '/imec', { ...device, prometheusEndPoint: 'http://city.example:9090' })).status).toBe(200);
    expect((await call('POST', '/imec', { ...device, prometheusEndPoint: 'http://city.example:9091' })).json.message).toBe(
      'Refused to ask city.example:9091 for anything: start with --allow-host city.example:9091, or commit the document to the repository',
    );
  });
});
