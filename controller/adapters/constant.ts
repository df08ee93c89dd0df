import type { SourceSpec } from '../../constructs/spec/source.ts';
import type { MetricSource, Series } from '../ports.ts';

type Named = Extract<SourceSpec, { readonly type: 'constant' }> & { readonly name: string };

/** As if a Prometheus scraped it every 15 s. */
const SCRAPE_MS = 15_000;

/** A Source of type `constant`: every metric has its value, always, and every query one series of it. */
export function openConstant({ name, value }: Named): MetricSource {
  return {
    name: `${name} (constant)`,
    samples: async (names, fromMs, toMs) => names.map((metric) => standing(metric, metric === 'up' ? 1 : value, fromMs, toMs)),
    instant: async (_, atMs) => [{ name: '', labels: {}, timesMs: [atMs], values: [value] }],
  };
}

function standing(name: string, value: number, fromMs: number, toMs: number): Series {
  const timesMs: number[] = [];
  for (let atMs = toMs; atMs > fromMs; atMs -= SCRAPE_MS) timesMs.unshift(atMs);
  return { name, labels: {}, timesMs, values: timesMs.map(() => value) };
}
