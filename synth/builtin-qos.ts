import type { QosAction } from '../constructs/spec/action.ts';
import { parseConstraint } from '../constructs/spec/constraint.ts';
import type { GuaranteeSpec, QosTemplateSpec } from '../constructs/spec/qos-template.ts';
import type { TemplateDraft } from './draft.ts';

type Row = readonly [
  name: string,
  type: QosTemplateSpec['type'],
  maxAllowed: number,
  action: QosAction,
  scaleFactor: number,
  guarantees: Readonly<Record<string, string>>,
  kind?: GuaranteeSpec['kind'],
];

/** The templates that the original shipped, in its release 1.10.7. A document of the same name takes a template's place. */
const ROWS: readonly Row[] = [
  // A factor of 1 changes nothing: judged, never acted on, as in the original.
  ['Infr_Mem_2GB', 'infr', 1, 'scale_out', 1, { node_memory_MemAvailable_bytes: 'node_memory_MemAvailable_bytes > 2048000000' }],
  ['bar_metric', 'infr', 3, 'scale_out', 1.5, { bar_metric: 'bar_metric > 1' }],
  ['Default_COMPSs', 'app-compss', 0, 'scale_out', 1.5, { deadlines_missed: 'deadlines_missed < 1' }],
  ['DeadlinesMissed_1', 'app-compss', 0, 'scale_out', 1.5, { deadlines_missed: 'deadlines_missed < 1' }],
  [
    'DeadlinesMissed_2',
    'app-compss',
    0,
    'scale_out',
    1.5,
    { deadlines_missed_1: 'deadlines_missed < 5', deadlines_missed_2: 'deadlines_missed < 2' },
  ],
  // Corrected: the original's `deadlines_missed > 1` wrote down when to act, so it scaled out while all was well. The metric only ever
  // grows, so it is judged as a counter: as a gauge, one old miss would be acted on for ever.
  ['ManyDeadlines', 'infr', 2, 'scale_out', 1.5, { deadlines_missed: 'deadlines_missed <= 1' }, 'counter'],
  ['KubeletTooManyPods', 'infr', 2, 'scale_in', 0.5, { kubelet_running_pod_count: 'kubelet_running_pod_count < 50' }],
  ['KubeletPodsLessThan100', 'infr', 2, 'scale_in', 0.5, { kubelet_running_pod_count: 'kubelet_running_pod_count < 100' }],
  ['KubeletTooFewPods', 'infr', 2, 'scale_out', 1.5, { kubelet_running_pod_count: 'kubelet_running_pod_count > 50' }],
  ['Test_Prometheus_01', 'infr', 3, 'scale_out', 1.5, { go_memstats_frees_total: 'go_memstats_frees_total < 100000' }, 'counter'],
];

const NOWHERE = { line: 1, column: 1 };
const WINDOW_MS = 5 * 60_000;

export const BUILTIN_QOS: ReadonlyMap<string, TemplateDraft> = new Map(ROWS.map((row) => [row[0], templateOf(row)]));

function templateOf([name, type, maxAllowed, action, scaleFactor, guarantees, kind]: Row): TemplateDraft {
  const judged = Object.entries(guarantees).map(([guarantee, constraint]) => ({
    name: guarantee,
    constraint: parseConstraint(constraint),
    aggregate: 'sum' as const,
    kind,
  }));
  return {
    kind: 'QosTemplate',
    name,
    namePlace: NOWHERE,
    native: false,
    spot: { ...NOWHERE, index: 0 },
    spec: { type, maxAllowed, window: WINDOW_MS, action, scaleFactor, guarantees: judged },
    places: { scaleFactor: NOWHERE, maxReplicas: NOWHERE },
  };
}
