import { identity, type Manifest, refOf } from '../synth/manifest.ts';
import type { ObjectHealth, SyncReport } from './sync/engine.ts';
import type { Wanted } from './wanted.ts';

/** What is to be done on one infrastructure about tasks with `rollout: ordered`. Its memory is what the last look at the cluster said. */
export class RolloutOrder {
  readonly #runsAsWantedOn: (infrastructure: string, task: string) => boolean;
  /** Manifests that the cluster has. */
  #done: ReadonlySet<Manifest> = new Set();
  #putOff: ReadonlyMap<string, string> = new Map();
  #running = '';

  constructor(runsAsWantedOn: (infrastructure: string, task: string) => boolean) {
    this.#runsAsWantedOn = runsAsWantedOn;
  }

  /** The tasks whose changes come later here, and what each waits for. */
  waits({ ordered }: Wanted): ReadonlyMap<string, string> {
    const waits = [...ordered].flatMap(([task, { before }]) => {
      const first = before.find((infrastructure) => !this.#runsAsWantedOn(infrastructure, task));
      return first === undefined ? [] : [[task, `Infrastructure ${first}`] as const];
    });
    return new Map(waits);
  }

  /** What came of it. */
  note({ manifests, ordered, tasks }: Wanted, waits: ReadonlyMap<string, string>, { failed, waiting }: SyncReport): void {
    const undone = new Set([...failed, ...waiting].map(({ ref }) => identity(ref)));
    const suspended = new Set(tasks.filter(({ spec }) => spec.suspend).flatMap(({ name }) => ordered.get(name)?.manifests ?? []));
    const isDone = (manifest: Manifest) => !undone.has(identity(refOf(manifest))) && !suspended.has(manifest);
    this.#done = new Set(manifests.filter(isDone));
    const putOff = [...waits].filter(([task]) => !ordered.get(task)?.manifests.every(isDone));
    this.#putOff = new Map(putOff.map(([task, waitsFor]) => [task, `a change waits for ${waitsFor}`]));
  }

  /** The cluster is out of sight: what runs there when it is back is news. */
  forget(): void {
    this.#running = '';
  }

  /** Why a change of a task was not made here, when it was not. */
  putOff(task: string): string | undefined {
    return this.#putOff.get(task);
  }

  /** Whether all that is wanted of a task is applied here, and ready. */
  runsAsWanted({ ordered }: Wanted, health: ReadonlyMap<string, ObjectHealth>, task: string): boolean {
    const manifests = ordered.get(task)?.manifests ?? [];
    const isReady = (manifest: Manifest) => this.#done.has(manifest) && health.get(identity(refOf(manifest)))?.state === 'ready';
    return manifests.length > 0 && manifests.every(isReady);
  }

  /** Whether other tasks run as wanted here than when it was asked before. */
  hasMoved(wanted: Wanted, health: ReadonlyMap<string, ObjectHealth>): boolean {
    const running = [...wanted.ordered.keys()].filter((task) => this.runsAsWanted(wanted, health, task)).join();
    const moved = running !== this.#running;
    this.#running = running;
    return moved;
  }
}
