import type { SourceSpec } from '../../constructs/spec/source.ts';
import type { MetricSource, Sample } from '../ports.ts';

type Named = Extract<SourceSpec, { readonly type: 'constant' }> & { readonly name: string };

/** As if a Prometheus scraped it every 15 s. */
const SCRAPE_MS = 15_000;

/** A Source of type `constant`: every metric has its value, always, and every query one series of it. */
export function openConstant({ name, value }: Named): MetricSource {
  return {
    name: `${name} (constant)`,
    samples: async (names, fromMs, toMs) =>
      names.map((metric) => ({ name: metric, labels: {}, samples: samplesOf(metric === 'up' ? 1 : value, fromMs, toMs) })),
    instant: async (_, atMs) => [{ name: '', labels: {}, samples: [{ atMs, value }] }],
  };
}

function samplesOf(value: number, fromMs: number, toMs: number): readonly Sample[] {
  const samples: Sample[] = [];
  for (let atMs = toMs; atMs > fromMs; atMs -= SCRAPE_MS) samples.unshift({ atMs, value });
  return samples;
}
