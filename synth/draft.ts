import type { AgreementSpec } from '../constructs/spec/agreement.ts';
import type { Constraint } from '../constructs/spec/constraint.ts';
import type { DefaultsSpec } from '../constructs/spec/defaults.ts';
import type { DockSpec } from '../constructs/spec/dock.ts';
import type { FunctionSpec } from '../constructs/spec/function.ts';
import type { InfrastructureSpec } from '../constructs/spec/infrastructure.ts';
import type { MetricSpec } from '../constructs/spec/metric.ts';
import type { GuaranteeSpec, QosTemplateSpec } from '../constructs/spec/qos-template.ts';
import type { SourceSpec } from '../constructs/spec/source.ts';
import type { TaskSpec } from '../constructs/spec/task.ts';
import type { AgreementTemplate, Party, RotterdamFields } from './environment.ts';
import type { Manifest } from './manifest.ts';
import type { Path, Place, Span } from './parse.ts';

/** Where a document stands within its file. */
export interface Spot extends Place {
  readonly index: number;
}

interface Named {
  /** As written. */
  readonly name: string;
  readonly namePlace: Place;
  readonly spot: Spot;
  /** False for Rotterdam's own JSON. */
  readonly native: boolean;
}

export type Annotations = Readonly<Record<string, string>>;

/** Where names of other documents stand. */
interface Placed {
  readonly places: { readonly infrastructure: Place; readonly dock: Place };
}

export interface InfrastructureDraft extends Named {
  readonly kind: 'Infrastructure';
  readonly spec: InfrastructureSpec;
  readonly rotterdam?: RotterdamFields;
  readonly places: { readonly default: Place; readonly defaultDock: Place; readonly sources?: readonly Place[] };
}

/** Rotterdam's `{type, apiPort}`: the infrastructure that the file is named for is to get MicroK8s. */
export interface ClusterRequestDraft {
  readonly kind: 'ClusterRequest';
  readonly spot: Spot;
}

export interface DockDraft extends Named {
  readonly kind: 'Dock';
  readonly spec: DockSpec;
  readonly places: { readonly infrastructures: readonly Place[] };
}

/** An inline guarantee may leave its comparator and limit to the Defaults. */
export interface GuaranteeDraft extends Omit<GuaranteeSpec, 'constraint'> {
  readonly constraint: Pick<Constraint, 'metric'> & Partial<Constraint>;
}

export interface TemplateDraft extends Named {
  readonly kind: 'QosTemplate';
  readonly spec: Omit<QosTemplateSpec, 'guarantees'> & { readonly guarantees: readonly GuaranteeDraft[] };
  /** Why it is never acted on, whatever its factor. */
  readonly inert?: string | undefined;
  readonly places: { readonly scaleFactor: Place; readonly maxReplicas: Place; readonly guarantees?: readonly Place[] };
}

export interface SourceDraft extends Named {
  readonly kind: 'Source';
  readonly spec: SourceSpec;
}

export interface MetricDraft extends Named {
  readonly kind: 'Metric';
  readonly spec: MetricSpec;
}

/** What a task says about one template: its name, maybe with limits of the task's own, or all of it. */
export interface QosReference {
  readonly name: string;
  readonly place: Place;
  readonly own?: TemplateDraft;
  readonly changes?: Partial<Pick<QosTemplateSpec, 'action' | 'scaleFactor' | 'maxAllowed' | 'minReplicas' | 'maxReplicas'>>;
}

export interface TaskDraft extends Named, Placed {
  readonly kind: 'Task';
  readonly spec: TaskSpec;
  readonly qos: readonly QosReference[];
  readonly annotations: Annotations;
  /** Where its replicas are written, if anywhere of their own. */
  readonly replicasAt?: Span | undefined;
  readonly places: Placed['places'] & { readonly infrastructures: readonly Place[]; readonly after: Place };
}

export interface AgreementDraft extends Named {
  readonly kind: 'Agreement';
  readonly spec: Pick<AgreementSpec, 'task' | 'state' | 'expiration' | 'importance'>;
  /** The template that it names, or terms of its own. */
  readonly terms: QosReference;
  /** What only SLALite's agreements say: a name for people, and who agreed. */
  readonly parties?: { readonly title: string; readonly provider: Party; readonly client: Party };
  readonly places: { readonly task: Place };
}

export interface AgreementTemplateDraft extends Named {
  readonly kind: 'AgreementTemplate';
  /** For people. */
  readonly title: string;
  readonly document: AgreementTemplate['document'];
}

export interface FunctionDraft extends Named, Placed {
  readonly kind: 'Function';
  readonly spec: FunctionSpec;
}

export interface DefaultsDraft {
  readonly kind: 'Defaults';
  readonly spec: DefaultsSpec;
  readonly spot: Spot;
  readonly places: { readonly infrastructure: Place; readonly dock: Place; readonly adaptation: Place };
}

export interface ManifestDraft {
  readonly kind: 'Manifest';
  readonly manifest: Manifest;
  /** Undefined: all. */
  readonly infrastructures: readonly string[] | undefined;
  readonly spot: Spot;
  readonly places: { readonly infrastructures: Place; readonly after: Place };
}

/** A document on its own: valid in itself, its references not yet looked up. */
export type Draft =
  | InfrastructureDraft
  | ClusterRequestDraft
  | DockDraft
  | TemplateDraft
  | SourceDraft
  | MetricDraft
  | TaskDraft
  | AgreementDraft
  | AgreementTemplateDraft
  | FunctionDraft
  | DefaultsDraft
  | ManifestDraft;

/** Finds the place of a field of a spec, wherever the document's own format has it. */
export type Locate = (path: Path) => Place;
