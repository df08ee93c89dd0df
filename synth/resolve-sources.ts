import { leavesOf } from '../constructs/spec/constraint/expression.ts';
import type { MetricDraft, SourceDraft, TemplateDraft } from './draft.ts';
import type { Environment, Infrastructure, Metric, Source } from './environment.ts';
import type { Place } from './parse.ts';
import { byName, type Located, type Report } from './report.ts';
import { suggestion } from './suggest.ts';

/** Where measures may come from: by the names that documents of `sla/` give them. */
export interface Measures {
  readonly sources: ReadonlyMap<string, Source>;
  readonly metrics: ReadonlyMap<string, Metric>;
}

/** The declared sources and metrics, each reported on once. */
export function resolveMeasures(
  sources: readonly Located<SourceDraft>[],
  metrics: readonly Located<MetricDraft>[],
  report: Report,
): Measures {
  const same = (name: string) => name;
  return {
    sources: new Map([...byName(sources, 'source', same, report)].map(([name, { draft }]) => [name, { ...draft.spec, name }])),
    metrics: new Map([...byName(metrics, 'metric', same, report)].map(([name, { draft }]) => [name, { ...draft.spec, name }])),
  };
}

/** Reports a Source that nobody declares. */
export function checkSource(
  name: string,
  what: string,
  at: { readonly file: string; readonly place: Place },
  sources: Measures['sources'],
  report: Report,
): void {
  if (sources.has(name) || report.isBroken('sla', name)) return;
  const message = `Cannot ask source '${name}' for ${what}${suggestion(name, [...sources.keys()], 'declared are')}`;
  report.error(at.file, at.place, 'unknown-source', message);
}

/** Reports guarantees of a template that say where or how they are measured, and can't be. */
export function checkMeasures({ file, draft }: Located<TemplateDraft>, { sources, metrics }: Measures, report: Report): void {
  for (const [at, { name, query, by, source, constraint, onUnknown, fallback }] of draft.spec.guarantees.entries()) {
    const place = draft.places.guarantees?.[at] ?? draft.namePlace;
    const what = `guarantee '${name}' of QoS '${draft.name}'`;
    if (source !== undefined) checkSource(source, what, { file, place }, sources, report);
    if (by !== undefined && query === undefined) report.error(file, place, 'bad-query', `Give ${what} a query, or leave out by`);
    if (query !== undefined && source !== undefined && sources.get(source)?.type === 'embedded')
      report.error(file, place, 'bad-query', `Cannot ask the embedded source '${source}' for ${what}, as it knows no PromQL`);
    if ((onUnknown === 'fallback') !== (fallback !== undefined))
      report.error(file, place, 'bad-fallback', `Give ${what} both 'onUnknown: fallback' and what it falls back to, or neither`);
    const leaves = constraint.expression === undefined ? [] : leavesOf(constraint.expression.condition);
    const queried = query === undefined ? leaves.find(({ metric }) => metrics.has(metric))?.metric : 'its query';
    const isOne = leaves.every(({ text, metric }) => text === metric && text === leaves[0]?.text);
    if (queried !== undefined && !isOne)
      report.error(
        file,
        place,
        'bad-query',
        `Compare the one value of ${queried} alone in ${what}: it asks for ${leaves.map(({ text }) => text).join(', ')}`,
      );
  }
}

/** What a guarantee is asked of, in this order: the source it names, or those of its task's infrastructure. */
export function sourcesFor({ infrastructures, sources }: Environment, infrastructure: string, source?: string): readonly Source[] {
  const own = source === undefined ? undefined : sources.get(source);
  if (source !== undefined) return own === undefined ? [] : [own];
  const there = infrastructures.get(infrastructure);
  return there === undefined ? [] : sourcesOf(there, sources);
}

/**
 * What an infrastructure's metrics are asked of, in this order: what was pushed to the controller, its Prometheus, the Sources it names.
 * A later one is asked only for what an earlier one has no series of.
 */
function sourcesOf({ pushgateway, prometheus, sources = [] }: Infrastructure, declared: Measures['sources']): readonly Source[] {
  return [
    ...(pushgateway?.url === 'embedded' ? [{ name: '', type: 'embedded' } as const] : []),
    ...(prometheus === undefined ? [] : [{ name: '', type: 'prometheus', url: prometheus.url, timeout: 10_000 } as const]),
    ...sources.flatMap((name) => declared.get(name) ?? []),
  ];
}
