import { recordAt } from './json.ts';

const PATH = /^\/apis\/authorization\.k8s\.io\/v1\/selfsubject(access|rules)reviews$/;

/** Whether, and what, one may do: who has the token may do everything. Undefined for another path. */
export function reviewed(path: string, sent: unknown): Readonly<Record<string, unknown>> | undefined {
  const [, what] = PATH.exec(path) ?? [];
  if (what === undefined) return undefined;
  const all = ['*'];
  const status =
    what === 'access'
      ? { allowed: true }
      : {
          resourceRules: [{ verbs: all, apiGroups: all, resources: all }],
          nonResourceRules: [{ verbs: all, nonResourceURLs: all }],
          incomplete: false,
        };
  const kind = what === 'access' ? 'SelfSubjectAccessReview' : 'SelfSubjectRulesReview';
  return { kind, apiVersion: 'authorization.k8s.io/v1', metadata: {}, spec: recordAt(sent, 'spec'), status };
}
