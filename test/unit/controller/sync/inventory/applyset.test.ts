import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isOurs, parentManifest, parentRef, setIdOf, TOOLING } from '../../../../../controller/sync/inventory/applyset.ts';

const target = { environment: 'city', infrastructure: 'modena', syncId: 'root' };
const parent = parentRef(target);

describe('parentRef', () => {
  it.each([
    ['environment', { environment: 'town' }],
    ['infrastructure', { infrastructure: 'edge-1' }],
    ['repository', { syncId: 'other' }],
    ['boundary between names', { environment: 'city-modena', infrastructure: '' }],
  ])('another %s is another set', (_, change) => {
    expect(parentRef({ ...target, ...change }).name).not.toBe(parent.name);
  });

  it('is a name that Kubernetes takes, however long the names are', () => {
    const { name } = parentRef({ environment: 'e'.repeat(200), infrastructure: 'i'.repeat(200), syncId: 's' });
    expect(name.length).toBeLessThanOrEqual(253);
  });
});

describe('setIdOf', () => {
  it('is what kubectl computes for the same parent', () => {
    // printf '%s' 'mySet.myNs.ConfigMap.' | sha256 | base64url
    const id = setIdOf({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'myNs', name: 'mySet' });
    expect(id).toMatch(/^applyset-[\w-]{43}-v1$/);
    expect(id).toBe('applyset-1AuDlNre08ZPXlEuE7gaaBIA-jc3foN7nt8Xj3iei3k-v1');
  });

  it('fits a label value', () => {
    expect(setIdOf(parent).length).toBeLessThanOrEqual(63);
  });
});

describe('parentManifest', () => {
  const members = [
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'class', name: 'a' },
    { apiVersion: 'v1', kind: 'Service', namespace: 'class', name: 'a' },
    { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'apps', name: 'b' },
    { apiVersion: 'v1', kind: 'Namespace', name: 'class' },
  ];
  const written = parentManifest(parent, { data: { revision: 'abc' }, members }, '12');

  it('tells id, tooling, kinds and namespaces under the keys of KEP-3659', () => {
    expect(written.metadata).toEqual({
      name: parent.name,
      namespace: 'rotterdam-system',
      resourceVersion: '12',
      labels: { 'applyset.kubernetes.io/id': setIdOf(parent), 'rotterdam.dev/inventory': setIdOf(parent) },
      annotations: {
        'applyset.kubernetes.io/tooling': TOOLING,
        'applyset.kubernetes.io/contains-group-kinds': 'Deployment.apps,Namespace,Service',
        'applyset.kubernetes.io/additional-namespaces': 'apps,class',
      },
    });
  });

  it.each([
    [TOOLING, true],
    ['rotterdam-sync/9.9.9', true],
    ['rotterdam-synchronizer/1.0.0', false],
    ['kubectl/v1.32.0', false],
    [undefined, false],
  ])('tooling %s is ours: %s', (tooling, ours) => {
    const annotations = tooling === undefined ? {} : { 'applyset.kubernetes.io/tooling': tooling };
    expect(isOurs({ ...written, metadata: { ...written.metadata, annotations } })).toBe(ours);
  });

  it('tells the version of the package', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../../../package.json', import.meta.url), 'utf8')) as { version: string };
    expect(TOOLING).toBe(`rotterdam-sync/${version}`);
  });
});
