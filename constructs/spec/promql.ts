/** What may stand in a PromQL string between double quotes. */
export function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The string of a matcher `=~` that takes these values and no other. */
export function anyOf(values: readonly string[]): string {
  return `"${escaped(values.map((value) => value.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|'))}"`;
}
