import type { Issue } from '../../../constructs/spec/issue.ts';
import type { Environment, Origin } from '../../../synth/environment.ts';
import { InvalidDocuments, Refusal } from '../../changes/change.ts';
import type { Caller } from './grant.ts';
import { visibleEnvironment } from './visible.ts';

export type OwnIssues = (issues: readonly Issue[]) => readonly Issue[];

/** What is said of files that are the caller's alone: those that it wrote now, or that declare what its docks have, and nothing of others. */
export function ownIssues({ docks }: Caller, environment: Environment | undefined, edited: ReadonlySet<string>): OwnIssues {
  return (issues) => {
    if (docks === undefined || issues.length === 0) return issues;
    const own = environment === undefined ? [] : itemsOf(visibleEnvironment(environment, docks)).flatMap(fileOf);
    const all = environment === undefined ? [] : [...itemsOf(environment), ...sharedOf(environment)].flatMap(fileOf);
    const count = (files: readonly string[], file: string) => files.filter((one) => one === file).length;
    return issues.filter(({ file }) => (edited.has(file) || own.includes(file)) && count(own, file) === count(all, file));
  };
}

/** A refusal as its caller may read it: that others have faults, too, is all that is said of them. */
export function ownRefusal(error: unknown, ofOwn: OwnIssues): unknown {
  if (!(error instanceof InvalidDocuments)) return error;
  const { kind, why, issues } = error;
  const [first, ...more] = ofOwn(issues);
  if (1 + more.length === issues.length && first !== undefined) return error;
  if (first === undefined)
    return new Refusal(kind, `Refused as ${why}, for what is of other docks: who has them, or an admin, can mend it`);
  const { message } = new InvalidDocuments(kind, why, [first, ...more]);
  return new Refusal(kind, `${message} (and there are others, of other docks)`, [first, ...more]);
}

interface Item {
  readonly origin?: Origin;
}

function itemsOf({ tasks, functions, agreements }: Environment): readonly Item[] {
  return [tasks, functions, agreements].flatMap((some) => [...some.values()]);
}

function sharedOf({ infrastructures, templates, agreementTemplates }: Environment): readonly Item[] {
  return [infrastructures, templates, agreementTemplates].flatMap((some) => [...some.values()]);
}

function fileOf({ origin }: Item): readonly string[] {
  return origin === undefined ? [] : [origin.file];
}
