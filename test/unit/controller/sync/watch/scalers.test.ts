import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../../../controller/ports.ts';
import { createScalers } from '../../../../../controller/sync/watch/scalers.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';
import { liveObject, manifest } from '../samples.ts';

const WEB = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'class', name: 'web' };
const SCALER = liveObject({ ...manifest('autoscaling/v1', 'HorizontalPodAutoscaler', 'busy', 'class'), spec: { scaleTargetRef: WEB } });

/** A server with one autoscaler. */
const cluster = {
  resource: async (apiVersion: string, kind: string) =>
    apiVersion === 'autoscaling/v1' ? { apiVersion, kind, plural: 'horizontalpodautoscalers', namespaced: true, verbs: [] } : undefined,
  list: async (_: unknown, { project }: { project: (object: unknown) => unknown }) => ({ items: [project(SCALER)], resourceVersion: '1' }),
  watch: async (_: unknown, __: unknown, ___: unknown, signal: AbortSignal) => {
    return (async function* () {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      yield undefined;
    })();
  },
} as unknown as Cluster;

describe('createScalers', () => {
  it('knows who scales an object once it follows, though it was asked before', async () => {
    const scalers = createScalers({ cluster, clock: fakeClock(), changed: () => undefined });
    expect(scalers.of(WEB)).toBeUndefined();
    await scalers.follow('a');
    expect(scalers.of(WEB)).toBe('HorizontalPodAutoscaler busy');
    expect(scalers.of({ ...WEB, name: 'other' })).toBeUndefined();
    scalers.close();
  });
});
