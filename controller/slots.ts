import type { Clock, Cluster } from './ports.ts';

/** Longer than a server in good health takes: who waits longer for an answer holds up nobody else. */
const LENT_MS = 1_000;

/** So many requests at once over all clusters. A slot is lent for a second at most, so that clusters that don't answer leave the others theirs. */
export class Slots {
  readonly #total: number;
  readonly #clock: Clock;
  /** Oldest first, with when they were lent. */
  readonly #lent = new Map<symbol, number>();
  readonly #waiting: (() => void)[] = [];
  #reclaiming = false;

  constructor(total: number, clock: Clock) {
    this.#total = total;
    this.#clock = clock;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    const slot = Symbol();
    if (this.#lent.size < this.#total) this.#lend(slot);
    else await this.#turn(slot);
    try {
      return await work();
    } finally {
      this.#giveBack(slot);
    }
  }

  #lend(slot: symbol): void {
    this.#lent.set(slot, this.#clock.now());
  }

  #turn(slot: symbol): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(() => {
        this.#lend(slot);
        resolve();
      });
      void this.#reclaim();
    });
  }

  #giveBack(slot: symbol): void {
    if (this.#lent.delete(slot)) this.#waiting.shift()?.();
  }

  async #reclaim(): Promise<void> {
    if (this.#reclaiming) return;
    this.#reclaiming = true;
    while (this.#waiting.length > 0) {
      const [oldest] = this.#lent;
      if (oldest === undefined) break;
      const leftMs = oldest[1] + LENT_MS - this.#clock.now();
      if (leftMs > 0) await this.#clock.sleep(leftMs);
      else this.#giveBack(oldest[0]);
    }
    this.#reclaiming = false;
  }
}

/** The cluster, its requests taking turns with those of others. Watches hold nothing up, and a probe must not wait. */
export function sharing(cluster: Cluster, slots: Slots): Cluster {
  const inSlot =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    (...args: A) =>
      slots.use(() => call(...args));
  return {
    ...cluster,
    review: inSlot(cluster.review),
    get: inSlot(cluster.get),
    list: inSlot(cluster.list),
    versionOf: inSlot(cluster.versionOf),
    apply: inSlot(cluster.apply),
    create: inSlot(cluster.create),
    replace: inSlot(cluster.replace),
    remove: inSlot(cluster.remove),
  };
}
