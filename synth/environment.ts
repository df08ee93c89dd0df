import type { QosAction } from '../constructs/spec/action.ts';
import type { AgreementState } from '../constructs/spec/agreement.ts';
import type { Constraint } from '../constructs/spec/constraint.ts';
import type { DefaultsSpec } from '../constructs/spec/defaults.ts';
import type { DockSpec } from '../constructs/spec/dock.ts';
import type { FunctionSpec } from '../constructs/spec/function.ts';
import type { InfrastructureSpec } from '../constructs/spec/infrastructure.ts';
import type { Issue } from '../constructs/spec/issue.ts';
import type { MetricSpec } from '../constructs/spec/metric.ts';
import type { GuaranteeSpec, QosTemplateSpec } from '../constructs/spec/qos-template.ts';
import type { SourceSpec } from '../constructs/spec/source.ts';
import type { TaskSpec } from '../constructs/spec/task.ts';
import type { Manifest } from './manifest.ts';
import type { EndPoint, SecretField } from './original/secrets.ts';
import type { Json } from './placeholders.ts';

/** Where a document stands: enough to point at it and to edit it. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Position among the documents (or array elements) of its file, from 0. */
  readonly index: number;
}

export interface Infrastructure extends InfrastructureSpec {
  /** A Kubernetes name; `original` is what the document said. */
  readonly name: string;
  readonly original: string;
  /** Undefined for a document of ours. */
  readonly rotterdam?: RotterdamFields;
  readonly origin: Origin;
}

/** What a document in Rotterdam's JSON says of an infrastructure beside its spec. */
export interface RotterdamFields {
  /** Without names and passwords in them. */
  readonly endPoints: Readonly<Partial<Record<EndPoint, string>>>;
  /** Names of the secrets that it refers to; empty where a text stands in the document, which is not used. */
  readonly secrets: Readonly<Partial<Record<SecretField, string>>>;
}

export interface Dock extends DockSpec {
  readonly name: string;
  /** False when no document declares it: tasks name it, so it is made. */
  readonly declared: boolean;
  readonly origin: Origin;
}

export type Source = SourceSpec & { readonly name: string };

export interface Metric extends MetricSpec {
  readonly name: string;
}

/** Where its constraint names a Metric, `query` and `by` are that one's. */
export interface Guarantee extends Omit<GuaranteeSpec, 'constraint' | 'kind'> {
  readonly constraint: Constraint;
  readonly kind: 'counter' | 'gauge';
}

/** A template with the environment's Defaults filled in. */
export interface QosTemplate extends Omit<QosTemplateSpec, 'guarantees'> {
  readonly name: string;
  readonly maxAllowed: number;
  /** Milliseconds. */
  readonly cooldown: number;
  readonly action: QosAction;
  readonly scaleFactor: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly guarantees: readonly Guarantee[];
  /** Why it is judged but never acted on; only from Rotterdam's own JSON. */
  readonly inert?: string;
}

/** A template that any task may be bound to; a built-in one stands in no document. */
export interface DeclaredTemplate extends QosTemplate {
  readonly origin?: Origin;
}

/** A task with its place resolved: every name in it is known to be declared. */
export interface Task {
  /** `compss_workflow`; unique in the environment. */
  readonly id: string;
  /** `compss-workflow`: the name of its objects. */
  readonly name: string;
  /** What its document says where that is spelled otherwise: `Compss_Workflow`. */
  readonly original?: string;
  /** The first of `infrastructures`: whoever looks after it decides about the task. */
  readonly infrastructure: string;
  /** Where it runs, in the order of its rollout; one or more. */
  readonly infrastructures: readonly string[];
  readonly dock: string;
  readonly spec: TaskSpec;
  /** Of its document; all its objects carry them. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly qos: readonly QosTemplate[];
  readonly origin: Origin;
}

export interface Party {
  readonly id: string;
  readonly name: string;
}

/** An agreement that has a document of its own. */
export interface DeclaredAgreement {
  readonly id: string;
  /** For people, where the document says one. */
  readonly title?: string;
  /** Name of a declared task. */
  readonly task: string;
  /** True when the task's own document binds it to the template: this one says the rest. */
  readonly generated: boolean;
  /** What is promised. Terms of its own have its id for a name. */
  readonly template: QosTemplate;
  readonly state: AgreementState;
  /** Milliseconds since 1970. */
  readonly expiresAtMs?: number;
  readonly importance?: number;
  readonly provider?: Party;
  readonly client?: Party;
  readonly origin: Origin;
}

/** What agreements are made of, when somebody asks for one. */
export interface AgreementTemplate {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** An agreement's document, ours or SLALite's, in which texts hold placeholders. Its name is given to it when it is made. */
  readonly document: { readonly [key: string]: Json };
  readonly origin: Origin;
}

export interface ServerlessFunction {
  readonly id: string;
  readonly name: string;
  /** As a task's. */
  readonly original?: string;
  readonly infrastructure: string;
  readonly dock: string;
  readonly spec: FunctionSpec;
  readonly origin: Origin;
}

/** A Kubernetes object from `manifests/`, applied as it is. */
export interface RawManifest {
  readonly manifest: Manifest;
  readonly infrastructures: readonly string[];
  readonly origin: Origin;
}

/** All documents of one revision, parsed, cross-checked, read-only. */
export interface Environment {
  readonly name: string;
  readonly defaults: DefaultsSpec;
  readonly infrastructures: ReadonlyMap<string, Infrastructure>;
  readonly docks: ReadonlyMap<string, Dock>;
  /** By name: declared ones, and the built-in ones whose place no document takes. */
  readonly templates: ReadonlyMap<string, DeclaredTemplate>;
  /** By name. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** By id: those that have documents of their own. Each task's other ones follow from its templates. */
  readonly agreements: ReadonlyMap<string, DeclaredAgreement>;
  /** By name. */
  readonly agreementTemplates: ReadonlyMap<string, AgreementTemplate>;
  readonly functions: ReadonlyMap<string, ServerlessFunction>;
  readonly manifests: readonly RawManifest[];
  readonly sources: ReadonlyMap<string, Source>;
  /** Of the documents of this environment, sorted. With an error among them the environment must not be applied. */
  readonly issues: readonly Issue[];
}
