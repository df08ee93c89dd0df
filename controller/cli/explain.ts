import { LABEL } from '../../constructs/labels.ts';
import { identity, type ObjectRef, printRef, refOf } from '../../synth/manifest.ts';
import { systemClock } from '../adapters/clock.ts';
import type { CommonOptions } from '../config.ts';
import { sentence, UsageError } from '../errors.ts';
import { connect } from '../main.ts';
import type { Cluster, LiveObject } from '../ports.ts';
import { ownersOf } from '../sync/fields/owners.ts';
import { healthOf } from '../sync/health/health.ts';
import { parentRef, setIdOf } from '../sync/inventory/applyset.ts';
import type { Inventory } from '../sync/inventory/inventory.ts';
import { createLedger } from '../sync/inventory/ledger.ts';
import { targetOf, type Wanted } from '../wanted.ts';
import { type AtTip, atTip } from './at-tip.ts';
import { EXIT } from './exit.ts';
import { type ChangedBy, type Explanation, printExplanation } from './explanation.ts';
import { lastChangeOf } from './last-change.ts';
import { type Asked, parseAsked, refIn } from './object-argument.ts';

const LONGEST_CHAIN = 5;

/** Shows where an object comes from, who owns its fields and what changed it last, on each infrastructure that has it. Exit code 1 when none does. */
export async function explain(
  text: string,
  options: CommonOptions & { readonly namespace?: string; readonly json?: boolean },
): Promise<number> {
  const asked = parseAsked(text, options.namespace);
  return atTip(options, async (tip) => {
    const looks = await Promise.all(tip.wanted.map((wanted) => look(asked, wanted, tip)));
    const found = looks.filter(({ declaredAt, uid, failed }) => (declaredAt ?? uid ?? failed) !== undefined);
    if (found.length === 0) {
      const places = looks.map(({ infrastructure }) => infrastructure).join(', ');
      throw new UsageError(
        `Cannot explain ${text} as no document declares it and it is not on ${places}: say -n NAMESPACE for another one`,
      );
    }
    process.stdout.write(options.json ? `${JSON.stringify(found)}\n` : found.map(printExplanation).join('\n'));
    return found.some(({ failed }) => failed !== undefined) ? EXIT.failed : EXIT.done;
  });
}

async function look(asked: Asked, wanted: Wanted, tip: AtTip): Promise<Explanation> {
  const infrastructure = wanted.infrastructure.name;
  try {
    const cluster = await connect(tip.settings, wanted.infrastructure);
    try {
      return { infrastructure, ...(await explainOn(cluster, asked, wanted, tip)) };
    } finally {
      cluster.close();
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    return { infrastructure, object: `${asked.kind}/${asked.name}`, owners: [], leftToOthers: [], failed: sentence(error) };
  }
}

async function explainOn(cluster: Cluster, asked: Asked, wanted: Wanted, tip: AtTip): Promise<Omit<Explanation, 'infrastructure'>> {
  const { signal } = tip;
  const target = targetOf(wanted);
  const ref = refIn(asked, wanted.manifests, target.defaultDock, await cluster.resources(signal));
  const live = await cluster.get(ref, signal);
  const made = await chainOf(cluster, live, signal);
  const declared = [ref, ...made].find((one) => wanted.placeOf(one) !== undefined);
  const inventory = await inventoryOf(cluster, wanted, signal);
  const entry = inventory.entries.get(identity(ref));
  const place = declared && wanted.placeOf(declared);
  return {
    object: printRef(ref),
    ...(place === undefined ? {} : { declaredAt: place, ...(await changeOf(place, declared, wanted, tip)) }),
    ...(made.length === 0 ? {} : { madeBy: made.map(printRef) }),
    ...(inventory.revision === undefined ? {} : { appliedRevision: inventory.revision }),
    ...(live === undefined ? {} : liveOf(live, setIdOf(parentRef(target)))),
    owners: live === undefined ? [] : ownersOf(live),
    leftToOthers: Object.entries(entry?.kept ?? {}).map(([field, { managers }]) => ({ field, managers })),
  };
}

function liveOf(live: LiveObject, setId: string) {
  const { state, reason } = healthOf(live);
  const ours = live.metadata.labels?.[LABEL.applySetMember] === setId;
  return { uid: live.metadata.uid, ours, health: reason === '' ? state : `${state}: ${reason}` };
}

/** What made it, the nearest first: of a Pod its ReplicaSet, then that one's Deployment. */
async function chainOf(cluster: Cluster, live: LiveObject | undefined, signal: AbortSignal): Promise<readonly ObjectRef[]> {
  const chain: ObjectRef[] = [];
  for (let object = live; object !== undefined && chain.length < LONGEST_CHAIN; ) {
    const [owner] = object.metadata.ownerReferences ?? [];
    if (owner?.apiVersion === undefined) break;
    const { namespace } = object.metadata;
    const type = await cluster.resource(owner.apiVersion, owner.kind, signal);
    if (type === undefined) break;
    const ref = { apiVersion: owner.apiVersion, kind: owner.kind, ...(type.namespaced ? { namespace } : {}), name: owner.name };
    chain.push(ref);
    object = await cluster.get(ref, signal);
  }
  return chain;
}

export async function inventoryOf(cluster: Cluster, wanted: Wanted, signal: AbortSignal): Promise<Inventory> {
  const ledger = createLedger({ cluster, clock: systemClock, parent: parentRef(targetOf(wanted)), changed: () => undefined });
  try {
    return await ledger.read(signal);
  } finally {
    ledger.close();
  }
}

/** The last commit that changed the document, and the decision that last set the task's replicas, when nobody has changed them since. */
async function changeOf(place: string, declared: ObjectRef | undefined, wanted: Wanted, { repository, desired, signal }: AtTip) {
  const [, file = place, line = '1'] = /^(.*):(\d+):\d+$/.exec(place) ?? [];
  const commits = await repository.history(desired.tip, undefined, file, signal);
  const changes = commits.filter(({ changes }) => changes.length > 0);
  const texts = async (ids: readonly string[]) => (await repository.blobs(ids, signal)).map((blob) => Buffer.from(blob).toString('utf8'));
  const last = await lastChangeOf(changes, file, Number(line), texts);
  const manifest = wanted.manifests.find((one) => declared !== undefined && identity(refOf(one)) === identity(declared));
  const task = wanted.tasks.find(({ name }) => name === manifest?.metadata.labels?.[LABEL.task]);
  const { decisions = [], human } = desired.history.tasks.get(task?.id ?? '') ?? {};
  const decision = decisions.at(-1);
  const byDecision = decision !== undefined && decision.order > (human?.order ?? -1);
  return {
    revision: wanted.revision,
    ...(last === undefined ? {} : { changedBy: changedBy(last) }),
    ...(byDecision ? { decision: { from: decision.from, to: decision.to, agreement: decision.agreement, reason: decision.reason } } : {}),
  };
}

function changedBy({ id, author, committedAtMs, message }: Awaited<ReturnType<AtTip['repository']['history']>>[number]): ChangedBy {
  const subject = message.split('\n', 1)[0] ?? '';
  return { commit: id, author: `${author.name} <${author.email}>`, at: new Date(committedAtMs).toISOString(), subject };
}
