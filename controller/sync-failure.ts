import { printRef } from '../synth/manifest.ts';
import { Failure } from './errors.ts';
import { printConflict, printLeft, printWaiting, printWarnings, type SyncReport } from './sync/engine.ts';
import { inDocuments, type Wanted } from './wanted.ts';

/** The cluster answered, but not everything could be applied. */
export class SyncFailure extends Failure {}

/** What is not as the documents say although nothing failed: fields that others hold, warnings, objects that don't get ready. */
export function whyNotWhole({ plan, conflicts, warnings, waiting, health }: SyncReport): string | undefined {
  const reasons = [
    ...conflicts.map(printConflict),
    ...warnings.flatMap(printWarnings),
    ...printLeft(plan),
    ...printWaiting(waiting),
    ...health.filter(({ state }) => state === 'failed').map(({ ref, reason }) => `${printRef(ref)}: ${reason}`),
  ];
  return reasons.length === 0 ? undefined : reasons.join('\n');
}

export function failureOf(wanted: Wanted, report: SyncReport): SyncFailure {
  const sentences = report.failed.map((one) => inDocuments(wanted.placeOf, one));
  const errors = report.failed.map(({ error }) => error);
  const outcome = (['transient', 'waiting'] as const).find((each) => errors.some((error) => error.outcome === each)) ?? 'terminal';
  const said = errors.flatMap((error) => (error.outcome === outcome ? (error.afterMs ?? []) : []));
  // A server that asks for time gets all of it; what we wait for is looked at as soon as any of it may be there.
  const afterMs = outcome === 'transient' ? Math.max(...said) : Math.min(...said);
  return new SyncFailure(outcome, sentences.join('\n'), said.length === 0 ? {} : { afterMs });
}
