import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { Dock } from './dock.ts';
import { exposureProblem, hostPortProblem, taskUrl } from './exposure.ts';
import { cannotMake, parseProps, type ReadonlyDeep } from './props.ts';
import type { QosTemplate } from './qos-template.ts';
import { taskId } from './spec/names.ts';
import { type TaskInput, type TaskSpec, taskSpec } from './spec/task.ts';
import { taskObjects } from './task-objects.ts';
import { taskProblems } from './task-problems.ts';

type Input = ReadonlyDeep<TaskInput>;

export interface TaskProps {
  /**
   * Name of its objects.
   * @default - the construct's id
   */
  readonly name?: string;
  /** What runs in each replica, side by side. */
  readonly containers: Input['containers'];
  /**
   * `compss`: replicas are workers of a COMPSs master, which keep their names; a StatefulSet.
   * @default 'default' - a Deployment
   */
  readonly type?: Input['type'];
  /**
   * How many run. A QoS template may change it in the document; in code it is what you say.
   * @default 1
   */
  readonly replicas?: Input['replicas'];
  /**
   * The templates that it is bound to, or their names.
   * @default - none
   */
  readonly qos?: readonly (QosTemplate | string)[];
  /**
   * Pod security level that its pods pass. `privileged` sets nothing: the container runtime's defaults.
   * @default 'restricted'
   */
  readonly security?: Input['security'];
  /**
   * Names of Secrets of the dock, for private registries.
   * @default - none
   */
  readonly imagePullSecrets?: Input['imagePullSecrets'];
  /**
   * Labels of the nodes that it may run on.
   * @default - any node
   */
  readonly nodeSelector?: Input['nodeSelector'];
  /**
   * Taints that it bears.
   * @default - none
   */
  readonly tolerations?: Input['tolerations'];
  /**
   * How long a change may take until its pods are ready, e.g. `30m`.
   * @default '10m'
   */
  readonly healthTimeout?: Input['healthTimeout'];
  /**
   * Annotations of all its objects, e.g. `rotterdam.dev/after`.
   * @default - none
   */
  readonly annotations?: Readonly<Record<string, string>>;
}

const schema = taskSpec.omit({ infrastructure: true, infrastructures: true, rollout: true, dock: true });

/**
 * A long-running application: a Deployment, or for COMPSs a StatefulSet; a ServiceAccount; a Service when it has ports, and what leads to
 * it from outside as its infrastructure says. `ApiObject.of(task)` is the workload.
 */
export class Task extends Construct {
  /** Name of its objects. */
  readonly name: string;
  /** Its name as COMPSs writes it in metrics, with `_` for `-`. */
  readonly id: string;
  readonly spec: TaskSpec;
  readonly dock: Dock;
  /** Under which it is reached, as far as it can be told before it runs: see {@link taskUrl}. */
  readonly url: string | undefined;

  /** @param scope a Dock, or something in one */
  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    const { name = id, qos = [], annotations = {}, ...input } = props;
    const what = `task '${name}'`;
    this.name = name;
    this.id = taskId(name);
    this.dock = Dock.of(this);
    this.spec = parseProps(schema, what, { ...input, qos: qos.map((bound) => (typeof bound === 'string' ? bound : bound.name)) });
    const { environment, infrastructure } = this.dock.chart;
    const problems = [
      ...taskProblems(name, this.spec).map(({ message }) => message),
      ...[exposureProblem(this, infrastructure.spec), hostPortProblem(this.dock.spec.labels, infrastructure.spec)].filter(
        (problem) => problem !== undefined,
      ),
    ];
    if (problems.length > 0) throw cannotMake(what, problems);
    this.url = taskUrl(this, infrastructure.spec);
    const place = { annotations, environment, infrastructure: infrastructure.spec, dock: this.dock.name };
    for (const [child, object] of Object.entries(taskObjects(name, this.spec, place))) new ApiObject(this, child, object);
  }
}
