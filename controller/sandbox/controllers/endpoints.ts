import { isRecord, type Json, listAt, recordAt, textAt } from '../json.ts';
import { type KubeObject, ownedBy } from '../object.ts';
import { matchesLabels } from '../selectors.ts';
import type { StoreEvent } from '../store.ts';
import { type Bench, type Controller, ENDPOINT_SLICES, PODS, SERVICES } from './controller.ts';
import { isReady } from './pods.ts';

const POD_KIND = { group: '', plural: 'pods' } as const;
const SERVICE_KIND = { group: '', plural: 'services' } as const;

/** Service with a selector → one EndpointSlice of the pods that it selects. */
export class Endpoints implements Controller {
  private readonly bench: Bench;

  constructor(bench: Bench) {
    this.bench = bench;
  }

  keys({ storage, object, previous }: StoreEvent): readonly string[] {
    if (storage === SERVICES) return [object.metadata.uid];
    if (storage !== PODS) return [];
    const services = [...this.bench.store.within(SERVICE_KIND, object.metadata.namespace)];
    const pods = previous === undefined ? [object] : [object, previous];
    return services.filter((service) => pods.some((pod) => selects(service, pod))).map((service) => service.metadata.uid);
  }

  reconcile(uid: string): void {
    const service = this.bench.live(uid, SERVICES);
    if (service === undefined || !isRecord(recordAt(service, 'spec').selector)) return;
    const pods = [...this.bench.store.within(POD_KIND, service.metadata.namespace)];
    const selected = pods.filter((pod) => selects(service, pod) && textAt(pod, 'status', 'podIP') !== undefined);
    const content = { addressType: 'IPv4', endpoints: selected.map(endpoint), ports: ports(service, selected[0]) };
    const [existing] = this.bench.owned(uid, ENDPOINT_SLICES);
    if (existing !== undefined) this.bench.update(ENDPOINT_SLICES, existing, content);
    else this.bench.create(ENDPOINT_SLICES, { ...sliceOf(service), ...content });
  }
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  const selector = recordAt(service, 'spec').selector;
  return isRecord(selector) && matchesLabels(selector, pod.metadata.labels ?? {});
}

function sliceOf(service: KubeObject) {
  const { name, namespace, labels } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      ...(namespace === undefined ? {} : { namespace }),
      labels: {
        ...labels,
        'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
        'kubernetes.io/service-name': name,
      },
      ownerReferences: [ownedBy(service)],
    },
  };
}

function endpoint(pod: KubeObject): Json {
  const ready = isReady(pod);
  const { name, namespace, uid } = pod.metadata;
  return {
    addresses: [textAt(pod, 'status', 'podIP')],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: textAt(pod, 'spec', 'nodeName'),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}

/** A port that the Service names is looked up in a pod. */
function ports(service: KubeObject, pod: KubeObject | undefined): readonly Json[] {
  const named = listAt(pod, 'spec', 'containers').flatMap((container) => listAt(container, 'ports'));
  return listAt(service, 'spec', 'ports')
    .filter(isRecord)
    .map((port) => {
      const target = port.targetPort ?? port.port;
      const found = typeof target === 'string' ? named.find((candidate) => textAt(candidate, 'name') === target) : undefined;
      const number = typeof target === 'string' ? recordAt(found).containerPort : target;
      return { name: port.name ?? '', protocol: port.protocol, ...(number === undefined ? {} : { port: number }) };
    });
}
