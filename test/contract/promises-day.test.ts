import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { DecisionRecord } from '../../controller/sla/trailer.ts';
import { decisionLines, parseDecision } from '../../controller/sla/trailer.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { FAULTS, FaultySource } from '../support/faulty-source.ts';
import { type MemoryRepository, memoryRepository } from '../support/memory-repository.ts';
import { FakeRollouts, type PromiseLoop, startPromiseLoop } from '../support/promise-loop.ts';
import { seeded } from '../support/random.ts';
import { HOUR, MINUTE, SECOND, silentLog } from '../unit/controller/sla/world.ts';

const AGREEMENTS = 1_000;
const INFRASTRUCTURES = ['bologna', 'edge', 'florence', 'modena'];
const MISSES_A_LOOK = 0.2;

const document = (kind: string, name: string, spec: object) =>
  JSON.stringify({ apiVersion: 'rotterdam.dev/v1alpha1', kind, metadata: { name }, spec });
const workflow = (at: number, replicas: number) =>
  document('Task', `w${at}`, {
    type: 'compss',
    infrastructure: INFRASTRUCTURES[at % INFRASTRUCTURES.length],
    replicas,
    containers: [{ image: 'example/worker' }],
    qos: ['DeadlinesMissed_1'],
  });

function city(): Record<string, string> {
  const infrastructures = INFRASTRUCTURES.map((name, at) => [
    `infrastructures/${name}.json`,
    document('Infrastructure', name, { type: 'kubernetes', default: at === 0 }),
  ]);
  const tasks = Array.from({ length: AGREEMENTS }, (_, at) => [`tasks/w${at}.json`, workflow(at, 1)]);
  return Object.fromEntries([...infrastructures, ...tasks]);
}

/** A day of workflows that miss deadlines now and then, watched by sources that fail in every way, by a controller that is killed at times. */
class Day {
  readonly clock: FakeClock = fakeClock(1_700_000_000_000);
  readonly repository: MemoryRepository = memoryRepository(this.clock);
  readonly sources = new Map(INFRASTRUCTURES.map((name) => [name, new FaultySource(name, this.clock)]));
  /** Misses of each task so far, with when. */
  readonly misses = new Map<string, number[]>();
  readonly #cluster = new FakeRollouts(this.clock, 20 * SECOND);
  readonly #random: () => number;
  readonly #faultUntil = new Map<string, number>();
  #loop: PromiseLoop | undefined;

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.repository.add(city());
  }

  async pass(durationMs: number): Promise<void> {
    const untilMs = this.clock.now() + durationMs;
    this.#loop ??= this.#start();
    while (this.clock.now() < untilMs) {
      this.#breakAndMend();
      this.#miss();
      if (this.#random() < 1 / 90) await this.#kill();
      if (this.#random() < 1 / 30) this.#change();
      for (const source of this.sources.values()) source.scrape();
      await this.clock.advance(2 * MINUTE);
    }
  }

  async end(): Promise<void> {
    await this.#loop?.stop();
  }

  #start(): PromiseLoop {
    const { clock, repository } = this;
    for (let at = 0; at < AGREEMENTS; at += 1) {
      const { name, targets } = this.#series(at);
      if (!targets.has(name)) targets.set(name, 0);
    }
    return startPromiseLoop({
      repository,
      sourcesOf: (name) => [this.sources.get(name)].filter((source) => source !== undefined),
      cluster: this.#cluster,
      evaluateEveryMs: 4 * MINUTE,
      clock,
      log: silentLog,
    });
  }

  async #kill(): Promise<void> {
    await this.#loop?.stop();
    this.#loop = this.#start();
  }

  #series(at: number): { readonly name: string; readonly targets: Map<string, number> } {
    const source = this.sources.get(INFRASTRUCTURES[at % INFRASTRUCTURES.length] ?? '');
    if (source === undefined) throw new Error('no source');
    return { name: `deadlines_missed_w${at}`, targets: source.targets };
  }

  #breakAndMend(): void {
    for (const source of this.sources.values()) {
      if ((this.#faultUntil.get(source.name) ?? 0) > this.clock.now()) continue;
      source.fault = undefined;
      if (this.#random() > 1 / 20) continue;
      source.fault = FAULTS[Math.floor(this.#random() * FAULTS.length)];
      this.#faultUntil.set(source.name, this.clock.now() + (1 + this.#random() * 20) * MINUTE);
    }
  }

  /** Some workflows miss deadlines, some restart and count from 0 again. */
  #miss(): void {
    if (this.#random() < MISSES_A_LOOK) {
      const at = Math.floor(this.#random() * AGREEMENTS);
      const { name, targets } = this.#series(at);
      const times = 1 + Math.floor(this.#random() * 3);
      targets.set(name, (targets.get(name) ?? 0) + times);
      const known = this.misses.get(`w${at}`) ?? [];
      this.misses.set(`w${at}`, [...known, ...Array.from({ length: times }, () => this.clock.now())]);
    }
    if (this.#random() < 1 / 5) {
      const { name, targets } = this.#series(Math.floor(this.#random() * AGREEMENTS));
      targets.set(name, 0);
    }
  }

  /** Somebody sets the replicas of a task. */
  #change(): void {
    const at = Math.floor(this.#random() * AGREEMENTS);
    this.repository.add({ ...this.repository.files(), [`tasks/w${at}.json`]: workflow(at, 1 + Math.floor(this.#random() * 3)) });
  }
}

function decisionsIn(repository: MemoryRepository): readonly (DecisionRecord & { readonly atMs: number })[] {
  return repository.log().flatMap(({ message, committedAtMs }) =>
    decisionLines(message).flatMap((line) => {
      const decision = parseDecision(line);
      return decision === undefined ? [] : [{ ...decision, atMs: committedAtMs }];
    }),
  );
}

/** What a task's decisions consumed must have been missed before, and each miss is consumed once at most. */
function wrong(day: Day): readonly string[] {
  const used = new Map<string, number>();
  return decisionsIn(day.repository).flatMap(({ task, evidence, atMs, id }) => {
    const consumed = (used.get(task) ?? 0) + evidence.value;
    used.set(task, consumed);
    const missed = (day.misses.get(task) ?? []).filter((at) => at <= atMs + 999).length;
    return consumed <= missed ? [] : [`${id} on ${task}: ${consumed} consumed of ${missed} missed`];
  });
}

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

function heapMiB(): number {
  gc();
  return process.memoryUsage().heapUsed / 1024 / 1024;
}

describe('a day of 1,000 agreements with every fault of sources, kills and human changes', () => {
  test('acts on no absence, uses no evidence twice, and keeps its memory', { timeout: 300_000 }, async () => {
    const day = new Day(20_201);
    await day.pass(12 * HOUR);
    const noon = heapMiB();
    await day.pass(12 * HOUR);
    const midnight = heapMiB();
    await day.end();
    const decisions = decisionsIn(day.repository);
    expect(decisions.length).toBeGreaterThan(50);
    expect(wrong(day)).toEqual([]);
    expect(midnight - noon).toBeLessThan(10);
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(decisions.length);
  });
});
