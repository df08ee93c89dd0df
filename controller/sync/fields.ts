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
  const at = items.findIndex((item, index) => isSelected(item, index, selector[1] ?? ''));
  if (at === -1) return undefined;
  const rest = path.slice(selector[0].length);
  if (rest === '') return items.filter((_, index) => index !== at);
  const inner = drop(items[at], rest);
  return inner === undefined ? undefined : items.with(at, inner);
}

/** `0`, `="x"`, or `containerPort=80,protocol="TCP"`, whose keys the item may leave to their defaults, but for one. */
function isSelected(item: unknown, index: number, selector: string): boolean {
  if (/^\d+$/.test(selector)) return index === Number(selector);
  if (selector.startsWith('=')) return JSON.stringify(item) === selector.slice(1);
  if (!isFields(item)) return false;
  const pairs = [...selector.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  const fits = ([, key = '', text]: RegExpMatchArray) => item[key] === undefined || JSON.stringify(item[key]) === text;
  return pairs.every(fits) && pairs.some(([, key = '']) => item[key] !== undefined);
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
