import { systemClock } from '../../controller/adapters/clock.ts';
import { groupPath } from '../../controller/adapters/kube/discovery.ts';
import { readKubeconfig } from '../../controller/adapters/kube/kubeconfig.ts';
import { createTransport } from '../../controller/adapters/kube/transport.ts';
import type { LiveObject } from '../../controller/ports.ts';
import type { Manifest, ObjectRef } from '../../synth/manifest.ts';

/** An API server that contract tests run against. */
export interface Place {
  /** Text of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** Text of the kubeconfig of a user without rights; undefined where there is no such user. */
  readonly stranger?: string;
  stop(): void | Promise<void>;
}

/** Somebody who isn't us: kubectl, an autoscaler, another GitOps tool. */
export interface Actor {
  /** Merge patch as an `Update` manager, what `kubectl edit` and `kubectl scale` do. */
  edit(ref: ObjectRef, patch: unknown): Promise<LiveObject>;
  /** Merge patch of the status, what a kubelet does. */
  report(ref: ObjectRef, status: unknown): Promise<LiveObject>;
  /** Server-side apply, forced. */
  apply(manifest: Manifest): Promise<LiveObject>;
  /** What an autoscaler does. */
  scale(of: Manifest, replicas: number): Promise<LiveObject>;
  remove(ref: ObjectRef): Promise<void>;
}

export function actor(place: Place, manager: string): Actor {
  const access = readKubeconfig(place.kubeconfig, manager);
  const transport = createTransport({ name: manager, access, clock: systemClock, requestTimeoutMs: 30_000 });
  const send = async (method: 'PATCH' | 'DELETE', ref: ObjectRef, query: string, contentType?: string, body?: unknown) => {
    const answer = await transport.send({ method, path: `${pathOf(ref)}${query}`, body, ...(contentType ? { contentType } : {}) });
    if (answer.status >= 300) throw new Error(`${method} ${ref.name}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as LiveObject;
  };
  return {
    edit: (ref, patch) => send('PATCH', ref, `?fieldManager=${manager}`, 'application/merge-patch+json', patch),
    report: (ref, status) => send('PATCH', ref, `/status?fieldManager=${manager}`, 'application/merge-patch+json', { status }),
    apply: (manifest) => {
      const ref = { ...manifest, namespace: manifest.metadata.namespace, name: manifest.metadata.name };
      return send('PATCH', ref, `?fieldManager=${manager}&force=true`, 'application/apply-patch+yaml', manifest);
    },
    scale: ({ apiVersion, kind, metadata: { namespace, name } }, replicas) => {
      const ref = { apiVersion, kind, namespace, name: `${name}/scale` };
      return send('PATCH', ref, `?fieldManager=${manager}`, 'application/merge-patch+json', { spec: { replicas } });
    },
    remove: async (ref) => {
      await send('DELETE', ref, '?gracePeriodSeconds=0');
    },
  };
}

function pathOf({ apiVersion, kind, namespace, name }: ObjectRef): string {
  return `${groupPath(apiVersion)}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}s/${name}`;
}
