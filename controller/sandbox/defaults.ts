import { isRecord, type Json, listAt, numberAt, omit, recordAt, textAt } from './json.ts';
import type { Kind } from './kinds.ts';
import type { Draft } from './object.ts';

/** `draft` with the values that the real server fills in, as far as they matter to who reads them back. */
export function withDefaults(kind: Kind, draft: Draft): Draft {
  const complete = kind.custom ? undefined : DEFAULTS[kind.kind];
  if (complete === undefined) return draft;
  // What a Secret has as stringData is only ever written.
  return { ...omit(draft, 'stringData'), ...complete(draft) };
}

type Complete = (draft: Draft) => Json;

const DEFAULTS: Readonly<Record<string, Complete>> = {
  Namespace: namespace,
  Pod: (pod) => ({ spec: podSpec({ enableServiceLinks: true, ...pod.spec }) }),
  Service: (service) => ({ spec: serviceSpec(recordAt(service, 'spec')) }),
  Secret: secret,
  PersistentVolumeClaim: (claim) => ({ spec: fill(recordAt(claim, 'spec'), { volumeMode: 'Filesystem' }), status: { phase: 'Pending' } }),
  Deployment: (deployment) => ({ spec: deploymentSpec(recordAt(deployment, 'spec')) }),
  ReplicaSet: (set) => ({ spec: workloadSpec(recordAt(set, 'spec'), { replicas: 1 }) }),
  StatefulSet: (set) => ({ spec: statefulSetSpec(recordAt(set, 'spec')) }),
  NetworkPolicy: (policy) => ({ spec: fill(recordAt(policy, 'spec'), { policyTypes: ['Ingress'] }) }),
  HorizontalPodAutoscaler: (scaler) => ({ spec: fill(recordAt(scaler, 'spec'), { minReplicas: 1 }) }),
  CustomResourceDefinition: (definition) => ({ spec: definitionSpec(recordAt(definition, 'spec')) }),
};

function namespace(draft: Draft): Json {
  const labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': draft.metadata.name };
  return {
    metadata: { ...draft.metadata, labels },
    spec: fill(recordAt(draft, 'spec'), { finalizers: ['kubernetes'] }),
    status: fill(recordAt(draft, 'status'), { phase: 'Active' }),
  };
}

function secret(draft: Draft): Json {
  const { stringData } = draft;
  if (!isRecord(stringData)) return { type: draft.type ?? 'Opaque' };
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]);
  return { type: draft.type ?? 'Opaque', data: { ...recordAt(draft, 'data'), ...Object.fromEntries(encoded) } };
}

function serviceSpec(spec: Json): Json {
  const type = textAt(spec, 'type') ?? 'ClusterIP';
  const outside = type === 'NodePort' || type === 'LoadBalancer';
  const ports = listAt(spec, 'ports').map((port) =>
    isRecord(port) ? fill(port, { protocol: 'TCP', ...(type === 'ExternalName' ? {} : { targetPort: port.port }) }) : port,
  );
  return fill(
    { ...spec, ...('ports' in spec ? { ports } : {}) },
    {
      type,
      sessionAffinity: 'None',
      ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: 'Cluster' }),
      ...(outside ? { externalTrafficPolicy: 'Cluster' } : {}),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
    },
  );
}

