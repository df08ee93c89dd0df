import type { LiveObject } from '../../../../controller/ports.ts';
import type { Live } from '../../../../controller/sync/watch/live.ts';
import type { Manifest } from '../../../../synth/manifest.ts';

export const configMap = (name: string, data: Record<string, string> = {}, namespace = 'class'): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace },
  data,
});

export const manifest = (apiVersion: string, kind: string, name: string, namespace?: string): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

export function liveObject(of: Manifest, changes: { metadata?: object; status?: object; spec?: object } = {}): LiveObject {
  const { metadata, ...rest } = changes;
  return { ...of, ...rest, metadata: { ...of.metadata, uid: `uid-${of.metadata.name}`, resourceVersion: '1', ...metadata } };
}

export const SET = 'applyset-ours-v1';

export function live(name: string, changes: Partial<Live> = {}): Live {
  return {
    uid: `uid-${name}`,
    resourceVersion: '1',
    setId: SET,
    fields: 'fields',
    managers: ['rotterdam-sync'],
    holding: [],
    takers: [],
    othersReplicas: false,
    shared: false,
    pruneNever: false,
    ending: undefined,
    turn: {},
    rollout: { generation: 1, timeoutMs: 600_000 },
    health: { ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'class', name }, state: 'ready', reason: '' },
    ...changes,
  };
}
