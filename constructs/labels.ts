/** Labels and annotations that we put on objects, or read from them. */
export const LABEL = {
  name: 'app.kubernetes.io/name',
  instance: 'app.kubernetes.io/instance',
  partOf: 'app.kubernetes.io/part-of',
  managedBy: 'app.kubernetes.io/managed-by',
  environment: 'rotterdam.dev/environment',
  /** The task's name; also what Services and workloads select pods by. */
  task: 'rotterdam.dev/task',
  /** KEP-3659: marks a member of an ApplySet. Put on by the controller, never by synth. */
  applySetMember: 'applyset.kubernetes.io/part-of',
} as const;

export const ANNOTATION = {
  /** On raw manifests: the infrastructures that get them, separated by commas; all when absent. */
  infrastructures: 'rotterdam.dev/infrastructures',
  /** On workloads: the QoS templates that the task is bound to, separated by commas. */
  qos: 'rotterdam.dev/qos',
  prune: 'rotterdam.dev/prune',
  /** `allowed`: an object whose change is of a field that cannot change is deleted and made anew. */
  recreate: 'rotterdam.dev/recreate',
  /** The tasks that must be ready before a change of the object is applied, separated by commas. */
  after: 'rotterdam.dev/after',
  /** How long the object may take to become ready: `30m`. */
  healthTimeout: 'rotterdam.dev/health-timeout',
  /** `report`: what others change is shown, and left as it is. */
  drift: 'rotterdam.dev/drift',
} as const;

/** `a, b` → a, b */
export function namesIn(annotation: string | undefined): readonly string[] {
  return (annotation ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

export const MANAGED_BY = 'rotterdam-sync';
