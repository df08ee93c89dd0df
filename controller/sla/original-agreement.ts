import type { AgreementState } from '../../constructs/spec/agreement.ts';
import { renameMetrics } from '../../constructs/spec/constraint/rename.ts';
import { printConstraint } from '../../constructs/spec/constraint.ts';
import type { Penalty } from '../../constructs/spec/qos-template.ts';
import type { Guarantee, Party } from '../../synth/environment.ts';
import type { Agreement } from './agreement.ts';
import type { Life } from './life.ts';

/** An agreement as SLALite's REST API gives it. Times are RFC 3339. */
export interface OriginalAgreement {
  readonly id: string;
  readonly name: string;
  readonly state: AgreementState;
  readonly details: {
    readonly id: string;
    readonly type: 'agreement';
    readonly name: string;
    readonly provider: Party;
    readonly client: Party;
    /** Absent where the history doesn't know it. */
    readonly creation?: string;
    readonly expiration?: string;
    readonly guarantees: readonly { readonly name: string; readonly constraint: string; readonly penalties?: readonly Penalty[] }[];
  };
}

/** Valid as a document of `environments/<environment>/sla/`, where it says of the agreement what it is. Pure. */
export function originalAgreement(agreement: Agreement, { state, created, expiresAtMs }: Life): OriginalAgreement {
  const { id, name, provider, client, guarantees } = agreement;
  return {
    id,
    name,
    state,
    details: {
      id,
      type: 'agreement',
      name,
      provider,
      client,
      ...(created === undefined ? {} : { creation: moment(created.atMs) }),
      ...(expiresAtMs === undefined ? {} : { expiration: moment(expiresAtMs) }),
      guarantees: guarantees.map((guarantee) => originalGuarantee(agreement, guarantee)),
    },
  };
}

/** A COMPSs workflow's own metrics end in its id. */
function originalGuarantee({ task, template }: Agreement, { name, constraint, penalties }: Guarantee) {
  const suffix = template.type === 'app-compss' ? `_${task.id}` : '';
  const text = renameMetrics(printConstraint(constraint), (metric) => `${metric}${suffix}`);
  return { name, constraint: text, ...(penalties === undefined ? {} : { penalties }) };
}

/** Whole seconds, as Go writes them. */
function moment(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}
