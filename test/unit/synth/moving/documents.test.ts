import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../../../synth/load.ts';
import { moveIn } from '../../../../synth/moving/documents.ts';
import { readConfiguration, readVariables } from '../../../../synth/moving/settings.ts';
import { sourceFile } from '../../../../synth/source.ts';

/** As the original shipped it, with values of our own. */
const CONFIG = `{
  "CaaSVersion": "1.10.7",
  "ServerPort": 8333,
  "Clusters": [
    {
      "ID": "maincluster", "Name": "Modena", "Description": "", "DefaultDock": "class", "Type": "Openshift", "SO": "",
      "KubernetesEndPoint": "", "OpenshiftEndPoint": "https://api.modena.example:6443", "HostIP": "192.0.2.1", "HostPort": 22,
      "OpenshiftOauthToken": "sha256~secret", "SLALiteEndPoint": "http://192.0.2.1:8090",
      "PrometheusPushgatewayEndPoint": "192.0.2.1:9091", "PrometheusEndPoint": "https://prometheus.modena.example",
      "User": "", "Password": "", "KeyFile": ""
    },
    {
      "ID": "microk8s_1", "Description": "in the street", "Type": "microk8s", "SO": "ubuntu18", "KubernetesEndPoint": "http://192.0.2.7:8001",
      "HostIP": "192.0.2.7", "HostPort": 2222, "User": "class", "Password": "secret", "Colour": "red"
    }
  ],
  "SLAs": { "CreationDate": "2019-01-01T00:00:00Z", "ExpirationDate": "2024-01-01T00:00:00Z", "DefaultInfrQoSRule": "Infr_Mem_2GB" },
  "Tasks": { "MaxReplicas": 12, "MinReplicas": 1, "MaxAllowed": 2, "ScaleFactor": 1.25, "Value": 2, "Comparator": "<", "Action": "scale_out" }
}
`;

function moved(...read: readonly ReturnType<typeof readConfiguration>[]) {
  const { documents, secrets, issues } = moveIn(read.flatMap(({ settings }) => settings));
  const files = [...documents].map(([path, text]) => sourceFile(`environments/city/${path}`, text));
  const all = [...read.flatMap((one) => one.issues), ...issues];
  const told = all.map(({ file, line, column, severity, message }) => `${file}:${line}:${column} ${severity}: ${message}`);
  return {
    documents: Object.fromEntries(documents),
    secrets: Object.fromEntries(secrets),
    told,
    environment: loadEnvironment('city', files),
  };
}

