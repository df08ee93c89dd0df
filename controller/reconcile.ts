/** Ordered changes from observed to desired. Data: it prints itself, and an empty one means settled. */
export interface Plan<Change> {
  readonly changes: readonly Change[];
}

/** The way of everything here: read the world, plan purely, apply what the plan says. A dry run stops after `plan`. */
export interface Reconciler<Environment, Target, Observed, Change> {
  targets(environment: Environment): readonly Target[];
  /** Reads the world; must not change it. */
  observe(target: Target, signal: AbortSignal): Promise<Observed>;
  /** Pure. Same input, same plan; an empty plan means settled. */
  plan(target: Target, observed: Observed, nowMs: number): Plan<Change>;
  /** Idempotent: applying what already holds is a success. */
  apply(target: Target, change: Change, signal: AbortSignal): Promise<void>;
}
