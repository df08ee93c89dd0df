import { groupOf, type Manifest } from './manifest.ts';

/** API groups that every cluster (or every OpenShift) has: what isn't listed as cluster-scoped is namespaced. */
const BUILT_IN = new Set([
  ...['', 'apps', 'batch', 'autoscaling', 'policy', 'extensions', 'networking.k8s.io', 'rbac.authorization.k8s.io', 'storage.k8s.io'],
  ...[
    'coordination.k8s.io',
    'discovery.k8s.io',
    'events.k8s.io',
    'scheduling.k8s.io',
    'node.k8s.io',
    'certificates.k8s.io',
    'resource.k8s.io',
  ],
  ...['admissionregistration.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'flowcontrol.apiserver.k8s.io'],
  ...['route.openshift.io', 'apps.openshift.io', 'build.openshift.io', 'image.openshift.io', 'template.openshift.io'],
  ...['project.openshift.io', 'security.openshift.io'],
]);

const CLUSTER_SCOPED = new Set([
  ...['/Namespace', '/Node', '/PersistentVolume', 'rbac.authorization.k8s.io/ClusterRole', 'rbac.authorization.k8s.io/ClusterRoleBinding'],
  ...['apiextensions.k8s.io/CustomResourceDefinition', 'apiregistration.k8s.io/APIService', 'scheduling.k8s.io/PriorityClass'],
  ...['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].map((kind) => `admissionregistration.k8s.io/${kind}`),
  ...['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'].map((kind) => `admissionregistration.k8s.io/${kind}`),
  ...['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding'].map((kind) => `admissionregistration.k8s.io/${kind}`),
  ...['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment', 'VolumeAttributesClass'].map((kind) => `storage.k8s.io/${kind}`),
  ...['IngressClass', 'IPAddress', 'ServiceCIDR'].map((kind) => `networking.k8s.io/${kind}`),
  ...['CertificateSigningRequest', 'ClusterTrustBundle'].map((kind) => `certificates.k8s.io/${kind}`),
  ...['FlowSchema', 'PriorityLevelConfiguration'].map((kind) => `flowcontrol.apiserver.k8s.io/${kind}`),
  ...['DeviceClass', 'ResourceSlice', 'DeviceTaintRule'].map((kind) => `resource.k8s.io/${kind}`),
  ...['node.k8s.io/RuntimeClass', 'project.openshift.io/Project', 'project.openshift.io/ProjectRequest'],
  'security.openshift.io/SecurityContextConstraints',
]);

/** Whether objects of a kind have a namespace; undefined when nobody here knows. */
export type Namespaced = (manifest: Manifest) => boolean | undefined;

/** Kinds of Kubernetes and OpenShift, and those that a CustomResourceDefinition among `manifests` defines. */
export function scopes(manifests: readonly Manifest[]): Namespaced {
  const defined = new Map(manifests.flatMap(definedScope));
  return (manifest) => {
    const group = groupOf(manifest.apiVersion);
    const kind = `${group}/${manifest.kind}`;
    return BUILT_IN.has(group) ? !CLUSTER_SCOPED.has(kind) : defined.get(kind);
  };
}

function definedScope({ kind, spec }: Manifest): [string, boolean][] {
  if (kind !== 'CustomResourceDefinition') return [];
  const { group, names, scope } = (spec ?? {}) as { group?: string; names?: { kind?: string }; scope?: string };
  return [[`${group}/${names?.kind}`, scope === 'Namespaced']];
}
