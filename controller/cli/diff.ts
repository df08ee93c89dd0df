import { printIssue } from '../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../synth/load.ts';
import type { Manifest } from '../../synth/manifest.ts';
import { issuesOf, synthesize } from '../../synth/synthesize.ts';
import { type CommonOptions, type Settings, settingsOf } from '../config.ts';
import { isValid } from '../desired.ts';
import { UsageError } from '../errors.ts';
import { repositoryOf } from '../main.ts';
import type { Repository, Revision } from '../ports.ts';
import { planBetween } from '../sync/between.ts';
import { printPlans, totalOf } from '../sync/engine.ts';
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
    const before = await manifestsAt(repository, settings, await repository.resolve(from, signal), signal);
    const after = await manifestsAt(repository, settings, to === undefined ? tip : await repository.resolve(to, signal), signal);
    const plans = namesIn(before, after, settings).map((name) => ({ name, plan: planBetween(before.get(name), after.get(name)) }));
    const counts = totalOf(plans.map(({ plan }) => plan.counts));
    const changes = plans.flatMap(({ name, plan }) => plan.changes.map((change) => changeJson(name, change)));
    process.stdout.write(options.json ? `${JSON.stringify({ changes, counts })}\n` : `${paintDiff(printPlans(plans))}\n`);
    return changes.length > 0 ? EXIT.changes : EXIT.done;
  } finally {
    await repository.close();
  }
}

type Manifests = ReadonlyMap<string, readonly Manifest[]>;

async function manifestsAt(repository: Repository, { environment: name }: Settings, at: Revision, signal: AbortSignal): Promise<Manifests> {
  const environment = loadEnvironment(name, await repository.read(at, `environments/${name}`, signal));
  const issues = issuesOf(environment);
  if (isValid(issues)) return synthesize(environment);
  throw new UsageError(`Environment '${name}' is not valid at ${at.slice(0, 10)}:\n${issues.map(printIssue).join('\n')}`);
}

function namesIn(before: Manifests, after: Manifests, { infrastructures, environment }: Settings): readonly string[] {
  const all = [...new Set([...before.keys(), ...after.keys()])].sort();
  const unknown = infrastructures.filter((name) => !all.includes(name));
  if (unknown.length === 0) return all.filter((name) => infrastructures.length === 0 || infrastructures.includes(name));
  throw new UsageError(`Environment '${environment}' declares no infrastructure ${unknown.join(', ')}: declared are ${all.join(', ')}`);
}
