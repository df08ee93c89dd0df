import { groupOf, type ObjectRef } from '../../synth/manifest.ts';

const CLASSES = 'classes';
const OTHERS = 'others';

/** What others stand on comes first; within a stage the order does not matter. */
const STAGES: readonly (readonly string[])[] = [
  ['/Namespace'],
  ['apiextensions.k8s.io/CustomResourceDefinition'],
  [CLASSES],
  ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'].map((kind) => `rbac.authorization.k8s.io/${kind}`),
  ['/ServiceAccount', '/ConfigMap', '/Secret', '/ResourceQuota', '/LimitRange', 'networking.k8s.io/NetworkPolicy'],
  ['/PersistentVolume', '/PersistentVolumeClaim'],
  ['/Service'],
  [
    '/Pod',
    '/ReplicationController',
    'apps/Deployment',
    'apps/StatefulSet',
    'apps/DaemonSet',
    'apps/ReplicaSet',
    'apps.openshift.io/DeploymentConfig',
    'batch/Job',
    'batch/CronJob',
  ],
  ['autoscaling/HorizontalPodAutoscaler', 'policy/PodDisruptionBudget'],
  ['networking.k8s.io/Ingress', 'route.openshift.io/Route'],
  [OTHERS],
  // What the API server asks about other objects: it can't be applied before those who answer.
  [
    'apiregistration.k8s.io/APIService',
    'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
    'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  ],
];

const STAGE_OF = new Map(STAGES.flatMap((kinds, stage) => kinds.map((kind) => [kind, stage] as const)));

/** From 0, applied in this order and deleted in reverse. */
export function stageOf(ref: ObjectRef): number {
  const group = groupOf(ref.apiVersion);
  return STAGE_OF.get(`${group}/${ref.kind}`) ?? STAGE_OF.get(isClass(group, ref.kind) ? CLASSES : OTHERS) ?? STAGES.length;
}

/** `StorageClass`, `IngressClass`, `PriorityClass`, `GatewayClass` …: what other objects name. */
function isClass(group: string, kind: string): boolean {
  return group.endsWith('.k8s.io') && kind.endsWith('Class');
}

/** Groups of equal stage, lowest first. */
export function inStages<T>(items: readonly T[], ref: (item: T) => ObjectRef): T[][] {
  const stages: T[][] = Array.from({ length: STAGES.length }, () => []);
  for (const item of items) stages[stageOf(ref(item))]?.push(item);
  return stages.filter((stage) => stage.length > 0);
}
