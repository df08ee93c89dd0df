import { recordAt } from './json.ts';
import type { Kind } from './kinds.ts';
import type { Draft } from './object.ts';

const DEPRECATED: Readonly<Record<string, string>> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
};

/** What the real server warns of in a pod template, as far as people run into it: node labels that are deprecated. */
export function warningsOf(kind: Kind, draft: Draft): readonly string[] {
  if (kind.custom) return [];
  const labels = Object.keys(recordAt(draft, 'spec', 'template', 'spec', 'nodeSelector'));
  return labels.filter((label) => label in DEPRECATED).map((label) => `spec.template.spec.nodeSelector[${label}]: ${DEPRECATED[label]}`);
}
