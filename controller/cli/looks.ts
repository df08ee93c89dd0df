import { identity, type ObjectRef, refOf } from '../../synth/manifest.ts';
import { systemClock } from '../adapters/clock.ts';
import { createLog } from '../adapters/log.ts';
import type { CommonOptions, Settings } from '../config.ts';
import { sentence } from '../errors.ts';
import { connect } from '../main.ts';
import type { Cluster, Repository, Revision } from '../ports.ts';
import { RolloutOrder } from '../rollout-order.ts';
import { createSyncEngine, type SyncEngine, type SyncPreview, type SyncTarget } from '../sync/engine.ts';
import { targetOf, type Wanted } from '../wanted.ts';
import { atTip } from './at-tip.ts';

/** One infrastructure that was looked at. */
export interface Look {
  readonly name: string;
  readonly placeOf: Wanted['placeOf'];
  readonly target: SyncTarget;
  readonly engine: SyncEngine;
  readonly plan: SyncPreview;
}

/** One that couldn't be, and why. */
export interface Unseen {
  readonly name: string;
  readonly reason: string;
}

export type LookOptions = CommonOptions & {
  /** Field managers whose fields are taken, beside those that the documents name. */
  readonly takeOver?: readonly string[];
  /** Tell each change field by field. */
  readonly diff?: boolean;
};

/** Plans every infrastructure at the branch's tip, all at once; each that can't be reached is among the unseen. Sorted by name. */
export async function withLooks(
  options: LookOptions,
  use: (looks: readonly Look[], unseen: readonly Unseen[], signal: AbortSignal) => Promise<number>,
): Promise<number> {
  return atTip(options, async ({ settings, repository, wanted, signal }) => {
    const [looks, unseen, closers]: [Look[], Unseen[], (() => void)[]] = [[], [], []];
    const plan = async (one: Wanted) => {
      const { engine, close } = await open(one, settings, repository);
      closers.push(close);
      const declared = targetOf(one);
      const target = { ...declared, takeOver: [...declared.takeOver, ...(options.takeOver ?? [])] };
      const { name } = one.infrastructure;
      looks.push({
        name,
        placeOf: one.placeOf,
        target,
        engine,
        plan: await engine.plan(target, signal, { fields: options.diff ?? false }),
      });
    };
    try {
      await Promise.all(
        wanted.map((one) =>
          plan(one).catch((error) => {
            const { name } = one.infrastructure;
            // One that is no longer declared may be no more, and is not waited for.
            if (one.removal === undefined) unseen.push({ name, reason: sentence(error) });
            else process.stderr.write(`${name}, no longer declared: ${sentence(error)}\n`);
          }),
        ),
      );
      const inOrder = await Promise.all(
        looks.map(async (look) => {
          const waits = waitsOf(look.name, wanted, looks);
          if (waits.size === 0) return look;
          const target = { ...look.target, waits };
          return { ...look, target, plan: await look.engine.plan(target, signal, { fields: options.diff ?? false }) };
        }),
      );
      return await use(inOrder.filter(isShown).sort(byName), unseen.sort(byName), signal);
    } finally {
      for (const close of closers) close();
    }
  });
}

/** Of tasks with `rollout: ordered`: those whose change is not everywhere before, and ready. */
function waitsOf(name: string, wanted: readonly Wanted[], looks: readonly Look[]): ReadonlyMap<string, string> {
  const wantedOn = (infrastructure: string) => wanted.find((one) => one.infrastructure.name === infrastructure);
  const own = wantedOn(name);
  if (own === undefined) return new Map();
  const order = new RolloutOrder((infrastructure, task) => {
    const look = looks.find((one) => one.name === infrastructure);
    const refs = new Set(
      wantedOn(infrastructure)
        ?.ordered.get(task)
        ?.manifests.map((manifest) => identity(refOf(manifest))),
    );
    return look !== undefined && isThere(look, refs);
  });
  return order.waits(own);
}

function isThere({ engine, target, plan: { changes, failed } }: Look, refs: ReadonlySet<string>): boolean {
  const isOne = ({ ref }: { readonly ref: ObjectRef }) => refs.has(identity(ref));
  const health = engine.health(target).filter(isOne);
  return health.length > 0 && health.every(({ state }) => state === 'ready') && ![...changes, ...failed].some(isOne);
}

/** One that is no longer declared and has nothing of ours left is no news. */
const isShown = ({ target, plan: { changes, ending } }: Look) => !target.removing || changes.length + ending.length > 0;

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

async function open({ infrastructure }: Wanted, settings: Settings, repository: Repository) {
  const cluster = await connect(settings, infrastructure);
  const engine = createSyncEngine({
    cluster: finishing(cluster),
    clock: systemClock,
    log: createLog({ pretty: process.stderr.isTTY, level: 'error' }),
    isAncestor: (a: Revision, b: Revision) => repository.isAncestor(a, b),
  });
  const close = () => {
    engine.close();
    cluster.close();
  };
  return { engine, close };
}

/** Whoever interrupts a command is told what was done: a write under way is waited for. */
function finishing(cluster: Cluster): Cluster {
  return {
    ...cluster,
    apply: (manifest, options) => cluster.apply(manifest, options),
    create: (manifest) => cluster.create(manifest),
    replace: (manifest) => cluster.replace(manifest),
    remove: (ref, precondition) => cluster.remove(ref, precondition),
  };
}
