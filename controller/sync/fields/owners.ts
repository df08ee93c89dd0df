import type { LiveObject } from '../../ports.ts';
import { MANAGER } from '../watch/live.ts';
import { fieldPaths } from './field-paths.ts';

/** What one manager owns of an object. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  /** RFC 3339: when it last changed one of them. */
  readonly time?: string;
  /** In the notation of field manager conflicts. */
  readonly fields: readonly string[];
}

/** Who owns which field of an object, we ourselves first. */
export function ownersOf({ metadata }: LiveObject): readonly Owner[] {
  const owners = (metadata.managedFields ?? []).map(({ manager, operation, subresource, time, fieldsV1 = {} }) => ({
    manager,
    operation,
    ...(subresource === undefined ? {} : { subresource }),
    ...(time === undefined ? {} : { time }),
    fields: fieldPaths(fieldsV1),
  }));
  return owners.sort((a, b) => Number(b.manager === MANAGER) - Number(a.manager === MANAGER));
}
