import { groupOf, type ObjectRef } from '../../synth/manifest.ts';

/** What others stand on comes first; within a stage the order does not matter. */
const STAGES: readonly (readonly string[])[] = [
  ['/Namespace'],
  ['apiextensions.k8s.io/CustomResourceDefinition'],
  ['storage.k8s.io/StorageClass', 'scheduling.k8s.io/PriorityClass', 'networking.k8s.io/IngressClass', 'node.k8s.io/RuntimeClass'],
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
    'batch/Job',
    'batch/CronJob',
  ],
  ['networking.k8s.io/Ingress', 'route.openshift.io/Route'],
];

const STAGE_OF = new Map(STAGES.flatMap((kinds, stage) => kinds.map((kind) => [kind, stage] as const)));

/** From 0, applied in this order and deleted in reverse. Custom resources and kinds that are not listed come last. */
export function stageOf(ref: ObjectRef): number {
  return STAGE_OF.get(`${groupOf(ref.apiVersion)}/${ref.kind}`) ?? STAGES.length;
}

/** Groups of equal stage, lowest first. */
export function inStages<T>(items: readonly T[], ref: (item: T) => ObjectRef): T[][] {
  const stages: T[][] = Array.from({ length: STAGES.length + 1 }, () => []);
  for (const item of items) stages[stageOf(ref(item))]?.push(item);
  return stages.filter((stage) => stage.length > 0);
}
