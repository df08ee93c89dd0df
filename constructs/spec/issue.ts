/** Something wrong in a document, at a place that an editor can jump to. Lines and columns count from 1. */
export interface Issue {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  /** Stable, kebab-case: what a script filters by, e.g. `unknown-infrastructure`. */
  readonly code: string;
  readonly message: string;
}

/** `environments/city/tasks/redis.yaml:7:13 Cannot place task 'redis' as …` */
export function printIssue(issue: Issue): string {
  return `${issue.file}:${issue.line}:${issue.column} ${issue.severity === 'warning' ? 'warning: ' : ''}${issue.message}`;
}

/** Order of a report: by file, then place, errors before warnings at one place. */
export function compareIssues(a: Issue, b: Issue): number {
  return (
    compareText(a.file, b.file) ||
    a.line - b.line ||
    a.column - b.column ||
    compareText(a.severity, b.severity) ||
    compareText(a.message, b.message)
  );
}

/** By code unit, so that no locale changes an order that ends up in a file. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
