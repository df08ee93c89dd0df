import { Construct } from 'constructs';
import { Dock } from './dock.ts';
import { parseProps, type ReadonlyDeep } from './props.ts';
import { type FunctionInput, type FunctionSpec, functionSpec } from './spec/function.ts';

type Input = ReadonlyDeep<Omit<FunctionInput, 'infrastructure' | 'dock'>>;

export interface ServerlessFunctionProps extends Input {
  /**
   * Its name.
   * @default - the construct's id
   */
  readonly name?: string;
  /** Language and version, e.g. `python3.11`. */
  readonly runtime: Input['runtime'];
  /** The source code itself. */
  readonly source: Input['source'];
  /**
   * `module.function`
   * @default - the only function of the source
   */
  readonly handler?: Input['handler'];
  /**
   * Seconds that a call may take.
   * @default 180
   */
  readonly timeout?: Input['timeout'];
}

/** A `Function` document: source code that a serverless engine runs. Until an engine is there it makes no object and is `waiting`. */
export class ServerlessFunction extends Construct {
  readonly name: string;
  readonly spec: Omit<FunctionSpec, 'infrastructure' | 'dock'>;
  readonly dock: Dock;

  /** @param scope a Dock, or something in one */
  constructor(scope: Construct, id: string, props: ServerlessFunctionProps) {
    super(scope, id);
    const { name = id, ...input } = props;
    this.name = name;
    this.dock = Dock.of(this);
    this.spec = parseProps(functionSpec.omit({ infrastructure: true, dock: true }), `function '${name}'`, input);
  }
}
