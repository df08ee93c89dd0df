import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../controller/sandbox/sandbox.ts';
import { have } from '../support/parts.ts';

const WEB = `
apiVersion: v1
kind: Namespace
metadata: {name: demo}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: demo}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: "nginx:1", ports: [{containerPort: 80}]}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: workers, namespace: demo}
spec:
  serviceName: workers
  replicas: 2
  podManagementPolicy: Parallel
  selector: {matchLabels: {app: workers}}
  template:
    metadata: {labels: {app: workers}}
    spec: {containers: [{name: main, image: "compss:1"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: demo}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

describe.skipIf(!have('kubectl'))('kubectl against the sandbox', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rotterdam-kubectl-'));
  const file = join(directory, 'web.yaml');
  let sandbox: Sandbox;

  const kubectl = async (...args: string[]) => {
    const options = ['--kubeconfig', join(directory, 'kubeconfig'), '--cache-dir', join(directory, 'cache')];
    const { stdout } = await promisify(execFile)('kubectl', [...options, ...args]);
    return stdout.trim();
  };
  /** Without the age, which is last. */
  const rows = (table: string) => table.split('\n').map((line) => line.split(/\s{2,}/).slice(0, -1));

  beforeAll(async () => {
    sandbox = await startSandbox({ readyDelayMs: 50 });
    writeFileSync(join(directory, 'kubeconfig'), sandbox.kubeconfig, { mode: 0o600 });
    writeFileSync(file, WEB);
  });
  afterAll(async () => {
    await sandbox.stop();
    rmSync(directory, { recursive: true });
  });

  it('knows the version and the kinds', async () => {
    expect(JSON.parse(await kubectl('version', '-o', 'json')).serverVersion.gitVersion).toMatch(/^v1\./);
    const names = (await kubectl('api-resources', '-o', 'name')).split('\n');
    expect(names).toEqual(
      expect.arrayContaining(['pods', 'deployments.apps', 'ingresses.networking.k8s.io', 'customresourcedefinitions.apiextensions.k8s.io']),
    );
  });
  it('applies on the server’s side and waits for the rollout', async () => {
    expect((await kubectl('apply', '--server-side', '-f', file)).split('\n')).toEqual([
      'namespace/demo serverside-applied',
      'deployment.apps/web serverside-applied',
      'statefulset.apps/workers serverside-applied',
      'service/web serverside-applied',
    ]);
    expect(await kubectl('-n', 'demo', 'rollout', 'status', 'deployment/web', '--timeout', '30s')).toContain('successfully rolled out');
    expect(await kubectl('-n', 'demo', 'rollout', 'status', 'statefulset/workers', '--timeout', '30s')).toContain('roll out complete');
  });
  it('shows what it got, in columns', async () => {
    expect(rows(await kubectl('-n', 'demo', 'get', 'deployments,statefulsets'))).toEqual([
      ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE'],
      ['deployment.apps/web', '3/3', '3', '3'],
      [],
      ['NAME', 'READY'],
      ['statefulset.apps/workers', '2/2'],
    ]);
    expect(await kubectl('get', 'pods', '-A', '-l', 'app=workers', '-o', 'jsonpath={.items[*].metadata.name}')).toBe('workers-0 workers-1');
    expect(await kubectl('-n', 'demo', 'describe', 'deployment', 'web')).toContain('3 desired | 3 updated | 3 total | 3 available');
  });
  it('scales, and is told about the conflict when it applies again', async () => {
    await kubectl('-n', 'demo', 'scale', 'deployment/web', '--replicas', '4');
    await kubectl('-n', 'demo', 'wait', 'deployment/web', '--for', 'jsonpath={.status.readyReplicas}=4', '--timeout', '30s');
    await expect(kubectl('apply', '--server-side', '-f', file)).rejects.toThrow(
      'Apply failed with 1 conflict: conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    );
    expect(await kubectl('apply', '--server-side', '--force-conflicts', '-f', file)).toContain('deployment.apps/web serverside-applied');
  });
  it('rolls an image out and undoes it', async () => {
    await kubectl('-n', 'demo', 'set', 'image', 'deployment/web', 'main=nginx:2');
    await kubectl('-n', 'demo', 'rollout', 'status', 'deployment/web', '--timeout', '30s');
    await kubectl('-n', 'demo', 'rollout', 'undo', 'deployment/web');
    await kubectl('-n', 'demo', 'rollout', 'status', 'deployment/web', '--timeout', '30s');
    expect(await kubectl('-n', 'demo', 'get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.containers[0].image}')).toBe(
      'nginx:1 nginx:1 nginx:1',
    );
  });
  it('applies on the client’s side, too', async () => {
    await kubectl('apply', '-f', file);
    expect((await kubectl('apply', '-f', file)).split('\n').every((line) => line.endsWith(' unchanged'))).toBe(true);
  });
  it('deletes and waits until it is gone', async () => {
    await kubectl('-n', 'demo', 'delete', 'deployment', 'web', '--cascade=foreground', '--timeout', '30s');
    expect(await kubectl('-n', 'demo', 'get', 'pods', '-l', 'app=web', '-o', 'name')).toBe('');
    await kubectl('delete', 'namespace', 'demo', '--timeout', '30s');
    await expect(kubectl('get', 'namespace', 'demo')).rejects.toThrow('namespaces "demo" not found');
  });
});
