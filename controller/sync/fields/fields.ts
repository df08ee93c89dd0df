/**
 * The value without the field that `path` names, in the notation of field manager conflicts:
 * `.spec.template.spec.containers[name="app"].image`, `.metadata.labels.app.kubernetes.io/name`, `.finalizers[="x"]`.
 * Undefined when the value has no such field. Keys are matched against the value, as the notation doesn't escape their dots.
 */
export function withoutField<T>(value: T, path: string): T | undefined {
  const steps = locate(value, path);
  return steps === undefined ? undefined : (drop(value, steps) as T);
}

/** The value of the field that `path` names in the same notation; undefined when there is none. */
export function valueAt(value: unknown, path: string): unknown {
  const steps = locate(value, path);
  return steps?.reduce<unknown>((inner, step) => (inner as Readonly<Record<string, unknown>>)[step], value);
}

type Step = string | number;

function locate(value: unknown, path: string): readonly Step[] | undefined {
  if (path === '') return [];
  if (path.startsWith('.') && isFields(value)) return locateKey(value, path.slice(1));
  if (path.startsWith('[') && Array.isArray(value)) return locateItem(value, path);
  return undefined;
}

function locateKey(fields: Readonly<Record<string, unknown>>, path: string): readonly Step[] | undefined {
  for (const key of Object.keys(fields)) {
    const inner = path.startsWith(key) ? locate(fields[key], path.slice(key.length)) : undefined;
    if (inner !== undefined) return [key, ...inner];
  }
  return undefined;
}

function locateItem(items: readonly unknown[], path: string): readonly Step[] | undefined {
  const selector = /^\[((?:[^"\]]|"(?:[^"\\]|\\.)*")*)\]/.exec(path);
  if (selector === null) return undefined;
  const fit = items.map((item, index) => fitOf(item, index, selector[1] ?? ''));
  const best = Math.max(...fit);
  if (!(best > 0)) return undefined;
  const at = fit.indexOf(best);
  const inner = locate(items[at], path.slice(selector[0].length));
  return inner === undefined ? undefined : [at, ...inner];
}

function drop(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (Array.isArray(value))
    return rest.length === 0 ? value.filter((_, index) => index !== step) : value.with(Number(step), drop(value[Number(step)], rest));
  const fields = value as Readonly<Record<string, unknown>>;
  if (rest.length === 0) return Object.fromEntries(Object.entries(fields).filter(([name]) => name !== step));
  return { ...fields, [String(step)]: drop(fields[String(step)], rest) };
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
