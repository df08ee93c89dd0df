import type { Source } from '../synth/environment.ts';
import { openConstant } from './adapters/constant.ts';
import { openPrometheus } from './adapters/prometheus/source.ts';
import type { Clock, MetricSource, Secrets } from './ports.ts';

interface Parts {
  /** What was pushed to the controller. */
  readonly embedded: MetricSource;
  readonly secrets: Secrets;
  readonly clock: Clock;
}

type Openers = {
  readonly [T in Source['type']]: (source: Extract<Source, { readonly type: T }>, parts: Parts) => MetricSource;
};

/** A type of source is its schema, its adapter, and its row here. */
const OPENERS: Openers = {
  prometheus: openPrometheus,
  embedded: (_, { embedded }) => embedded,
  constant: openConstant,
};

/** Opens sources as documents declare them; one that was opened before stays the same, however many ask it. */
export function createSources(parts: Parts): (source: Source) => MetricSource {
  const open = new Map<string, MetricSource>();
  return (source) => {
    const key = JSON.stringify(source);
    const known = open.get(key) ?? OPENERS[source.type](source as never, parts);
    open.set(key, known);
    return known;
  };
}
