import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { DecisionRecord } from '../../controller/sla/trailer.ts';
import { decisionLines, parseDecision } from '../../controller/sla/trailer.ts';
import { type FakeClock, fakeClock } from '../support/fake-clock.ts';
import { faultyRepository, GIT_FAULTS, type GitFault } from '../support/faulty-repository.ts';
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
/** The last ones promise a load that never is too much or too little: no action on it can be right. */
const COUNTED = AGREEMENTS - 40;
const TASKS = COUNTED + 20;
const workflow = (at: number, replicas: number) =>
  document('Task', `w${at}`, {
    type: 'compss',
    infrastructure: INFRASTRUCTURES[at % INFRASTRUCTURES.length],
    replicas,
    containers: [{ image: 'example/worker' }],
    qos: at < COUNTED ? ['DeadlinesMissed_1'] : ['Busy', 'Idle'],
  });
const LOADS: Readonly<Record<string, string>> = {
  'qos/busy.json': document('QosTemplate', 'Busy', {
    type: 'app',
    maxAllowed: 0,
    guarantees: [
      { name: 'load', constraint: 'load < 80%' },
      { name: 'asked', constraint: 'asked < 80%', query: 'sum(asked_$task)' },
    ],
  }),
  'qos/idle.json': document('QosTemplate', 'Idle', {
    type: 'app',
    action: 'scale_in',
    scaleFactor: 0.5,
    maxAllowed: 0,
    guarantees: [{ name: 'load', constraint: 'load > 20%' }],
  }),
};

function city(): Record<string, string> {
  const infrastructures = INFRASTRUCTURES.map((name, at) => [
    `infrastructures/${name}.json`,
    document('Infrastructure', name, { type: 'kubernetes', default: at === 0 }),
  ]);
  const tasks = Array.from({ length: TASKS }, (_, at) => [fileOf(at), workflow(at, at < COUNTED ? 1 : 4)]);
  return { ...Object.fromEntries([...infrastructures, ...tasks]), ...LOADS };
}

function fileOf(at: number): string {
  return `tasks/w${at}.json`;
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
  #gitFault: GitFault | undefined;
  /** Faults that were in the way of a commit. */
  readonly met = new Set<GitFault>();
  /** The task that missed last. */
  #troubled = 0;
  readonly #repository = faultyRepository(this.repository, {
    fault: () => this.#gitFault,
    overtake: () => this.#overtake(),
    met: (fault) => this.met.add(fault),
  });

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.repository.add(city());
    for (let at = 0; at < TASKS; at += 1) {
      const { targets } = this.#series(at);
      if (at < COUNTED) targets.set(`deadlines_missed_w${at}`, 0);
      else for (const metric of ['load', 'asked']) targets.set(`${metric}_w${at}`, 0.5);
    }
  }

  async pass(durationMs: number): Promise<void> {
    const untilMs = this.clock.now() + durationMs;
    this.#loop ??= this.#start();
    while (this.clock.now() < untilMs) {
      this.#breakAndMend();
      this.#miss();
      if (this.#random() < 1 / 90) await this.#kill();
      if (this.#random() < 1 / 30) this.#change();
      if (this.#random() < 1 / 90) await this.#forcePush();
      if (this.#random() < 1 / 5) this.repository.merge();
      for (const source of this.sources.values()) source.scrape();
      await this.clock.advance(2 * MINUTE);
    }
  }

  async end(): Promise<void> {
    await this.#loop?.stop();
  }

  #start(): PromiseLoop {
    const { clock } = this;
    return startPromiseLoop({
      repository: this.#repository,
      sourcesOf: (name) => [this.sources.get(name)].filter((source) => source !== undefined),
      cluster: this.#cluster,
      evaluateEveryMs: 4 * MINUTE,
      clock,
      log: silentLog,
    });
  }

  /** The next one is there before it is gone, or only afterwards. */
  async #kill(): Promise<void> {
    const before = this.#loop;
    if (this.#random() < 1 / 2) {
      await before?.stop();
      this.#loop = this.#start();
    } else {
      this.#loop = this.#start();
      await this.clock.advance(10 * MINUTE);
      await before?.stop();
    }
  }

  /** Somebody sets the branch back by three commits. */
  async #forcePush(): Promise<void> {
    const before = this.repository.log().at(-4);
    if (before === undefined) return;
    const files = await this.repository.read(before.id, '');
    const texts = files.map(({ path, content }) => [path.replace(/^environments\/city\//, ''), content.toString()]);
    this.repository.add(Object.fromEntries(texts), { parent: before.id, message: 'Start again from here' });
  }

  #series(at: number): { readonly name: string; readonly targets: Map<string, number> } {
    const source = this.sources.get(INFRASTRUCTURES[at % INFRASTRUCTURES.length] ?? '');
    if (source === undefined) throw new Error('no source');
    return { name: `deadlines_missed_w${at}`, targets: source.targets };
  }

  #breakAndMend(): void {
    if (this.#random() < 1 / 5)
      this.#gitFault = this.#random() < 1 / 2 ? undefined : GIT_FAULTS[Math.floor(this.#random() * GIT_FAULTS.length)];
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
      const at = Math.floor(this.#random() * COUNTED);
      const { name, targets } = this.#series(at);
      this.#troubled = at;
      const times = 1 + Math.floor(this.#random() * 3);
      targets.set(name, (targets.get(name) ?? 0) + times);
      const known = this.misses.get(`w${at}`) ?? [];
      this.misses.set(`w${at}`, [...known, ...Array.from({ length: times }, () => this.clock.now())]);
    }
    if (this.#random() < 1 / 5) {
      const { name, targets } = this.#series(Math.floor(this.#random() * COUNTED));
      targets.set(name, 0);
    }
  }

  /** Somebody writes the line that is being decided on, or deletes its task. Once: who is overtaken each time commits nothing, ever. */
  #overtake(): void {
    this.#gitFault = undefined;
    this.#change(this.#troubled, 1 / 2);
  }

  /** Somebody sets the replicas of a task, takes it away, or makes it again. */
  #change(at = Math.floor(this.#random() * TASKS), chanceToGo = 1 / 10): void {
    const { [fileOf(at)]: before, ...others } = this.repository.files();
    const isTaken = before !== undefined && this.#random() < chanceToGo;
    const replicas = at < COUNTED ? 1 + Math.floor(this.#random() * 3) : 4;
    this.repository.add(isTaken ? others : { ...others, [fileOf(at)]: workflow(at, replicas) });
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
  return decisionsIn(day.repository).flatMap(({ task, guarantee, evidence, atMs, id }) => {
    if (guarantee !== 'deadlines_missed') return [`${id} on ${task}: ${guarantee} was ${evidence.value}, and never wrong`];
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

describe('a day of 1,000 agreements with every fault of sources and of git, kills and human changes', () => {
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
    expect([...day.met].sort()).toEqual([...GIT_FAULTS].sort());
    expect(midnight - noon).toBeLessThan(10);
    expect(new Set(decisions.map(({ id }) => id)).size).toBe(decisions.length);
  });
});
