import { describe, expect, it } from 'vitest';
import type { LiveObject } from '../../../../controller/ports.ts';
import { healthOf } from '../../../../controller/sync/health/health.ts';
import { isWithoutHealth } from '../../../../controller/sync/kinds.ts';

const object = (apiVersion: string, kind: string, rest: object = {}): LiveObject => ({
  apiVersion,
  kind,
  metadata: { name: 'one', uid: 'u', resourceVersion: '1' },
  ...rest,
});

describe('isWithoutHealth', () => {
  it.each([
    ['v1', 'ConfigMap'],
    ['v1', 'Secret'],
    ['v1', 'ServiceAccount'],
    ['rbac.authorization.k8s.io/v1', 'Role'],
    ['networking.k8s.io/v1', 'NetworkPolicy'],
  ])('%s %s is ready whether all of it is seen or the metadata alone', (apiVersion, kind) => {
    expect(isWithoutHealth({ apiVersion, kind })).toBe(true);
    const whole = object(apiVersion, kind, { data: {}, spec: {}, rules: [] });
    expect(healthOf(object(apiVersion, kind))).toEqual(healthOf(whole));
    expect(healthOf(whole).state).toBe('ready');
  });

  it.each([
    ['apps/v1', 'Deployment'],
    ['v1', 'Service'],
    ['v1', 'Namespace'],
    ['policy/v1', 'PodDisruptionBudget'],
    ['example.org/v1', 'ConfigMap'],
    ['example.org/v1', 'Anything'],
  ])('%s %s may have something to say', (apiVersion, kind) => {
    expect(isWithoutHealth({ apiVersion, kind })).toBe(false);
  });
});
