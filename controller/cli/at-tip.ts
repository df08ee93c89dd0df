import { printIssue } from '../../constructs/spec/issue.ts';
import { environmentNames } from '../../synth/load.ts';
import { suggestion } from '../../synth/suggest.ts';
import { type CommonOptions, type Settings, settingsOf } from '../config.ts';
import { type Desired, DesiredState, isValid, whyInvalid } from '../desired.ts';
import { UsageError } from '../errors.ts';
import { repositoryOf } from '../main.ts';
import type { Repository } from '../ports.ts';
import { type Wanted, wantedOf } from '../wanted.ts';
import { interrupted } from './interrupt.ts';

/** A branch's tip as a command sees it. */
export interface AtTip {
  readonly settings: Settings;
  readonly repository: Repository;
  readonly desired: Desired;
  /** Of the infrastructures that the command line names; of all when it names none. */
  readonly wanted: readonly Wanted[];
  /** Aborted when the person wants to leave. */
  readonly signal: AbortSignal;
}

/** Of a tip that is not valid a command that only tells may tell what is in force instead, as a controller goes on with that. */
interface Leniency {
  readonly mayBeInvalid?: boolean;
}

/**
 * Reads the branch's tip for a command. Throws UsageError when its documents are not valid, and never were where they may be, or don't
 * declare what the command line names.
 */
export async function atTip<T>(
  options: CommonOptions,
  use: (tip: AtTip) => Promise<T>,
  { mayBeInvalid = false }: Leniency = {},
): Promise<T> {
  const settings = settingsOf(options);
  const signal = interrupted();
  const repository = await repositoryOf(settings);
  try {
    const desired = await new DesiredState(repository, settings.environment).at(await repository.head(signal), signal);
    if (desired.issues.some(({ code }) => code === 'unknown-environment')) throw await unknownEnvironment(repository, desired, settings);
    if (mayBeInvalid && desired.inForce !== undefined) warnInvalid(desired, settings);
    else refuseInvalid(desired, settings);
    return await use({ settings, repository, desired, wanted: wantedThere(desired, settings), signal });
  } finally {
    await repository.close();
  }
}

async function unknownEnvironment(repository: Repository, { tip }: Desired, { environment }: Settings): Promise<UsageError> {
  const known = environmentNames(await repository.read(tip, 'environments'));
  return new UsageError(
    `Cannot find environment '${environment}' at ${tip.slice(0, 10)}${suggestion(environment, known, 'environments are')}`,
  );
}

function refuseInvalid({ issues, tip }: Desired, { environment }: Settings): void {
  if (isValid(issues)) return;
  throw new UsageError(`Environment '${environment}' is not valid at ${tip.slice(0, 10)}:\n${issues.map(printIssue).join('\n')}`);
}

function warnInvalid({ issues, tip, inForce }: Desired, { environment }: Settings): void {
  if (isValid(issues)) return;
  const said = `Environment '${environment}' is not valid at ${tip.slice(0, 10)}; in force is ${inForce?.revision.slice(0, 10)}:`;
  process.stderr.write(`${said}\n${whyInvalid(issues)}\n\n`);
}

function wantedThere(desired: Desired, { infrastructures, environment }: Settings): readonly Wanted[] {
  const declared = [...(desired.inForce?.environment.infrastructures.keys() ?? [])];
  const unknown = infrastructures.filter((name) => !declared.includes(name));
  if (unknown.length > 0) {
    throw new UsageError(
      `Environment '${environment}' declares no infrastructure ${unknown.join(', ')}: declared are ${declared.join(', ')}`,
    );
  }
  if (declared.length + desired.removals.length === 0) throw new UsageError(`Environment '${environment}' declares no infrastructure`);
  return wantedOf(desired, infrastructures);
}
