import picocolors from 'picocolors';

export type Fields = Readonly<Record<string, unknown>>;

/** How the demo is told: lines for people, or one JSON event per line. */
export interface Story {
  tell(event: string, fields: Fields): void;
  /** `git show` of a decision's commit. */
  commit(text: string): void;
  summary(result: {
    readonly replicas: readonly number[];
    readonly decisions: number;
    readonly reactionMs: readonly number[];
    readonly commits: readonly string[];
  }): void;
}

export function createStory(json: boolean): Story {
  const start = performance.now();
  const seconds = () => Number(((performance.now() - start) / 1000).toFixed(2));
  if (json) {
    const print = (event: string, fields: Fields) => process.stdout.write(`${JSON.stringify({ event, seconds: seconds(), ...fields })}\n`);
    return {
      tell: print,
      commit: (text) => print('show', { text }),
      summary: (result) => process.stdout.write(`${JSON.stringify({ event: 'summary', ...result, seconds: seconds() })}\n`),
    };
  }
  const line = (text: string) => process.stdout.write(`${picocolors.dim(`${seconds().toFixed(2).padStart(5)} s`)}  ${text}\n`);
  return {
    tell: (event, fields) => {
      const text = SENTENCES[event]?.(fields);
      if (text !== undefined) line(text);
    },
    commit: (text) => process.stdout.write(`${text.trim().split('\n').map(paint).join('\n')}\n`),
    summary: ({ replicas, reactionMs }) =>
      line(picocolors.bold(`Replicas ${replicas.join(' → ')}; missed deadline to patched cluster in ${reactionMs.join(' and ')} ms.`)),
  };
}

const SENTENCES: Readonly<Record<string, (fields: Fields) => string | undefined>> = {
  documents: ({ files }) => `Documents committed: ${(files as string[]).join(', ')}`,
  revision: ({ revision }) => `In force: revision ${String(revision).slice(0, 10)}`,
  plan: ({ infrastructure, text }) => `Plan for ${infrastructure}:\n${indent(String(text))}`,
  synced: ({ infrastructure, applied, durationMs }) =>
    `Applied ${applied} change${applied === 1 ? '' : 's'} to ${infrastructure} in ${Math.round(Number(durationMs))} ms`,
  ready: ({ task, replicas }) => picocolors.green(`${replicas} workers of ${task} are ready`),
  push: ({ what, metric, value }) => picocolors.cyan(`${what}: ${metric} ${value}`),
  verdict: ({ agreement, state, value, limit, reason }) =>
    `Verdict on ${agreement}: ${state === 'violated' ? picocolors.red('violated') : state}${value === undefined ? '' : ` (new ${value}, limit ${limit})`}${reason ? `; ${reason}` : ''}`,
  decision: ({ task, from, to, reason }) => picocolors.bold(`Decision: ${task} ${from} → ${to}, ${reason}`),
  commit: ({ revision }) => `Committed ${String(revision).slice(0, 10)}:`,
  infrastructure: ({ infrastructure, state, reason }) => (reason ? `${infrastructure} is ${state}: ${reason}` : undefined),
};

function indent(text: string): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => `          ${line}`)
    .join('\n');
}

function paint(text: string): string {
  const color = text.startsWith('+') ? picocolors.green : text.startsWith('-') ? picocolors.red : (plain: string) => plain;
  return `          ${color(text)}`;
}
