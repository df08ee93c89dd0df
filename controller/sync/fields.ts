/**
 * The value without the field that `path` names, in the notation of field manager conflicts:
 * `.spec.template.spec.containers[name="app"].image`, `.metadata.labels.app.kubernetes.io/name`, `.finalizers[="x"]`.
 * Undefined when the value has no such field. Keys are matched against the value, as the notation doesn't escape their dots.
 */
export function withoutField<T>(value: T, path: string): T | undefined {
  return drop(value, path) as T | undefined;
}

function drop(value: unknown, path: string): unknown {
  if (path.startsWith('.') && isFields(value)) return dropKey(value, path.slice(1));
  if (path.startsWith('[') && Array.isArray(value)) return dropItem(value, path);
  return undefined;
}

function dropKey(fields: Readonly<Record<string, unknown>>, path: string): unknown {
  for (const key of Object.keys(fields)) {
    if (!path.startsWith(key)) continue;
    const rest = path.slice(key.length);
    if (rest === '') return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== key));
    const inner = drop(fields[key], rest);
    if (inner !== undefined) return { ...fields, [key]: inner };
  }
  return undefined;
}

function dropItem(items: readonly unknown[], path: string): unknown {
  const selector = /^\[((?:[^"\]]|"(?:[^"\\]|\\.)*")*)\]/.exec(path);
  if (selector === null) return undefined;
  const fit = items.map((item, index) => fitOf(item, index, selector[1] ?? ''));
  const best = Math.max(...fit);
  if (!(best > 0)) return undefined;
  const at = fit.indexOf(best);
  const rest = path.slice(selector[0].length);
  if (rest === '') return items.filter((_, index) => index !== at);
  const inner = drop(items[at], rest);
  return inner === undefined ? undefined : items.with(at, inner);
}

/**
 * How well an item fits `0`, `="x"`, or `containerPort=80,protocol="TCP"`: 0 for not at all, else the number of keys that
 * are equal, as an item may leave some to their defaults.
 */
function fitOf(item: unknown, index: number, selector: string): number {
  if (/^\d+$/.test(selector)) return Number(index === Number(selector));
  if (selector.startsWith('=')) return Number(JSON.stringify(item) === selector.slice(1));
  if (!isFields(item)) return 0;
  const pairs = [...selector.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].map(([, key = '', text]) => ({ value: item[key], text }));
  const given = pairs.filter(({ value }) => value !== undefined);
  return given.every(({ value, text }) => JSON.stringify(value) === text) ? given.length : 0;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
