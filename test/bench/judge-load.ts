/** What a process of its own says when it has judged. */
export interface Judged {
  readonly judgeMs: readonly number[];
  /** Prometheus alone: one query that returns the same samples of the same series, read and thrown away. */
  readonly floorMs: readonly number[];
  /** Processor time of the judging process. */
  readonly cpuMs: readonly number[];
  readonly firstMs: number;
  readonly queries: number;
  readonly states: Readonly<Record<string, number>>;
  readonly peakBytes: number;
}

export const GROUPS = 20;
export const SCRAPE_MS = 15_000;
export const metricOf = (at: number) => `measure_${at % GROUPS}`;
export const taskOf = (at: number) => `task-${at}`;
export const isCounter = (at: number) => (at % GROUPS) % 2 === 0;
