/** The name among `known` that a typing error would explain: at most two edits away, or the same but for letter case. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = name.length <= 3 ? 2 : 3;
  for (const candidate of known) {
    const distance = candidate.toLowerCase() === name.toLowerCase() ? 0 : editDistance(name, candidate, bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** At most `most` of `known` that are nearest to one of `names`, the nearest first: no more than a third of the letters away. */
export function nearestOf(names: readonly string[], known: Iterable<string>, most: number): readonly string[] {
  const near = [...new Set(known)].flatMap((candidate) => {
    const distances = names.map((name) => {
      const limit = Math.floor(name.length / 3) + 1;
      const distance = editDistance(name, candidate, limit);
      return distance < limit ? distance : Number.POSITIVE_INFINITY;
    });
    const distance = Math.min(...distances);
    return Number.isFinite(distance) ? [{ candidate, distance }] : [];
  });
  return near
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** `: did you mean 'replicas'?`, or what is known when nothing is near. */
export function suggestion(name: string, known: readonly string[], what: string): string {
  const near = nearest(name, known);
  if (near !== undefined) return `: did you mean '${near}'?`;
  if (known.length === 0) return `: no ${what}`;
  const shown = known.slice(0, 12);
  return `: ${what} ${shown.join(', ')}${known.length > shown.length ? ` and ${known.length - shown.length} more` : ''}`;
}

/** Levenshtein's distance, or `limit` when it is no smaller. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    if (current.every((distance) => distance >= limit)) return limit;
    previous = current;
  }
  return Math.min(previous[b.length] ?? limit, limit);
}
