import { queryOf } from '../../constructs/spec/promql.ts';
import type { MetricSource } from '../ports.ts';
import type { Member } from './member.ts';
import { once } from './once.ts';

/** Without the infrastructures of a task of which the same sources tell the same in the same words as of an earlier one. */
export function toldApart(members: readonly Member[], sourcesOf: (member: Member) => readonly MetricSource[]): readonly Member[] {
  if (areAlone(members)) return members;
  const told = new Set<string>();
  return members.filter((member) => {
    if (isAlone(member)) return true;
    const { agreement, guarantee } = member;
    const query = guarantee.query === undefined ? undefined : queryOf(agreement.task, guarantee.query);
    const key = JSON.stringify([agreement.id, guarantee.name, query, laneOf(sourcesOf(member))]);
    return !told.has(key) && told.add(key);
  });
}

/** Whether each task is on one infrastructure. */
export const areAlone = once((members: readonly Member[]) => members.every(isAlone));

export function isAlone({ agreement }: Member): boolean {
  return agreement.task.infrastructures.length === 1;
}

export function laneOf(sources: readonly MetricSource[]): string {
  return sources.map(({ name }) => name).join(', ');
}
