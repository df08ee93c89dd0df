import type { ManagedFields } from '../../ports.ts';
import { fieldPaths } from './field-paths.ts';

/** What managers other than us own of an object, but for what controllers write into its status. */
export type Holding = readonly Pick<ManagedFields, 'manager' | 'fieldsV1'>[];

export function holdingOf(managed: readonly ManagedFields[], us: string): Holding {
  return managed
    .filter(({ manager, subresource }) => manager !== us && subresource !== 'status')
    .map(({ manager, fieldsV1 = {} }) => ({ manager, fieldsV1 }));
}

/** Whether the manager owns the field that a conflict names, something of it, or what it is part of. */
export function holds(holding: Holding, manager: string, field: string): boolean {
  return holding.some(
    (one) => one.manager === manager && fieldPaths(one.fieldsV1 ?? {}).some((path) => isWithin(path, field) || isWithin(field, path)),
  );
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || (path.startsWith(outer) && /^[.[]/.test(path.slice(outer.length)));
}
