import type { Exposure } from './exposure.ts';
import { canonicalQuantity } from './quantity.ts';
import type { ContainerSpec, TaskSpec } from './spec/task.ts';
import { containerNames } from './task-problems.ts';

type Volume = ContainerSpec['volumes'][number];

/**
 * What the pod security levels ask of a pod template (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
 * `restricted` is passed; `baseline` is what images need that start as root, as nginx and redis do, and is passed as well;
 * `privileged` sets nothing: the container runtime's own defaults, root, and programs that gain rights. It asks for no `privileged: true`.
 */
const SECURITY = {
  restricted: {
    pod: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    container: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  },
  baseline: { pod: { seccompProfile: { type: 'RuntimeDefault' } }, container: { allowPrivilegeEscalation: false } },
  privileged: { pod: undefined, container: undefined },
} as const;

/** The pod template of a task; the ServiceAccount is called as the task. */
export function podTemplate(name: string, spec: TaskSpec, labels: Readonly<Record<string, string>>, { expose }: Pick<Exposure, 'expose'>) {
  const names = containerNames(name, spec);
  return {
    metadata: { labels },
    spec: {
      serviceAccountName: name,
      securityContext: SECURITY[spec.security].pod,
      imagePullSecrets: unlessEmpty(spec.imagePullSecrets.map((secret) => ({ name: secret }))),
      nodeSelector: spec.nodeSelector,
      tolerations: unlessEmpty(spec.tolerations),
      containers: spec.containers.map((container, at) => ({
        name: names[at],
        ...containerFields(container, expose),
        securityContext: SECURITY[spec.security].container,
      })),
      volumes: unlessEmpty(podVolumes(spec)),
    },
  };
}

function containerFields(container: ContainerSpec, expose: Exposure['expose']) {
  const { image, imagePullPolicy, command, args, livenessProbe, readinessProbe, startupProbe } = container;
  return {
    image,
    imagePullPolicy,
    command,
    args,
    ports: unlessEmpty(containerPorts(container, expose)),
    env: unlessEmpty(container.env.map(variable)),
    resources: container.resources && {
      requests: quantities(container.resources.requests),
      limits: quantities(container.resources.limits),
    },
    volumeMounts: unlessEmpty(container.volumes.map(({ name, mountPath, subPath, readOnly }) => ({ name, mountPath, subPath, readOnly }))),
    livenessProbe,
    readinessProbe,
    startupProbe,
  };
}

/** Several Service ports may lead to one container port: it is listed once, as server-side apply takes the pair for a key. */
function containerPorts({ ports }: ContainerSpec, expose: Exposure['expose']) {
  const byKey = new Map(
    ports.map(({ containerPort, hostPort = containerPort, protocol, name }) => [
      `${containerPort}/${protocol}`,
      { name, containerPort, ...(expose === 'hostPort' ? { hostPort } : {}), protocol },
    ]),
  );
  return [...byKey.values()];
}

function variable(entry: ContainerSpec['env'][number]) {
  if ('value' in entry) return entry;
  if ('secret' in entry) return { name: entry.name, valueFrom: { secretKeyRef: entry.secret } };
  if ('configMap' in entry) return { name: entry.name, valueFrom: { configMapKeyRef: entry.configMap } };
  return { name: entry.name, valueFrom: { fieldRef: { fieldPath: entry.field } } };
}

/** Containers that name the same volume share it. */
function podVolumes(spec: TaskSpec) {
  const byName = new Map(spec.containers.flatMap(({ volumes }) => volumes).map((volume) => [volume.name, volumeSource(volume)]));
  return [...byName].map(([name, source]) => ({ name, ...source }));
}

function volumeSource({ emptyDir, configMap, secret, persistentVolumeClaim }: Volume): object {
  if (configMap !== undefined) return { configMap: { name: configMap } };
  if (secret !== undefined) return { secret: { secretName: secret } };
  if (persistentVolumeClaim !== undefined) return { persistentVolumeClaim: { claimName: persistentVolumeClaim } };
  const { sizeLimit, medium } = emptyDir ?? {};
  return { emptyDir: { medium, sizeLimit: sizeLimit === undefined ? undefined : canonicalQuantity(sizeLimit) } };
}

/** Each in the form that an API server keeps. */
export function quantities(amounts: Readonly<Record<string, string | number>> | undefined): Record<string, string> | undefined {
  return amounts && Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, canonicalQuantity(amount)]));
}

function unlessEmpty<Item>(list: readonly Item[]): readonly Item[] | undefined {
  return list.length === 0 ? undefined : list;
}
