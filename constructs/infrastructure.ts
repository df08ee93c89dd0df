import { Construct } from 'constructs';
import { cannotMake, parseProps, type ReadonlyDeep } from './props.ts';
import { type InfrastructureInput, type InfrastructureSpec, infrastructureSpec } from './spec/infrastructure.ts';
import { isKubernetesName } from './spec/names.ts';

type Input = ReadonlyDeep<InfrastructureInput>;

export interface InfrastructureProps extends Input {
  /**
   * Its name.
   * @default - the construct's id
   */
  readonly name?: string;
  /** What runs there. `openshift` gives tasks with ports a Route. */
  readonly type: Input['type'];
  /**
   * How ports of tasks are reached from outside. `externalIP` and `gateway` need `address`, `ingress` needs `domain` or a host at the port.
   * @default 'clusterIP'
   */
  readonly expose?: Input['expose'];
  /**
   * Address under which tasks are reached.
   * @default - none
   */
  readonly address?: Input['address'];
  /**
   * Host names of tasks end in it: `<task>.<domain>`.
   * @default - OpenShift's router chooses host names; elsewhere there are none but those that ports ask for
   */
  readonly domain?: Input['domain'];
}

/** A container orchestrator: what runs there and how its tasks are reached. Makes no object; give it to a {@link ClusterChart}. */
export class Infrastructure extends Construct {
  readonly name: string;
  /** With every default filled in. */
  readonly spec: InfrastructureSpec;

  constructor(scope: Construct, id: string, props: InfrastructureProps) {
    super(scope, id);
    const { name = id, ...input } = props;
    const what = `infrastructure '${name}'`;
    this.name = name;
    this.spec = parseProps(infrastructureSpec, what, input);
    const problems = infrastructureProblems(name, this.spec);
    if (problems.length > 0) throw cannotMake(what, problems);
  }
}

const NEED_ADDRESS: readonly string[] = ['externalIP', 'gateway'];

function infrastructureProblems(name: string, { expose, address }: InfrastructureSpec): readonly string[] {
  return [
    ...(isKubernetesName(name) ? [] : ['name it with small letters, digits and dashes, a letter first, 63 characters at most']),
    ...(NEED_ADDRESS.includes(expose) && address === undefined ? [`expose: ${expose} needs an address: set address`] : []),
  ];
}
