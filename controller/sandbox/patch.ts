import { equal, isRecord, type Json } from './json.ts';
import { childShape, PLAIN, type Shape } from './shapes.ts';
import { badRequest, StatusError } from './status.ts';

/** RFC 7386. */
export function mergePatch(value: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(value) ? { ...value } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete result[key];
    else result[key] = mergePatch(result[key], change);
  }
  return result;
}

/**
 * Kubernetes' strategic merge patch: as a merge patch, but lists with keys are merged item by item (`$patch: delete`
 * removes one, `$patch: replace` all others). `$setElementOrder` and `$retainKeys` are read over.
 */
export function strategicMergePatch(value: unknown, patch: unknown, shape: Shape): unknown {
  if (Array.isArray(patch)) return strategicList(Array.isArray(value) ? value : [], patch, shape);
  if (!isRecord(patch)) return patch;
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  const result: Record<string, unknown> = isRecord(value) ? { ...value } : {};
  for (const [key, change] of Object.entries(patch)) {
    const list = /^\$deleteFromPrimitiveList\/(.*)$/.exec(key)?.[1];
    if (list !== undefined) result[list] = without(result[list], change);
    else if (key.startsWith('$')) continue;
    else if (change === null) delete result[key];
    else result[key] = strategicMergePatch(result[key], change, childShape(shape, key));
  }
  return result;
}

/** RFC 6902. Throws 422 when an operation can't be done. */
export function jsonPatch(value: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  return patch.reduce((current, operation) => applyOperation(current, operation), value);
}

function strategicList(items: readonly unknown[], patch: readonly unknown[], shape: Shape): readonly unknown[] {
  if (shape.set) return [...items, ...patch.filter((item) => !items.some((other) => equal(item, other)))];
  if (shape.keys === undefined) return patch;
  if (patch.some((item) => isRecord(item) && item.$patch === 'replace' && Object.keys(item).length === 1)) {
    return patch.filter((item) => !isRecord(item) || item.$patch !== 'replace');
  }
  // What names an item in a patch is the first key alone: ports by number, whatever the protocol.
  const [key = ''] = shape.keys;
  const result = [...items];
  for (const change of patch) {
    if (!isRecord(change)) continue;
    const index = result.findIndex((item) => isRecord(item) && equal(item[key], change[key]));
    if (change.$patch === 'delete') result.splice(index, index === -1 ? 0 : 1);
    else if (index === -1) result.push(withoutDirectives(change));
    else result[index] = strategicMergePatch(result[index], change, shape.item ?? PLAIN);
  }
  return result;
}

function without(value: unknown, items: unknown): unknown {
  if (!Array.isArray(value) || !Array.isArray(items)) return value;
  return value.filter((item) => !items.some((other) => equal(item, other)));
}

function withoutDirectives(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([key, item]) => !key.startsWith('$') && item !== null));
}

function applyOperation(value: unknown, operation: unknown): unknown {
  if (!isRecord(operation)) throw badRequest('json: cannot unmarshal into Go value of type jsonpatch.Operation');
  const path = pointer(operation.path);
  const from = (): unknown => read(value, pointer(operation.from));
  switch (operation.op) {
    case 'add':
      return edit(value, path, operation.value, true);
    case 'replace':
      read(value, path);
      return edit(value, path, operation.value, false);
    case 'remove':
      read(value, path);
      return edit(value, path, undefined, false);
    case 'copy':
      return edit(value, path, from(), true);
    case 'move':
      return edit(edit(value, pointer(operation.from), undefined, false), path, from(), true);
    case 'test':
      if (!equal(read(value, path), operation.value)) throw failed();
      return value;
    default:
      throw failed();
  }
}

function pointer(path: unknown): readonly string[] {
  const [, ...parts] = String(path).split('/');
  return parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function read(value: unknown, path: readonly string[]): unknown {
  return path.reduce((current, part) => {
    const found = Array.isArray(current) ? current[Number(part)] : isRecord(current) ? current[part] : undefined;
    if (found === undefined) throw failed();
    return found;
  }, value);
}

/** Puts `item` at `path`; undefined removes what is there. */
function edit(value: unknown, [part, ...rest]: readonly string[], item: unknown, insert: boolean): unknown {
  if (part === undefined) return item;
  if (Array.isArray(value)) {
    const index = part === '-' ? value.length : Number(part);
    if (rest.length > 0) return value.with(index, edit(value[index], rest, item, insert));
    return value.toSpliced(index, insert ? 0 : 1, ...(item === undefined ? [] : [item]));
  }
  if (!isRecord(value)) throw failed();
  const { [part]: was, ...others } = value;
  const next = rest.length === 0 ? item : edit(was, rest, item, insert);
  return next === undefined ? others : { ...others, [part]: next };
}

function failed(): StatusError {
  return new StatusError(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}
