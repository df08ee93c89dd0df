import { printIssue } from '../../constructs/spec/issue.ts';
import type { Environment } from '../../synth/environment.ts';
import { loadEnvironment } from '../../synth/load.ts';
import { issuesOf, synthesize } from '../../synth/synthesize.ts';
import { type CommonOptions, type Settings, settingsOf } from '../config.ts';
import { isValid } from '../desired.ts';
import { UsageError } from '../errors.ts';
import { repositoryOf } from '../main.ts';
import type { Repository, Revision } from '../ports.ts';
import { type NamedPlan, printPlans, totalOf } from '../sync/engine.ts';
import { planBetween } from '../sync/show/between.ts';
import { EXIT } from './exit.ts';
import { interrupted } from './interrupt.ts';
import { paintDiff } from './paint.ts';
import { changeJson } from './plan.ts';

/**
 * Shows what going from one revision to another would change on each infrastructure, without a cluster; to the branch's tip when `to` is
 * undefined. Exit code 3 when something would.
 */
export async function diff(from: string, to: string | undefined, options: CommonOptions & { readonly json?: boolean }): Promise<number> {
  const settings = settingsOf(options);
  const signal = interrupted();
  const repository = await repositoryOf(settings);
  try {
    const tip = await repository.head(signal);
    const before = await environmentAt(repository, settings, await repository.resolve(from, signal), signal);
    const after = await environmentAt(repository, settings, to === undefined ? tip : await repository.resolve(to, signal), signal);
    const plans = namesIn(before, after, settings).map((name) => ({ name, plan: planOf(name, before, after) }));
    const counts = totalOf(plans.map(({ plan }) => plan.counts));
    const changes = plans.flatMap(({ name, plan }) => plan.changes.map((change) => changeJson(name, change)));
    process.stdout.write(options.json ? `${JSON.stringify({ changes, counts })}\n` : `${paintDiff(printPlans(plans))}\n`);
    return changes.length > 0 ? EXIT.changes : EXIT.done;
  } finally {
    await repository.close();
  }
}

async function environmentAt(repository: Repository, settings: Settings, at: Revision, signal: AbortSignal): Promise<Environment> {
  const { environment: name } = settings;
  const environment = loadEnvironment(name, await repository.read(at, `environments/${name}`, signal));
  const issues = issuesOf(environment);
  if (isValid(issues)) return environment;
  throw new UsageError(`Environment '${name}' is not valid at ${at.slice(0, 10)}:\n${issues.map(printIssue).join('\n')}`);
}

function planOf(name: string, before: Environment, after: Environment): NamedPlan['plan'] {
  const onRemoval = before.infrastructures.get(name)?.sync?.onRemoval;
  return planBetween(synthesize(before).get(name), synthesize(after).get(name), onRemoval);
}

function namesIn(before: Environment, after: Environment, { infrastructures, environment }: Settings): readonly string[] {
  const all = [...new Set([...before.infrastructures.keys(), ...after.infrastructures.keys()])].sort();
  const unknown = infrastructures.filter((name) => !all.includes(name));
  if (unknown.length === 0) return all.filter((name) => infrastructures.length === 0 || infrastructures.includes(name));
  throw new UsageError(`Environment '${environment}' declares no infrastructure ${unknown.join(', ')}: declared are ${all.join(', ')}`);
}
