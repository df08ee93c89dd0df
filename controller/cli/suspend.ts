import { setSuspend } from '../../synth/edit.ts';
import type { Environment, Origin } from '../../synth/environment.ts';
import type { CommonOptions } from '../config.ts';
import { UsageError } from '../errors.ts';
import { commitChange } from './commit-change.ts';

/**
 * Commits that an infrastructure or a task is suspended, or is so no longer: one value of its document, by the person who asks. The rest of the
 * documents need not be valid.
 */
export function suspend(name: string, options: CommonOptions, suspended: boolean): Promise<number> {
  return commitChange(options, ({ environment, textOf }) => {
    const { what, origin, now } = find(environment, name);
    if (now === suspended) return { nothing: `${what} is ${suspended ? 'suspended already' : 'not suspended'}` };
    return {
      edit: { path: origin.file, content: setSuspend(textOf(origin.file) ?? '', origin, suspended) },
      subject: `${suspended ? 'Suspend' : 'Resume'} ${what}`,
      done: `${suspended ? 'Suspended' : 'Resumed'} ${what}`,
    };
  });
}

interface Found {
  /** `infrastructure modena` */
  readonly what: string;
  readonly origin: Origin;
  readonly now: boolean;
}

/** `modena`, or where both have the name `infrastructure/modena` and `task/modena`. */
function find({ name, infrastructures, tasks }: Environment, asked: string): Found {
  const [, kind, bare = asked] = /^(infrastructure|task)\/(.+)$/.exec(asked) ?? [];
  const all = [
    ...[...infrastructures.values()].map((one) => ({
      kind: 'infrastructure',
      names: [one.name, one.original],
      origin: one.origin,
      now: one.suspend,
    })),
    ...[...tasks.values()].map((one) => ({ kind: 'task', names: [one.name, one.id], origin: one.origin, now: one.spec.suspend })),
  ];
  const [found, other] = all.filter((one) => one.names.includes(bare) && (kind ?? one.kind) === one.kind);
  if (other !== undefined) throw new UsageError(`Say which '${bare}' is meant: infrastructure/${bare} or task/${bare}`);
  if (found !== undefined) return { what: `${found.kind} ${found.names[0]}`, origin: found.origin, now: found.now };
  const declared = all.map((one) => `${one.kind}/${one.names[0]}`);
  throw new UsageError(`Cannot find '${asked}' in environment '${name}': declared are ${declared.join(', ') || 'none'}`);
}
