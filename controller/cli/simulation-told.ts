import picocolors from 'picocolors';
import { printConstraint } from '../../constructs/spec/constraint.ts';
import { formatDuration } from '../../constructs/spec/units.ts';
import type { QosTemplate } from '../../synth/environment.ts';
import { chartOf } from '../simulation/chart.ts';
import type { Point, Simulated } from '../simulation/simulate.ts';
import { type Sums, sumsOf } from '../simulation/sums.ts';
import { table } from './table.ts';

export interface Told {
  readonly template: QosTemplate;
  readonly stepMs: number;
  readonly simulated: Simulated;
}

const GAP = '   ';
const NARROWEST = 40;
const MOST_DECISIONS = 40;

/** Sums, charts and decisions of one template, or of two beside each other. */
export function printSimulation(told: readonly Told[], columns: number): string {
  const [first] = told;
  if (first === undefined) return '';
  const width = Math.max(NARROWEST, Math.min(120, Math.floor((columns - GAP.length * (told.length - 1)) / told.length)));
  const { fromMs, toMs } = first.simulated;
  const charts = told.map(({ simulated }) => chartOf(simulated, width));
  const titles = told.map(({ template }) => picocolors.bold(titleOf(template).slice(0, width).padEnd(width)));
  const lines = Array.from({ length: Math.max(...charts.map(({ length }) => length)) }, (_, at) =>
    charts
      .map((chart) => chart[at] ?? ' '.repeat(width))
      .join(GAP)
      .trimEnd(),
  );
  const sections = [
    `${iso(fromMs)} to ${iso(toMs)}, judged every ${formatDuration(first.stepMs)}`,
    [titles.join(GAP).trimEnd(), ...lines].join('\n'),
    sumTable(told),
    ...told.map((one) => decisionTable(one, told.length > 1)),
    'What was recorded is replayed as it is: it does not change with the replicas that are simulated.',
  ];
  return `${sections.join('\n\n')}\n`;
}

/** `DeadlinesMissed_1: deadlines_missed < 1` */
function titleOf({ name, guarantees }: QosTemplate): string {
  return `${name}: ${guarantees.map(({ constraint }) => printConstraint(constraint)).join(', ')}`;
}

const ROWS: readonly (readonly [string, (sums: Sums, durationMs: number) => string])[] = [
  ['decisions', ({ scaledOut, scaledIn }) => `${scaledOut} out, ${scaledIn} in`],
  ['violated', ({ violatedMs }, durationMs) => share(violatedMs, durationMs)],
  ['unknown', ({ unknownMs }, durationMs) => share(unknownMs, durationMs)],
  ['replica hours', ({ replicaHours }) => replicaHours.toFixed(2)],
  ['replicas', ({ replicas: { least, most, end } }) => `${least} to ${most}, ${end} at the end`],
];

function sumTable(told: readonly Told[]): string {
  const sums = told.map(({ simulated }) => [sumsOf(simulated), simulated.toMs - simulated.fromMs] as const);
  return table(
    ['', ...told.map(({ template }) => template.name)],
    ROWS.map(([what, say]) => [what, ...sums.map(([one, durationMs]) => say(one, durationMs))]),
  );
}

function share(ofMs: number, durationMs: number): string {
  return `${formatDuration(ofMs)}, ${((100 * ofMs) / durationMs).toFixed(1)} %`;
}

function decisionTable({ template, simulated: { decisions } }: Told, several: boolean): string {
  const by = several ? ` by ${template.name}` : '';
  if (decisions.length === 0) return `No decisions${by}`;
  const rows = decisions
    .slice(0, MOST_DECISIONS)
    .map(({ atMs, from, to, reason, limitedBy }) => [
      iso(atMs),
      `${from} → ${to}`,
      limitedBy === undefined ? reason : `${reason}; limited by ${limitedBy}`,
    ]);
  const rest = decisions.length - rows.length;
  return `${table([`DECIDED${by}`, 'REPLICAS', 'REASON'], rows)}${rest > 0 ? `\n${rest} more: --json tells all` : ''}`;
}

/** For programs: everything, with times as RFC 3339 and durations in seconds. */
export function jsonOf({ template, stepMs, simulated }: Told): object {
  const { violatedMs, unknownMs, ...sums } = sumsOf(simulated);
  return {
    qos: template.name,
    from: iso(simulated.fromMs),
    to: iso(simulated.toMs),
    stepSeconds: stepMs / 1000,
    violatedSeconds: violatedMs / 1000,
    unknownSeconds: unknownMs / 1000,
    ...sums,
    decisions: simulated.decisions.map(({ atMs, ...decision }) => ({ at: iso(atMs), ...decision })),
    points: simulated.points.map(pointJson),
  };
}

function pointJson({ atMs, replicas, verdicts, decision }: Point): object {
  return {
    at: iso(atMs),
    replicas,
    guarantees: verdicts.map(({ guarantee, verdict }) => ({ guarantee, ...shown(verdict) })),
    decision,
  };
}

function shown(verdict: Point['verdicts'][number]['verdict']): object {
  if (verdict.state === 'unknown') return verdict;
  const { state, value, limit, evidenceAtMs } = verdict;
  return { state, value, limit, evidenceAt: iso(evidenceAtMs) };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
