const STRINGS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g;
/** Label matchers, windows, and the lists of labels after words. */
const ASIDES = /\{[^}]*\}|\[[^\]]*\]|\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/gi;
const WORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan', 'atan2', 'group_left', 'group_right']);

/** The metric names in a PromQL expression, each once: words that are no function, keyword or label. For suggestions only, so it reads no grammar. */
export function metricsInQuery(query: string): readonly string[] {
  const bare = query.replace(STRINGS, '""').replace(ASIDES, ' ');
  const words = [...bare.matchAll(/(?<![a-zA-Z0-9_:.$])[a-zA-Z_:][a-zA-Z0-9_:]*(?![a-zA-Z0-9_:]|\s*\()/g)].map(([word]) => word);
  return [...new Set(words.filter((word) => !WORDS.has(word.toLowerCase())))];
}
