import { recordAt } from './json.ts';
import type { KubeObject } from './object.ts';

/** The scale subresource of a workload. */
export function scaleOf(object: KubeObject): Readonly<Record<string, unknown>> {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const labels = Object.entries(recordAt(object, 'spec', 'selector', 'matchLabels')).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: recordAt(object, 'spec').replicas ?? 0 },
    status: { replicas: recordAt(object, 'status').replicas ?? 0, selector: labels.join(',') },
  };
}
