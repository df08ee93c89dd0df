import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../../../controller/errors.ts';
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

  it('follows no kind that the server serves no more, until another revision looks for it', async () => {
    const clock = fakeClock();
    const asked: string[] = [];
    const served = { ScaledObject: true };
    const changing = {
      ...cluster,
      resource: async (apiVersion: string, kind: string) =>
        kind === 'ScaledObject' && !served.ScaledObject ? undefined : { apiVersion, kind, plural: kind, namespaced: true, verbs: [] },
      list: async ({ kind }: { kind: string }) => {
        asked.push(kind);
        if (kind === 'ScaledObject' && !served.ScaledObject) throw new ApiError('not found', { status: 404, reason: 'NotFound' });
        return { items: [], resourceVersion: '1' };
      },
      versionOf: async () => '1',
      watch: async ({ kind }: { kind: string }, _: unknown, __: unknown, signal: AbortSignal) => {
        return (async function* () {
          yield await new Promise((_, reject) => {
            if (kind === 'ScaledObject') end = () => reject(new ApiError('expired', { status: 410, reason: 'Expired' }));
            signal.addEventListener('abort', () => reject(signal.reason));
          });
        })();
      },
    } as unknown as Cluster;
    let end = () => {};
    let looks = 0;
    const scalers = createScalers({ cluster: changing, clock, changed: () => void looks++ });
    await scalers.follow('a');
    served.ScaledObject = false;
    end();
    await clock.advance(1000);
    expect(looks).toBeGreaterThan(0);
    await scalers.follow('a');
    const before = asked.length;
    await clock.advance(120_000);
    expect(asked.length).toBe(before);
    served.ScaledObject = true;
    await scalers.follow('b');
    expect(asked.slice(before)).toEqual(['ScaledObject']);
    scalers.close();
  });
});
