import type { Issue } from '../constructs/spec/issue.ts';

/** Warnings that only tell what was chosen: nothing in a document need change for them. */
const INFORMATION = new Set(['baseline-security', 'qos-shadowed']);

/** What `validate --strict` makes of an issue: a warning of which a document could be rid is an error. */
export function strictly(issue: Issue): Issue {
  return issue.severity === 'warning' && !INFORMATION.has(issue.code) ? { ...issue, severity: 'error' } : issue;
}
