import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../../synth/load.ts';
import { cityFiles, example } from '../../../support/source-files.ts';

function load(files: Readonly<Record<string, string | object>>) {
  const environment = loadEnvironment(
    'city',
    cityFiles(Object.fromEntries(Object.entries(files).map(([name, text]) => [`infrastructures/${name}`, text]))),
  );
  const issues = environment.issues.map((issue) => printIssue(issue).replace('environments/city/infrastructures/', ''));
  return {
    issues,
    infrastructures: environment.infrastructures,
    text: JSON.stringify([environment.issues, [...environment.infrastructures]]),
  };
}

const SECRETS = /user_password|hunter2/;

describe("Rotterdam's infrastructures", () => {
  it('infrastructure-edge-device.json is a device, its password left out with a warning', () => {
    const { issues, infrastructures, text } = load({ 'edge.json': example('infrastructure-edge-device.json') });
    expect(infrastructures.get('edge-device-1')).toMatchObject({
      name: 'edge-device-1',
      type: 'microk8s',
      defaultDock: 'default',
      host: '192.168.1.12',
      address: '192.168.1.12',
      default: false,
      device: { operatingSystem: 'ubuntu18', port: 22, user: 'user_name', credentials: { secret: 'edge-device-1-ssh' } },
    });
    expect(infrastructures.get('edge-device-1')?.credentials).toBeUndefined();
    expect(issues).toEqual([
      "edge.json:10:3 warning: Remove password from git, it is not used: put a private key for SSH into the secret 'edge-device-1-ssh'",
    ]);
    expect(text).not.toMatch(SECRETS);
  });

  it.each([
    ['Kubernetes', 'kubernetes'],
    ['Openshift', 'openshift'],
    ['OpenShift', 'openshift'],
    ['microK8s', 'microk8s'],
  ])('reads type %s', (type, expected) => {
    expect(load({ 'a.json': { name: 'a', type } }).infrastructures.get('a')?.type).toBe(expected);
  });

  it('reads a cluster: its kubeconfig is the secret named for it, endpoints of metrics are kept, tokens and API endpoints are not', () => {
    const { issues, infrastructures, text } = load({
      'a.json': {
        id: 'x',
        status: 'RUNNING',
        name: 'Modena_1',
        type: 'openshift',
        openshiftOauthToken: 'hunter2',
        kubernetesEndPoint: 'http://10.0.0.1:8001',
        openshiftEndPoint: 'https://10.0.0.1:8443',
        slaliteEndPoint: 'http://10.0.0.1:8090',
        prometheusEndPoint: 'http://me:hunter2@10.0.0.1:9090',
        prometheusPushgatewayEndPoint: '10.0.0.1:9091',
        keyFile: '/keys/hunter2/.ssh/id',
      },
    });
    expect(infrastructures.get('modena-1')).toMatchObject({
      original: 'Modena_1',
      credentials: { secret: 'modena-1' },
      prometheus: { url: 'http://10.0.0.1:9090/' },
      pushgateway: { url: 'http://10.0.0.1:9091' },
    });
    expect(issues.map((issue) => issue.split(' ').slice(0, 4).join(' '))).toEqual([
      expect.stringContaining('warning: Remove openshiftOauthToken'),
      expect.stringContaining('warning: Ignored slaliteEndPoint:'),
      expect.stringContaining('warning: Remove the'),
      expect.stringContaining('warning: Cannot use'),
    ]);
    expect(text).not.toMatch(SECRETS);
  });

  it('tells that an API endpoint is not used, where there is no token beside it', () => {
    const { issues } = load({ 'a.json': { name: 'a', type: 'kubernetes', kubernetesEndPoint: 'http://10.0.0.1:8001' } });
    expect(issues).toEqual([expect.stringContaining("Ignored kubernetesEndPoint: the kubeconfig in the secret 'a' names the server")]);
  });

  it.each([
    ['a type that is none', { type: 'swarm' }, 'Write type as Kubernetes, Openshift or MicroK8s'],
    ['an endpoint that is none', { type: 'kubernetes', prometheusEndPoint: 'ftp://hunter2' }, 'Write an http:// or https:// URL'],
    ['a name that maps to none', { type: 'kubernetes', name: '_' }, "Cannot use the name '_'"],
  ])('refuses %s', (_, fields, expected) => {
    const { issues, text } = load({ 'a.json': { name: 'a', ...fields } });
    expect(issues).toEqual([expect.stringContaining(expected)]);
    expect(text.replaceAll('ftp://hunter2', '')).not.toMatch(SECRETS);
  });
});

describe("Rotterdam's cluster requests", () => {
  const device = { 'edge-device-1.json': example('infrastructure-edge-device.json') };

  it('cluster-microk8s.json asks for MicroK8s on the infrastructure that its file is named for', () => {
    const { issues, infrastructures } = load({ ...device, 'Edge_Device_1.cluster.json': example('cluster-microk8s.json') });
    expect(infrastructures.get('edge-device-1')?.device).toMatchObject({ port: 22, install: 'microk8s' });
    expect(issues.filter((issue) => issue.includes('cluster'))).toEqual([
      'Edge_Device_1.cluster.json:1:23 warning: Ignored apiPort: no unauthenticated proxy is opened, the API server keeps its own port',
    ]);
  });

  it('nothing is installed that nobody asked for', () => {
    expect(load(device).infrastructures.get('edge-device-1')?.device?.install).toBeUndefined();
  });

  it.each<[reason: string, files: Record<string, object>, expected: string]>([
    [
      'an unknown device',
      { 'mars.cluster.json': { type: 'microk8s' } },
      "mars.cluster.json:1:1 Cannot install a cluster on 'mars' as no infrastructure has this name",
    ],
    [
      'another type',
      { 'k.json': { name: 'k', type: 'kubernetes' }, 'k.cluster.json': { type: 'microk8s' } },
      "Cannot install MicroK8s on 'k': its type is kubernetes",
    ],
    [
      'something else',
      { 'k.json': { name: 'k', type: 'microk8s' }, 'k.cluster.json': { type: 'kubeless' } },
      'Write type as MicroK8s: nothing else can be installed',
    ],
    [
      'a file that names nobody',
      { 'k.json': { type: 'microk8s', apiPort: 8001 } },
      "Name a cluster request after its infrastructure: '<infrastructure>.cluster.json'",
    ],
  ])('refuses one for %s', (_, files, expected) => {
    const errors = load(files).issues.filter((issue) => !issue.includes('warning'));
    expect(errors).toEqual([expect.stringContaining(expected)]);
  });
});
