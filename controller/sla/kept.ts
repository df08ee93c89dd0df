/** Which guarantee something is kept of, as labels. */
export interface Concerned {
  /** The task's id. */
  readonly task: string;
  readonly agreement: string;
  readonly guarantee: string;
}

/** `/metrics/job/<job>/task/…`: the group of what is kept of one guarantee. */
export function groupPathOf(job: string, { task, agreement, guarantee }: Concerned): string {
  const labels = Object.entries({ job, task, agreement, guarantee });
  return `/metrics/${labels.flatMap(([label, value]) => [label, encodeURIComponent(value)]).join('/')}`;
}

export function concerns(labels: Readonly<Record<string, string>>): Concerned {
  const { task = '', agreement = '', guarantee = '' } = labels;
  return { task, agreement, guarantee };
}
