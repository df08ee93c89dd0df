import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { recordedSource } from '../../../../controller/adapters/recording/recording.ts';
import { NO_REQUESTS } from '../../../../controller/changes/requests.ts';
import type { Desired } from '../../../../controller/desired.ts';
import type { MetricSource, Sample, Series } from '../../../../controller/ports.ts';
import { Promises } from '../../../../controller/promises.ts';
import { seriesOf } from '../../../../controller/series.ts';
import { type SimulationOptions, simulate } from '../../../../controller/simulation/simulate.ts';
import { sumsOf } from '../../../../controller/simulation/sums.ts';
import type { DecisionRecord } from '../../../../controller/sla/trailer.ts';
import type { Environment, QosTemplate } from '../../../../synth/environment.ts';
import { fakeClock } from '../../../support/fake-clock.ts';
import { environment, guarantee, historyOf, MINUTE, type Said, SECOND, START_MS, silentLog, task, template } from '../sla/world.ts';

const STEP_MS = 15 * SECOND;
const SETTLE_MS = 40 * SECOND;

function series(name: string, values: readonly (number | null)[]): Series {
  const samples = values.flatMap((value, at): Sample[] => (value === null ? [] : [{ atMs: START_MS + at * STEP_MS, value }]));
  return seriesOf({ name, labels: { task: 'compss_workflow' } }, samples);
}

function options(templates: readonly QosTemplate[], recorded: readonly Series[], minutes = 30): SimulationOptions {
  return {
    environment: environment([task('compss-workflow', templates)]),
    source: recordedSource(recorded, 'recording'),
    fromMs: START_MS,
    toMs: START_MS + minutes * MINUTE,
    stepMs: STEP_MS,
    settleMs: SETTLE_MS,
  };
}

const counter = template('DeadlinesMissed_1');
const gauge = template('Load', { type: 'app', cooldown: MINUTE, scaleFactor: 2, guarantees: [guarantee('load < 5', { kind: 'gauge' })] });
const calm = template('Calm', {
  type: 'app',
  cooldown: MINUTE,
  action: 'scale_in',
  scaleFactor: 0.5,
  maxAllowed: 3,
  guarantees: [guarantee('load > 2', { kind: 'gauge' })],
});

/** As a HorizontalPodAutoscaler. */
const target = template('Target', {
  type: 'app',
  cooldown: 0,
  action: 'target',
  targetValue: 2,
  maxReplicas: 12,
  behavior: { scaleIn: { stabilizationWindow: 2 * MINUTE, policies: [{ type: 'Pods', value: 2, period: MINUTE }], selectPolicy: 'Max' } },
  guarantees: [guarantee('load < 100', { kind: 'gauge' })],
});

describe('simulate', () => {
  test('a counter that grows scales once for each growth, as soon as the last rollout has settled', async () => {
    const misses = series('deadlines_missed', [0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 3, 3, 3, 3, 3, 3]);
    const { decisions } = await simulate(options([counter], [misses], 5));
    expect(decisions.map(({ atMs, from, to, evidence }) => [(atMs - START_MS) / SECOND, from, to, evidence.value])).toEqual([
      [60, 4, 6, 1],
      [190, 6, 9, 1],
      [230, 9, 14, 1],
    ]);
  });

  test('what is missing is unknown, and nothing is decided on it', async () => {
    const simulated = await simulate(options([counter], [series('deadlines_missed', [0])], 30));
    expect(simulated.decisions).toEqual([]);
    expect(sumsOf(simulated).unknownMs).toBeGreaterThan(25 * MINUTE);
  });

  test('the same input gives the same result', async () => {
    const recorded = [series('load', [1, 9, 9, 9, 1, 1, 9, 9, 1, 1, 1, 9])];
    expect(await simulate(options([gauge, calm], recorded))).toEqual(await simulate(options([gauge, calm], recorded)));
  });

  test('decides what the controller decides on a clock that is told the time, whatever was recorded', async () => {
    const growths = fc.array(fc.oneof({ arbitrary: fc.constant(0), weight: 6 }, fc.integer({ min: 1, max: 3 })), {
      minLength: 20,
      maxLength: 60,
    });
    const loads = fc.array(fc.oneof({ arbitrary: fc.integer({ min: 0, max: 9 }), weight: 9 }, fc.constant(null), fc.constant(Number.NaN)), {
      minLength: 20,
      maxLength: 60,
    });
    let decided = 0;
    await fc.assert(
      fc.asyncProperty(growths, loads, fc.constantFrom([counter, gauge, calm], [target]), async (grows, load, templates) => {
        let total = 0;
        const misses = grows.map((by) => {
          total += by;
          return total;
        });
        const given = options(templates, [series('deadlines_missed', misses), series('load', load)], 15);
        const simulated = (await simulate(given)).decisions.map(({ id: _id, ...rest }) => rest);
        expect(simulated).toEqual(await decidedByTheController(given));
        decided += simulated.length;
      }),
      { numRuns: 15 },
    );
    expect(decided).toBeGreaterThan(20);
  }, 60_000);
});

/** The real loop, on a branch and a cluster that do what they are told. */
async function decidedByTheController({ environment: given, source, fromMs, toMs, stepMs, settleMs }: SimulationOptions) {
  const clock = fakeClock(fromMs);
  const said: Said[] = [saidOf(given, fromMs)];
  const made: (Omit<DecisionRecord, 'id'> & { atMs: number })[] = [];
  let settledAtMs: number | undefined = fromMs;
  let desired = desiredOf(given, said);
  const promises: Promises = new Promises({
    desired: () => desired,
    sourcesOf: (): readonly MetricSource[] => [source],
    rolloutOn: () => ({ health: undefined, settledAtMs, reason: settledAtMs === undefined ? 'its rollout has not settled' : undefined }),
    write: async ({ inForce }, decisions) => {
      const records = decisions.flatMap(({ record }) => record ?? []);
      const [record] = records;
      if (record === undefined || inForce === undefined) return undefined;
      const { id: _id, ...rest } = record;
      made.push({ ...rest, atMs: clock.now() });
      const after = withReplicas(inForce.environment, record.to);
      said.push({ ...saidOf(after, clock.now()), decisions: [record] });
      desired = desiredOf(after, said);
      settledAtMs = undefined;
      void clock.sleep(settleMs).then(() => {
        settledAtMs = clock.now();
        promises.judgeAll();
      });
      return 0;
    },
    waitsFor: () => undefined,
    observed: () => undefined,
    evaluateEveryMs: stepMs,
    clock,
    log: silentLog,
  });
  promises.judgeAll();
  await clock.advance(toMs - fromMs);
  await promises.stop();
  return made;
}

function saidOf({ tasks }: Environment, atMs: number): Said {
  const [declared] = tasks.values();
  return { atMs, replicas: { 'compss-workflow': declared?.spec.replicas ?? 0 }, qos: declared?.qos.map(({ name }) => name) ?? [] };
}

function withReplicas(given: Environment, replicas: number): Environment {
  return { ...given, tasks: new Map([...given.tasks].map(([name, one]) => [name, { ...one, spec: { ...one.spec, replicas } }])) };
}

function desiredOf(given: Environment, said: readonly Said[]): Desired {
  const revision = `r${said.length}`;
  const inForce = { revision, environment: given };
  return { tip: revision, issues: [], inForce, history: historyOf(said), removals: [], requests: NO_REQUESTS, subject: '', syncId: 'city' };
}
