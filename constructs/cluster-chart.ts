import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { Infrastructure } from './infrastructure.ts';
import { cannotMake } from './props.ts';
import { isKubernetesName } from './spec/names.ts';

export interface ClusterChartProps {
  /** Where everything in the chart runs. */
  readonly infrastructure: Infrastructure;
  /** Name of the environment: the value of the label `rotterdam.dev/environment`. */
  readonly environment: string;
}

/**
 * What one environment has on one infrastructure. Put {@link Dock}s into it, and any other ApiObject.
 *
 * Its objects are listed in the order in which they were made: the controller orders by kind and readiness, so dependencies between
 * constructs are not looked at.
 */
export class ClusterChart extends Chart {
  readonly infrastructure: Infrastructure;
  readonly environment: string;

  /**
   * The chart that `construct` is in.
   * @throws Error when it is in none
   */
  static override of(construct: IConstruct): ClusterChart {
    const chart = construct.node.scopes.findLast((scope) => scope instanceof ClusterChart);
    if (chart === undefined) throw new Error(`Put '${construct.node.path}' into a ClusterChart: it is in none`);
    return chart;
  }

  static override [Symbol.hasInstance](value: unknown): value is ClusterChart {
    return Chart.isChart(value) && 'environment' in (value as object) && 'infrastructure' in (value as object);
  }

  constructor(scope: Construct, id: string, props: ClusterChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    this.infrastructure = props.infrastructure;
    this.environment = props.environment;
    if (!isKubernetesName(this.environment)) {
      throw cannotMake(`chart '${id}'`, [
        `name its environment with small letters, digits and dashes, a letter first: '${this.environment}'`,
      ]);
    }
    this.node.addValidation({ validate: () => repeatedIdentities(this.objects()) });
  }

  /**
   * The manifests. cdk8s resolves and validates the whole App again for every chart, which is quadratic in charts; a ClusterChart looks at
   * nothing but itself.
   */
  override toJson(): ReturnType<Chart['toJson']> {
    const errors = this.node.findAll().flatMap(({ node }) => node.validate().map((error) => `[${node.path}] ${error}`));
    if (errors.length > 0) throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
    return this.objects().map((object) => object.toJson());
  }

  private objects(): readonly ApiObject[] {
    const constructs = this.node.findAll();
    return constructs.filter((construct): construct is ApiObject => ApiObject.isApiObject(construct) && construct.chart === this);
  }
}

function repeatedIdentities(objects: readonly ApiObject[]): string[] {
  const first = new Map<string, ApiObject>();
  return objects.flatMap((object) => {
    const { apiGroup, kind, metadata, name, node } = object;
    const identity = `${apiGroup}/${kind}/${metadata.namespace ?? ''}/${name}`;
    const before = first.get(identity);
    first.set(identity, before ?? object);
    if (before === undefined) return [];
    return [`Make an object once: ${kind} ${metadata.namespace ?? ''}/${name} is made by ${before.node.path} and by ${node.path}`];
  });
}
