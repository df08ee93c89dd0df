/** Texts and comments: what stands in them is no PromQL. */
const ASIDES = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|#[^\n]*/g;
const UNFINISHED = /(?:[-+*/%^,<>=!~]|\b(?:and|or|unless|by|without|on|ignoring|offset|bool))\s*$/i;
const STRANGE = /\$(?!\{(?:task|dock|infrastructure)\}|(?:task|dock|infrastructure)(?![a-zA-Z0-9]))[{\w]*\}?/;
const CLOSES: Readonly<Record<string, string>> = { ')': '(', '}': '{', ']': '[' };
const UNIT_MS: Readonly<Record<string, number>> = {
  ...{ ms: 1, s: 1_000, m: 60_000, h: 3_600_000 },
  ...{ d: 86_400_000, w: 7 * 86_400_000, y: 365 * 86_400_000 },
};

/** What is wrong with a PromQL expression as far as that is seen without a Prometheus, and where: `at` counts characters from its beginning. */
export function problemIn(query: string): { readonly at: number; readonly message: string } | undefined {
  const bare = bareOf(query);
  const strange = STRANGE.exec(bare);
  if (strange !== null)
    return { at: strange.index, message: `Cannot fill in '${strange[0]}': write $task, $dock or $infrastructure in a query` };
  const unfinished = UNFINISHED.exec(bare);
  if (bare.trim() === '' || unfinished !== null)
    return { at: unfinished?.index ?? 0, message: 'Write a whole PromQL expression: something is missing behind this' };
  const quote = /["'`]/.exec(bare);
  return quote === null ? unpaired(bare) : { at: quote.index, message: `Close this ${quote[0]} in the query` };
}

/** Milliseconds that samples may lie before the time at which a PromQL expression is evaluated, by its ranges and subqueries. */
export function reachOf(query: string): number {
  const reached = [0];
  for (const [text] of bareOf(query).matchAll(/[()]|\[[^\]]*\]/g)) {
    if (text === '(') reached.push(0);
    else {
      const inner = text === ')' && reached.length > 1 ? (reached.pop() ?? 0) : 0;
      const outer = reached.pop() ?? 0;
      const behind = text === ')' ? inner : rangeMs(text) + (text.includes(':') ? outer : 0);
      reached.push(Math.max(outer, behind));
    }
  }
  return Math.max(...reached);
}

/** As long as it was, with nothing but PromQL in it. */
function bareOf(query: string): string {
  return query.replace(ASIDES, (aside) => (aside.startsWith('#') ? ' ' : 'x').repeat(aside.length));
}

function unpaired(bare: string): ReturnType<typeof problemIn> {
  const open: { readonly text: string; readonly at: number }[] = [];
  for (const { 0: text, index: at } of bare.matchAll(/[(){}[\]]/g)) {
    const opens = CLOSES[text];
    if (opens === undefined) open.push({ text, at });
    else if (open.pop()?.text !== opens) return { at, message: `Write a '${opens}' before this '${text}' in the query, or leave it out` };
  }
  const last = open.at(-1);
  return last && { at: last.at, message: `Close this ${last.text} in the query` };
}

/** Of `[1h30m]` or `[1h:15s]`; a number without a unit is seconds. */
function rangeMs(brackets: string): number {
  const [range = ''] = brackets.slice(1, -1).split(':');
  const parts = [...range.matchAll(/(\d+(?:\.\d+)?)([a-z]*)/g)];
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNIT_MS[unit || 's'] ?? 0), 0);
}