function deploymentSpec(spec: Json): Json {
  const strategy = fill(recordAt(spec, 'strategy'), { type: 'RollingUpdate' });
  const rolling = fill(recordAt(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' });
  const complete = strategy.type === 'RollingUpdate' ? { ...strategy, rollingUpdate: rolling } : strategy;
  return workloadSpec({ ...spec, strategy: complete }, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
}

function statefulSetSpec(spec: Json): Json {
  const claims = listAt(spec, 'volumeClaimTemplates').map((claim) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    ...(isRecord(claim) ? claim : {}),
    spec: fill(recordAt(claim, 'spec'), { volumeMode: 'Filesystem' }),
    status: { phase: 'Pending' },
  }));
  return workloadSpec(
    { ...spec, ...(claims.length === 0 ? {} : { volumeClaimTemplates: claims }) },
    {
      replicas: 1,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    },
  );
}

function workloadSpec(spec: Json, defaults: Json): Json {
  const template = recordAt(spec, 'template');
  return fill({ ...spec, template: { ...template, spec: podSpec(recordAt(template, 'spec')) } }, defaults);
}

function podSpec(spec: Json): Json {
  const account = spec.serviceAccountName ?? spec.serviceAccount;
  const each = (key: string, complete: (item: Json) => Json): Json =>
    key in spec ? { [key]: listAt(spec, key).map((item) => (isRecord(item) ? complete(item) : item)) } : {};
  return fill(
    { ...spec, ...each('containers', container), ...each('initContainers', container), ...each('volumes', volume) },
    {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...(account === undefined ? {} : { serviceAccountName: account, serviceAccount: account }),
    },
  );
}

function container(spec: Json): Json {
  const image = textAt(spec, 'image') ?? '';
  const tag = /:([^:/]+)$/.exec(image)?.[1];
  const pinned = image.includes('@') || (tag !== undefined && tag !== 'latest');
  const ports = listAt(spec, 'ports').map((port) => (isRecord(port) ? fill(port, { protocol: 'TCP' }) : port));
  const env = listAt(spec, 'env').map((variable) => (isRecord(variable) ? environmentVariable(variable) : variable));
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].filter((name) => isRecord(spec[name]));
  return fill(
    {
      ...spec,
      ...(ports.length === 0 ? {} : { ports }),
      ...(env.length === 0 ? {} : { env }),
      ...Object.fromEntries(probes.map((name) => [name, probe(recordAt(spec, name))])),
    },
    {
      resources: {},
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: pinned ? 'IfNotPresent' : 'Always',
    },
  );
}

function environmentVariable(variable: Json): Json {
  const field = recordAt(variable, 'valueFrom', 'fieldRef');
  if (Object.keys(field).length === 0) return variable;
  return { ...variable, valueFrom: { ...recordAt(variable, 'valueFrom'), fieldRef: fill(field, { apiVersion: 'v1' }) } };
}

function probe(spec: Json): Json {
  const http = spec.httpGet;
  const complete = isRecord(http) ? { ...spec, httpGet: fill(http, { path: '/', scheme: 'HTTP' }) } : spec;
  return fill(complete, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
}

function volume(spec: Json): Json {
  const sources = ['secret', 'configMap', 'projected', 'downwardAPI'].filter((name) => isRecord(spec[name]));
  return { ...spec, ...Object.fromEntries(sources.map((name) => [name, fill(recordAt(spec, name), { defaultMode: 420 })])) };
}

function definitionSpec(spec: Json): Json {
  const names = recordAt(spec, 'names');
  const kind = textAt(names, 'kind') ?? '';
  const complete = fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` });
  return fill({ ...spec, names: complete }, { conversion: { strategy: 'None' } });
}

function fill(value: Json, defaults: Json): Json {
  const missing = Object.entries(defaults).filter(([key]) => value[key] === undefined || value[key] === null);
  return missing.length === 0 ? value : { ...value, ...Object.fromEntries(missing) };
}

/** What the server gives to a Service of its own accord: addresses and node ports, which nobody owns. */
export class ServiceAddresses {
  private address = 10;
  private nodePort = 30_000;

  assign(service: Draft, live: Draft | undefined): Draft {
    const spec = recordAt(service, 'spec');
    if (spec.type === 'ExternalName') return service;
    const before = recordAt(live, 'spec');
    const clusterIP = textAt(spec, 'clusterIP') || textAt(before, 'clusterIP') || this.nextAddress();
    const known = listAt(before, 'ports');
    const wantsNodePorts = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
    const ports = listAt(spec, 'ports').map((port) => {
      if (!isRecord(port) || !wantsNodePorts || numberAt(port, 'nodePort') !== undefined) return port;
      const was = known.find((other) => isRecord(other) && other.port === port.port && other.protocol === port.protocol);
      return { ...port, nodePort: numberAt(was, 'nodePort') ?? this.nextNodePort() };
    });
    const families = { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
    const addressed = { ...spec, ...('ports' in spec ? { ports } : {}), clusterIP, clusterIPs: [clusterIP] };
    return { ...service, spec: fill(addressed, families), status: fill(recordAt(service, 'status'), { loadBalancer: {} }) };
  }

  private nextAddress(): string {
    this.address += 1;
    return `10.96.${Math.floor(this.address / 250) % 256}.${(this.address % 250) + 1}`;
  }

  private nextNodePort(): number {
    this.nodePort = this.nodePort >= 32_767 ? 30_000 : this.nodePort + 1;
    return this.nodePort;
  }
}
