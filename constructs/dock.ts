import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { ClusterChart } from './cluster-chart.ts';
import { quantities } from './pod.ts';
import { cannotMake, parseProps, type ReadonlyDeep } from './props.ts';
import { type DockInput, type DockSpec, dockSpec } from './spec/dock.ts';
import { isKubernetesName } from './spec/names.ts';
import { environmentLabels } from './task-objects.ts';

type Input = ReadonlyDeep<DockInput>;

export interface DockProps {
  /**
   * Name of its namespace.
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * Labels of its namespace.
   * @default - those of the toolkit only
   */
  readonly labels?: Input['labels'];
  /**
   * Hard limits of a ResourceQuota, e.g. `{ pods: 50, 'limits.cpu': '8' }`.
   * @default - no quota
   */
  readonly quota?: Input['quota'];
}

/** Namespaces that a cluster has by itself: they are never made, and so never pruned. */
const OF_THE_CLUSTER: readonly string[] = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];

/** A workspace for tasks: a Namespace, on OpenShift a project. `default` makes none. */
export class Dock extends Construct {
  readonly name: string;
  readonly spec: Omit<DockSpec, 'infrastructures'>;
  readonly chart: ClusterChart;

  /**
   * The dock that `construct` is in.
   * @throws Error when it is in none
   */
  static of(construct: Construct): Dock {
    const dock = construct.node.scopes.findLast((scope) => scope instanceof Dock);
    if (dock === undefined) throw new Error(`Put '${construct.node.path}' into a Dock: it is in none`);
    return dock;
  }

  /** @param scope a ClusterChart, or something in one */
  constructor(scope: Construct, id: string, props: DockProps = {}) {
    super(scope, id);
    const { name = id, ...input } = props;
    const what = `dock '${name}'`;
    this.name = name;
    this.spec = parseProps(dockSpec.omit({ infrastructures: true }), what, input);
    this.chart = ClusterChart.of(this);
    if (!isKubernetesName(name)) throw cannotMake(what, ['name it with small letters, digits and dashes, a letter first, 63 at most']);
    const labels = environmentLabels(this.chart.environment);
    if (!OF_THE_CLUSTER.includes(name)) {
      new ApiObject(this, 'Resource', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, labels: { ...this.spec.labels, ...labels } },
      });
    }
    if (this.spec.quota !== undefined) {
      const hard = quantities(this.spec.quota);
      new ApiObject(this, 'Quota', {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata: { name, namespace: name, labels },
        spec: { hard },
      });
    }
  }
}