describe("The original's configuration file", () => {
  const { documents, secrets, told, environment } = moved(readConfiguration('config.json', CONFIG));

  it('becomes infrastructures, of which the first is the default, and Defaults', () => {
    expect(environment.issues).toEqual([]);
    expect([...environment.infrastructures.values()]).toMatchObject([
      {
        name: 'maincluster',
        type: 'openshift',
        description: 'Modena',
        defaultDock: 'class',
        address: '192.0.2.1',
        credentials: { secret: 'maincluster' },
        prometheus: { url: 'https://prometheus.modena.example' },
        pushgateway: { url: 'http://192.0.2.1:9091' },
      },
      {
        name: 'microk8s-1',
        type: 'microk8s',
        expose: 'nodePort',
        credentials: { secret: 'microk8s-1' },
        device: { operatingSystem: 'ubuntu18', port: 2222, user: 'class', credentials: { secret: 'microk8s-1-ssh' } },
      },
    ]);
    expect(documents['infrastructures/maincluster.yaml']).toContain('default: true');
    expect(documents['infrastructures/microk8s-1.yaml']).not.toContain('default:');
    expect(environment.defaults).toMatchObject({ maxReplicas: 12, scaleFactor: 1.25, comparator: '<', action: 'scale_out' });
  });

  it('has its secrets in no document', () => {
    expect(JSON.stringify(documents)).not.toMatch(/sha256~secret|"secret"|: secret\b/);
    expect(Object.keys(secrets)).toEqual(['maincluster', 'microk8s-1-ssh-password']);
    expect(JSON.parse(secrets.maincluster ?? '')).toMatchObject({
      clusters: [{ cluster: { server: 'https://api.modena.example:6443' } }],
      users: [{ user: { token: 'sha256~secret' } }],
    });
    expect(secrets['microk8s-1-ssh-password']).toBe('secret');
  });

  it('is told with line and column where something of it is unknown, is left out, or is to be done', () => {
    expect(told).toEqual(
      expect.arrayContaining([
        "config.json:14:87 warning: Left out the unknown key 'Clusters[].Colour'",
        expect.stringMatching(/^config.json:3:3 warning: ServerPort became nothing/),
        expect.stringMatching(/^config.json:17:53 warning: SLAs.ExpirationDate became nothing, as it ended every agreement on one day/),
        expect.stringMatching(/^config.json:\d+:\d+ warning: Put a kubeconfig .* into the secret 'microk8s-1'/),
        expect.stringMatching(/^config.json:\d+:\d+ warning: Put a private key for SSH into the secret 'microk8s-1-ssh'/),
      ]),
    );
    expect(told.join('\n')).not.toMatch(/sha256~secret|error:/);
  });

  it.each([
    { reason: 'no JSON', text: '{"Clusters": [', told: /^config.json:1:\d+ error: Cannot read JSON/ },
    { reason: 'a list', text: '[]', told: /error: Give Rotterdam's configuration file/ },
    { reason: 'a key twice', text: '{"Tasks": {}, "Tasks": {}}', told: /error: .*Tasks/ },
    { reason: 'a type that is none', text: '{"Clusters": [{"ID": "a",\n"Type": "Mesos"}]}', told: /^config.json:2:1 error: .*Kubernetes/ },
    {
      reason: 'a name that Kubernetes refuses',
      text: '{"Clusters": [{"ID": "日本", "Type": "Kubernetes"}]}',
      told: /^config.json:1:16 error: .*日本/,
    },
    { reason: 'a number that is none', text: '{"Tasks": {"MaxReplicas": "many"}}', told: /^config.json:1:12 error: maxReplicas/ },
    { reason: 'clusters that are none', text: '{"Clusters": "maincluster"}', told: /warning: Left out the unknown key 'Clusters'/ },
  ])('of which something is wrong ($reason) is told with its place', ({ text, told: expected }) => {
    expect(moved(readConfiguration('config.json', text)).told).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });
});

describe("The original's variables", () => {
  const VARIABLES = `# Rotterdam
export OpenshiftEndPoint="https://api.modena.example:6443"
OpenshiftOauthToken='sha256~other'
ServerIP=192.0.2.9
MaxReplicas=10
MetricsPrometheus=a,b
MaxReplica=3
`;

  it('make the first cluster, and Defaults', () => {
    const { environment, secrets, told } = moved(readVariables('rotterdam.env', VARIABLES));
    expect([...environment.infrastructures.values()]).toMatchObject([{ name: 'maincluster', type: 'openshift', address: '192.0.2.9' }]);
    expect(environment.defaults.maxReplicas).toBe(10);
    expect(secrets.maincluster).toContain('sha256~other');
    expect(told).toEqual([
      'rotterdam.env:6:1 warning: MetricsPrometheus became nothing: what is measured follows from the constraints',
      "rotterdam.env:7:1 warning: Left out the unknown key 'MaxReplica': did you mean 'MaxReplicas'?",
    ]);
  });

  it('count more than the file', () => {
    const { environment, secrets } = moved(readConfiguration('config.json', CONFIG), readVariables('rotterdam.env', VARIABLES));
    expect(environment.infrastructures.get('maincluster')).toMatchObject({ address: '192.0.2.9', description: 'Modena' });
    expect(environment.defaults.maxReplicas).toBe(10);
    expect(secrets.maincluster).toContain('sha256~other');
    expect(environment.infrastructures.size).toBe(2);
  });

  it('are refused with the line that is none', () => {
    expect(moved(readVariables('rotterdam.env', 'MaxReplicas=1\nMaxReplicas\n')).told).toEqual([
      'rotterdam.env:2:1 error: Cannot read a line that is not NAME=value',
    ]);
  });
});
