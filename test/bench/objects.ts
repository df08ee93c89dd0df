import type { Manifest } from '../../synth/manifest.ts';

export const NAMESPACE = 'bench';

const namespace: Manifest = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };

/** `apps` × (Deployment without pods, ServiceAccount, Service, Ingress), as in Flux's own benchmark, in one namespace. */
export function apps(count: number): Manifest[] {
  return [namespace, ...Array.from({ length: count }, (_, number) => app(`app-${number}`)).flat()];
}

/** ConfigMaps of a few bytes each, in one namespace. */
export function maps(count: number): Manifest[] {
  const map = (number: number) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(`map-${number}`),
    data: { number: `${number}` },
  });
  return [namespace, ...Array.from({ length: count }, (_, number) => map(number))];
}

function metadata(name: string): Manifest['metadata'] {
  return { name, namespace: NAMESPACE, labels: { 'app.kubernetes.io/name': name } };
}

function app(name: string): Manifest[] {
  const labels = { 'app.kubernetes.io/name': name };
  const container = { name: 'app', image: 'example/app:1', ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }] };
  const backend = { service: { name, port: { name: 'http' } } };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(name), automountServiceAccountToken: false },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: metadata(name),
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { serviceAccountName: name, containers: [container] } },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: metadata(name),
      spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http', protocol: 'TCP' }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: metadata(name),
      spec: { rules: [{ host: `${name}.example`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
    },
  ];
}
