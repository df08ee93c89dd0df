/** What may stand in a PromQL string between double quotes. */
export function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** The string of a matcher `=~` that takes these values and no other. */
export function anyOf(values: readonly string[]): string {
  return `"${escaped(values.map((value) => value.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('|'))}"`;
}

/** `$task`, `$dock` and `$infrastructure` (or `${task}`…) in a query of a guarantee; values are escaped for a PromQL string. */
export function queryOf(
  { id, dock, infrastructure }: { readonly id: string; readonly dock: string; readonly infrastructure: string },
  query: string,
): string {
  const values = { task: id, dock, infrastructure };
  return query.replace(/\$(?:\{(task|dock|infrastructure)\}|(task|dock|infrastructure)(?![a-zA-Z0-9]))/g, (_, braced, bare) =>
    escaped(values[(braced ?? bare) as keyof typeof values]),
  );
}
