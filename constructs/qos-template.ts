import { Construct } from 'constructs';
import { cannotMake, parseProps, type ReadonlyDeep } from './props.ts';
import { inertFactor, type QosTemplateInput, type QosTemplateSpec, qosTemplateSpec } from './spec/qos-template.ts';

type Input = ReadonlyDeep<QosTemplateInput>;

export interface QosTemplateProps extends Input {
  /**
   * Its name, as tasks are bound to it and as a document of the environment may override it.
   * @default - the construct's id
   */
  readonly name?: string;
  /** `app-compss` and `app` judge a task's own metrics, `infr` those of its infrastructure. */
  readonly type: Input['type'];
  /** What is promised: conditions that must hold. */
  readonly guarantees: Input['guarantees'];
  /**
   * Violations within the window that are let pass.
   * @default - the environment's, 2
   */
  readonly maxAllowed?: Input['maxAllowed'];
  /**
   * Violations are counted inside it.
   * @default '5m'
   */
  readonly window?: Input['window'];
  /**
   * Time after an action has settled before gauges are judged again.
   * @default - '0s' for counters, '60s' for gauges
   */
  readonly cooldown?: Input['cooldown'];
  /**
   * What is done about a violation.
   * @default - the environment's, 'scale_out'
   */
  readonly action?: Input['action'];
  /**
   * Replicas are multiplied by it: above 1 for `scale_out`, between 0 and 1 for `scale_in`.
   * @default - the environment's, 1.25
   */
  readonly scaleFactor?: Input['scaleFactor'];
  /**
   * @default - the environment's, 1
   */
  readonly minReplicas?: Input['minReplicas'];
  /**
   * @default - the environment's, 30
   */
  readonly maxReplicas?: Input['maxReplicas'];
  /**
   * Where there is not room for all, the more important is served first.
   * @default 1
   */
  readonly importance?: Input['importance'];
  /**
   * How much of the time it is to be kept, `{ target: '99.9%', window: '30d' }`.
   * @default - no error budget, no burn-rate alerts
   */
  readonly objective?: Input['objective'];
}

/** A promise that tasks are bound to. Makes no object: the annotation `rotterdam.dev/qos` of a bound task's workload names it. */
export class QosTemplate extends Construct {
  readonly name: string;
  /** `window` and `cooldown` are milliseconds. */
  readonly spec: QosTemplateSpec;

  constructor(scope: Construct, id: string, props: QosTemplateProps) {
    super(scope, id);
    const { name = id, ...input } = props;
    const what = `QoS template '${name}'`;
    this.name = name;
    this.spec = parseProps(qosTemplateSpec, what, input);
    const { action, scaleFactor } = this.spec;
    const inert = action && scaleFactor && inertFactor(action, scaleFactor);
    if (inert) throw cannotMake(what, [inert]);
  }
}
