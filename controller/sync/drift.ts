import { ANNOTATION } from '../../constructs/labels.ts';
import type { Manifest } from '../../synth/manifest.ts';
import type { Clock, ManagedFields } from '../ports.ts';
import { fieldPaths } from './fields/field-paths.ts';
import { valueAt } from './fields/fields.ts';

/** Somebody who owns fields of an object of ours: the first of them, to tell what drifted. */
export interface Taker {
  readonly manager: string;
  readonly fields: readonly string[];
}

const MOST_TAKERS = 3;
const MOST_FIELDS = 10;

/** Managers other than `us`, who changed something last first. What controllers write into the status is nobody's drift. */
export function takersIn(managed: readonly ManagedFields[], us: string): readonly Taker[] {
  const others = managed.filter(({ manager, subresource }) => manager !== us && subresource !== 'status');
  others.sort((a, b) => (b.time ?? '').localeCompare(a.time ?? ''));
  return others
    .slice(0, MOST_TAKERS)
    .map(({ manager, fieldsV1 = {} }) => ({ manager, fields: fieldPaths(fieldsV1).slice(0, MOST_FIELDS) }));
}

/** Who drifted it: the first that has fields which we want, with those; else whoever was there last. */
export function takerOf(manifest: Manifest, takers: readonly Taker[]): Taker {
  const wanted = takers.map(({ manager, fields }) => ({
    manager,
    fields: fields.filter((field) => valueAt(manifest, field) !== undefined),
  }));
  return wanted.find(({ fields }) => fields.length > 0) ?? { manager: takers[0]?.manager ?? 'somebody', fields: [] };
}

/** `kubectl-edit changed .spec.replicas` */
export function printDrift(manifest: Manifest, takers: readonly Taker[]): string {
  const { manager, fields } = takerOf(manifest, takers);
  return `${manager} changed ${fields.length === 0 ? 'fields of ours' : fields.join(', ')}`;
}

/** Whether the document asks that drift is only shown. */
export function isReportOnly({ annotations }: Manifest['metadata']): boolean {
  return annotations?.[ANNOTATION.drift] === 'report';
}

/** How often objects were put back, so that nobody is fought for ever. Lost with the process. */
export interface Repairs {
  /** The object was put back now. */
  note(key: string): void;
  /** Until when it is left as it is, whatever others do to it; undefined when it may be put back. */
  heldUntilMs(key: string): number | undefined;
}

const WINDOW_MS = 60_000;
const MOST_IN_WINDOW = 5;
/** Without a repair for so long, the fight is over. */
const PEACE_MS = 2 * WINDOW_MS;

interface Fight {
  /** Of the last repairs, oldest first. */
  readonly timesMs: readonly number[];
  /** There were too many at once: one a minute from then on. */
  readonly slow: boolean;
}

export function createRepairs(clock: Clock): Repairs {
  const fights = new Map<string, Fight>();
  const current = (key: string, nowMs: number): Fight | undefined => {
    const fight = fights.get(key);
    return fight !== undefined && nowMs - (fight.timesMs.at(-1) ?? 0) < PEACE_MS ? fight : undefined;
  };
  return {
    note(key) {
      const nowMs = clock.now();
      for (const one of fights.keys()) if (current(one, nowMs) === undefined) fights.delete(one);
      const { timesMs = [], slow = false } = current(key, nowMs) ?? {};
      const recent = [...timesMs.filter((timeMs) => nowMs - timeMs < WINDOW_MS), nowMs];
      fights.set(key, { timesMs: recent, slow: slow || recent.length >= MOST_IN_WINDOW });
    },
    heldUntilMs(key) {
      const nowMs = clock.now();
      const fight = current(key, nowMs);
      const untilMs = fight?.slow ? (fight.timesMs.at(-1) ?? 0) + WINDOW_MS : 0;
      return untilMs > nowMs ? untilMs : undefined;
    },
  };
}
