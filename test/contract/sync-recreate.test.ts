import { onRealPlane, onSandbox } from './both-places.ts';
import { IMMUTABLE, type Immutable, syncRecreateContract } from './sync-recreate.contract.ts';

const job = (image: string) => ({ spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'web', image }] } } } });
const service = (clusterIP: string) => ({ spec: { clusterIP, ports: [{ port: 80 }] } });
const pod = (name: string) => ({ spec: { containers: [{ name, image: 'nginx:1' }] } });

/** What only the real server refuses, in its own words. */
const REAL: readonly Immutable[] = [
  { apiVersion: 'batch/v1', kind: 'Job', field: 'spec.template', before: job('a'), after: job('b') },
  { apiVersion: 'v1', kind: 'Service', field: 'spec.clusterIPs\\[0\\]', before: service('10.96.77.77'), after: service('10.96.77.78') },
  { apiVersion: 'v1', kind: 'Pod', field: 'spec', before: pod('a'), after: pod('b') },
  { apiVersion: 'v1', kind: 'Secret', field: 'type', before: { type: 'a.example/one' }, after: { type: 'a.example/two' } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    field: 'data',
    before: { immutable: true, data: { a: '1' } },
    after: { immutable: true, data: { a: '2' } },
  },
];

onSandbox('Recreate', syncRecreateContract);
onRealPlane('Recreate', (start) => syncRecreateContract(start, [...IMMUTABLE, ...REAL]));
