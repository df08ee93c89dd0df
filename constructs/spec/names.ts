/** Room for what Kubernetes appends to a workload's name: `-<ordinal>` of pods, the hash of a controller revision. */
export const MAX_TASK_NAME = 52;
export const MAX_LABEL = 63;

const DNS_LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** Whether Kubernetes takes `name` for every object that we make of it (RFC 1035 label, `max` characters). */
export function isKubernetesName(name: string, max = MAX_LABEL): boolean {
  return name.length <= max && DNS_LABEL.test(name);
}

/** The original's names had `_` and capitals: `Microk8s_1` becomes `microk8s-1`. The result may still be refused by {@link isKubernetesName}. */
export function kubernetesName(original: string): string {
  // Not all that is one letter in lower case was one of ASCII: the Kelvin sign becomes a k.
  return original.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()).replaceAll('_', '-');
}

/**
 * What comes nearest to `original` among the names that Kubernetes takes, at most `max` characters: `Straße 1` becomes `strasse-1`, `1web` becomes
 * `n-1web`. What {@link kubernetesName} can map is mapped so, and a name stays as it is. Empty when no letter or digit is in it.
 */
export function nearestName(original: string, max = MAX_LABEL): string {
  const mapped = kubernetesName(original);
  if (isKubernetesName(mapped, max)) return mapped;
  // In upper case and back ß is ss, and a dotless i is one with a dot; NFKD parts letters from their accents.
  const folded = original.normalize('NFKD').replaceAll(/\p{M}/gu, '').toUpperCase().toLowerCase();
  const plain = folded.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '');
  const begun = /^\d/.test(plain) ? `n-${plain}` : plain;
  return begun.slice(0, max).replace(/-+$/, '');
}

/** A task's id, `compss-workflow` → `compss_workflow`: COMPSs builds metric names from it. */
export function taskId(name: string): string {
  return name.replaceAll('-', '_');
}

/** Both forms of a task's id, as labels of metrics and paths of REST calls may carry either. */
export function taskIdForms(id: string): readonly string[] {
  const forms = [taskId(id), id.replaceAll('_', '-')];
  return [...new Set(forms)];
}

/** The id of the agreement that binds a task to a template. Letters, digits and `_` only: it stands in paths of REST calls and in labels of metrics. */
export function agreementId(task: string, template: string): string {
  return [taskId(task), agreementKey(template)].join('_');
}

/** Agreements whose ids have one key are one: `compss-workflow_Deadlines.1` and `compss_workflow_Deadlines_1`. */
export function agreementKey(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9_]/g, '_');
}
