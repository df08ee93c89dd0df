import { describe, expect, it } from 'vitest';
import { ServiceAddresses, withDefaults } from '../../../../controller/sandbox/defaults.ts';
import { Kinds } from '../../../../controller/sandbox/kinds.ts';
import type { Draft } from '../../../../controller/sandbox/object.ts';

const kinds = new Kinds();
function complete(kind: string, fields: object): Draft {
  const found = kinds.all().find((candidate) => candidate.kind === kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return withDefaults(found, { apiVersion: 'v1', kind, metadata: { name: 'a' }, ...fields });
}

describe('withDefaults', () => {
  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['registry:5000/nginx', 'Always'],
    ['nginx@sha256:0', 'IfNotPresent'],
  ])('pulls %s %s', (image, imagePullPolicy) => {
    expect(complete('Pod', { spec: { containers: [{ name: 'a', image }] } }).spec?.containers).toMatchObject([{ imagePullPolicy }]);
  });
  it('completes what a container holds', () => {
    const container = {
      name: 'a',
      image: 'a:1',
      ports: [{ containerPort: 80 }, { containerPort: 53, protocol: 'UDP' }],
      env: [
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'B', value: 'b' },
      ],
      readinessProbe: { httpGet: { port: 80 } },
    };
    expect(complete('Pod', { spec: { containers: [container] } }).spec?.containers).toMatchObject([
      {
        ports: [{ protocol: 'TCP' }, { protocol: 'UDP' }],
        env: [{ valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } } }, { name: 'B', value: 'b' }],
        readinessProbe: { httpGet: { path: '/', scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10, failureThreshold: 3 },
      },
    ]);
  });
  it('encodes a Secret’s text and keeps none of it', () => {
    const secret = complete('Secret', { data: { a: 'YQ==' }, stringData: { b: 'b' } });
    expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'YQ==', b: 'Yg==' } });
    expect(secret).not.toHaveProperty('stringData');
  });
  it('gives no rolling update to a Deployment that recreates', () => {
    expect(complete('Deployment', { spec: { strategy: { type: 'Recreate' } } }).spec?.strategy).toEqual({ type: 'Recreate' });
  });
  it('mounts the account that a pod names under both of its names', () => {
    expect(complete('Pod', { spec: { serviceAccountName: 'x' } }).spec).toMatchObject({ serviceAccountName: 'x', serviceAccount: 'x' });
  });
  it('mounts config maps readable', () => {
    const volumes = [
      { name: 'v', configMap: { name: 'c' } },
      { name: 'e', emptyDir: {} },
    ];
    expect(complete('Pod', { spec: { volumes } }).spec?.volumes).toEqual([
      { name: 'v', configMap: { name: 'c', defaultMode: 420 } },
      { name: 'e', emptyDir: {} },
    ]);
  });
});

describe('ServiceAddresses', () => {
  const service = (spec: object): Draft => complete('Service', { spec: { ports: [{ port: 80 }], ...spec } });
  it('gives each Service another address, and a Service the same again', () => {
    const addresses = new ServiceAddresses();
    const [first, second] = [addresses.assign(service({}), undefined), addresses.assign(service({}), undefined)];
    expect(first.spec?.clusterIP).not.toBe(second.spec?.clusterIP);
    expect(addresses.assign(service({}), first).spec?.clusterIP).toBe(first.spec?.clusterIP);
  });
  it('keeps a node port while the port stays', () => {
    const addresses = new ServiceAddresses();
    const first = addresses.assign(service({ type: 'NodePort' }), undefined);
    const more = addresses.assign(
      service({
        type: 'NodePort',
        ports: [
          { name: 'b', port: 81, protocol: 'TCP' },
          { name: 'a', port: 80, protocol: 'TCP' },
        ],
      }),
      first,
    );
    const [port] = (first.spec?.ports ?? []) as { nodePort: number }[];
    expect(more.spec?.ports).toMatchObject([
      { port: 81, nodePort: expect.any(Number) },
      { port: 80, nodePort: port?.nodePort },
    ]);
  });
  it.each([
    ['a headless one stays headless', { clusterIP: 'None' }, 'None'],
    ['a name outside has none', { type: 'ExternalName', externalName: 'x' }, undefined],
  ])('%s', (_, spec, expected) => expect(new ServiceAddresses().assign(service(spec), undefined).spec?.clusterIP).toBe(expected));
});
