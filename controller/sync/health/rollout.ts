import { ANNOTATION } from '../../../constructs/labels.ts';
import { parseDuration } from '../../../constructs/spec/units.ts';
import type { LiveObject } from '../../ports.ts';
import { fieldsOf } from './facts.ts';

/** What tells how long to be patient with an object, and where its pods are. */
export interface Rollout {
  /** Another one is another change. */
  readonly generation: number | undefined;
  /** How long it may take to become ready. */
  readonly timeoutMs: number;
  /** The labels of its pods; undefined of what has none, and of what picks them by expressions. */
  readonly pods?: Readonly<Record<string, string>>;
}

const DEFAULT_TIMEOUT_MS = 10 * 60_000;

export function rolloutOf(object: LiveObject): Rollout {
  const { generation, annotations } = object.metadata;
  const pods = podLabels(object);
  const known = { generation: generation as number | undefined, timeoutMs: timeoutOf(annotations?.[ANNOTATION.healthTimeout]) };
  return pods === undefined ? known : { ...known, pods };
}

function timeoutOf(annotation: string | undefined): number {
  try {
    return annotation === undefined ? DEFAULT_TIMEOUT_MS : parseDuration(annotation);
  } catch {
    return DEFAULT_TIMEOUT_MS;
  }
}

/** Of what has a pod template; DeploymentConfigs and ReplicationControllers name labels alone. */
function podLabels({ spec }: LiveObject): Readonly<Record<string, string>> | undefined {
  const { selector, template } = fieldsOf(spec);
  if (template === undefined || selector === undefined) return undefined;
  const { matchLabels, matchExpressions, ...bare } = fieldsOf(selector);
  if (Array.isArray(matchExpressions) && matchExpressions.length > 0) return undefined;
  const labels = fieldsOf(matchLabels ?? bare) as Readonly<Record<string, string>>;
  return Object.keys(labels).length === 0 ? undefined : labels;
}
