import { measuredBy, parseConstraint } from '../constraint.ts';
import { tokensOf } from './tokens.ts';

/**
 * A constraint's text with other metrics in it; the rest stays as written.
 * @throws ConstraintError when `text` is no constraint.
 */
export function renameMetrics(text: string, renamed: (metric: string) => string): string {
  const metrics = new Set(measuredBy(parseConstraint(text)).map(({ metric }) => metric));
  const tokens = tokensOf(text);
  let written = '';
  let from = 0;
  for (const [index, token] of tokens.entries()) {
    const isMetric = (token.kind === 'name' || token.kind === 'bracket') && metrics.has(token.text) && tokens[index + 1]?.text !== '(';
    if (!isMetric) continue;
    written += text.slice(from, token.at) + renamed(token.text);
    from = token.end;
  }
  return written + text.slice(from);
}
