import { LABEL, MANAGED_BY } from '../../../constructs/labels.ts';
import { type Manifest, type ObjectRef, printRef } from '../../../synth/manifest.ts';
import { sentence } from '../../errors.ts';
import type { Revision } from '../../ports.ts';
import type { SyncReport } from '../engine.ts';
import { hashOf } from '../hash.ts';
import { parentRef } from '../inventory/applyset.ts';
import type { SyncChange } from '../plan.ts';
import { printConflict } from '../show/print.ts';

/** What one sync is told as. */
export interface EventContext {
  readonly environment: string;
  readonly infrastructure: string;
  readonly syncId: string;
  readonly revision: Revision;
  /** Of the commit. */
  readonly subject: string;
  readonly nowMs: number;
}

/** More of one sync are summed up in one: a first apply of thousands of objects must not be followed by as many events. */
const MOST_EVENTS = 50;
const MAX_MESSAGE = 1_024;
const MAX_NAME = 200;

interface News {
  readonly ref: ObjectRef;
  readonly uid: string | undefined;
  readonly reason: string;
  readonly type: 'Normal' | 'Warning';
  readonly message: string;
}

const REASONS: Readonly<Record<SyncChange['op'], string | undefined>> = {
  create: 'Created',
  update: 'Applied',
  delete: 'Deleted',
  keep: undefined,
  leave: undefined,
};

/**
 * The Kubernetes Events of what a sync changed, or couldn't: at most one for each object, revision and reason, as the name tells. What goes wrong
 * comes first; what is too much is summed up on the inventory. Pure.
 */
export function eventsOf(
  report: Pick<SyncReport, 'applied' | 'failed' | 'conflicts' | 'uidOf'>,
  context: EventContext,
): readonly Manifest[] {
  const news = newsOf(report, context);
  const rest = news.length - MOST_EVENTS;
  const told = rest > 0 ? [...news.slice(0, MOST_EVENTS), summary(news, rest, context)] : news;
  return told.map((one) => eventOf(one, context));
}

function newsOf({ applied, failed, conflicts, uidOf }: Parameters<typeof eventsOf>[0], context: EventContext): readonly News[] {
  const by = `revision ${context.revision.slice(0, 10)} "${context.subject}"`;
  const about = (ref: ObjectRef) => ({ ref, uid: uidOf(ref) });
  const changed = new Set(applied.map(({ ref }) => printRef(ref)));
  return [
    ...failed.map(({ ref, error }) => ({
      ...about(ref),
      reason: 'Failed',
      type: 'Warning' as const,
      message: `${sentence(error)} (${by})`,
    })),
    ...conflicts
      .filter(({ ref }) => changed.has(printRef(ref)))
      .map((one) => ({ ...about(one.ref), reason: 'Conflict', type: 'Warning' as const, message: `${printConflict(one)} (${by})` })),
    ...applied.flatMap(({ ref, op, reason: why }) => {
      const reason = REASONS[op];
      return reason === undefined ? [] : [{ ...about(ref), reason, type: 'Normal' as const, message: `${reason} by ${by}: ${why}` }];
    }),
  ];
}

function summary(news: readonly News[], rest: number, context: EventContext): News {
  const message = `${news.length} events of revision ${context.revision.slice(0, 10)} "${context.subject}", of which ${rest} are not told one by one`;
  return { ref: parentRef(context), uid: undefined, reason: 'Applied', type: 'Normal', message };
}

function eventOf({ ref, uid, reason, type, message }: News, { environment, revision, nowMs }: EventContext): Manifest {
  const { apiVersion, kind, name } = ref;
  const namespace = ref.namespace === undefined ? {} : { namespace: ref.namespace };
  const at = new Date(nowMs).toISOString().replace(/\.\d+/, '');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: `${name
        .toLowerCase()
        .replaceAll(/[^a-z0-9.-]/g, '-')
        .slice(0, MAX_NAME)}.${hashOf([ref, uid, revision, reason])}`,
      namespace: ref.namespace ?? 'default',
      labels: { [LABEL.managedBy]: MANAGED_BY, [LABEL.environment]: environment },
    },
    involvedObject: { apiVersion, kind, ...namespace, name, ...(uid === undefined ? {} : { uid }) },
    reason,
    message: message.slice(0, MAX_MESSAGE),
    type,
    source: { component: MANAGED_BY },
    reportingComponent: MANAGED_BY,
    reportingInstance: '',
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}
