import type { LiveObject } from '../../ports.ts';
import type { Verdict } from './verdict.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Condition {
  readonly type: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
}

/** What rules read of an object: whatever is missing or odd reads as absent. */
export interface Facts {
  readonly spec: Fields;
  readonly status: Fields;
  /** A number of `status`, 0 when absent. */
  count(field: string): number;
  condition(type: string): Condition | undefined;
  /** Whether the condition is there and `True`. */
  is(type: string): boolean;
}

/** A pure function of one object; undefined when there is nothing to wait for. */
export type Rule = (facts: Facts) => Verdict | undefined;

export function factsOf(object: LiveObject): Facts {
  const status = fieldsOf(object.status);
  const condition = (type: string) => itemsOf<Condition>(status.conditions).find((one) => fieldsOf(one).type === type);
  return {
    spec: fieldsOf(object.spec),
    status,
    count: (field) => (typeof status[field] === 'number' ? status[field] : 0),
    condition,
    is: (type) => condition(type)?.status === 'True',
  };
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function itemsOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? (value as T[]) : [];
}
