import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultsSpec } from '../../../../constructs/spec/defaults.ts';
import type { ContainerSpec } from '../../../../constructs/spec/task.ts';
import { admit, type Choice } from '../../../../controller/adaptation/admit.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import type { Environment, QosTemplate } from '../../../../synth/environment.ts';
import { environmentOf } from '../../../support/environment.ts';
import { environment, guarantee, historyOf, START_MS, task, template } from '../sla/world.ts';

interface Wish {
  readonly from: number;
  readonly to: number;
  readonly qos?: Partial<QosTemplate>;
}

interface Room {
  readonly quota?: Readonly<Record<string, string | number>>;
  readonly total?: number;
  readonly resources?: NonNullable<ContainerSpec['resources']>;
  /** Replicas of another task of the dock that wishes for nothing. */
  readonly others?: number;
}

/** Tasks a, b, … of one dock that wish to scale, and what each gets. */
function admitted(wishes: readonly Wish[], { quota, total, resources, others = 0 }: Room) {
  const names = wishes.map((_, at) => String.fromCharCode(97 + at));
  const tasks = [
    ...wishes.map(({ from, qos = {} }, at) => task(names[at] ?? '', [template('Q', qos)], from)),
    task('other', [], others),
  ].map((one) => ({ ...one, spec: { ...one.spec, containers: one.spec.containers.map((container) => ({ ...container, resources })) } }));
  const world: Environment = {
    ...environment(tasks),
    docks: environmentOf({ docks: { class: quota === undefined ? {} : { quota } } }).docks,
    defaults: defaultsSpec.parse(total === undefined ? {} : { adaptation: { maxReplicasTotal: { modena: total } } }),
  };
  const history = historyOf([{ atMs: START_MS, replicas: {} }]).tasks.get('') ?? { agreed: new Map(), humans: [], decisions: [] };
  const choices = agreementsOf(world).map((agreement, at): Choice => {
    const verdict = { state: 'violated', value: 1, limit: 1, evidenceAtMs: START_MS, source: 'x' } as const;
    const { from, to } = wishes[at] ?? { from: 0, to: 0 };
    return {
      decision: { kind: 'scale', from, to, reason: 'missed' },
      judgement: {
        agreement,
        guarantee: 'deadlines_missed',
        kind: 'counter',
        verdict,
        series: 1,
        violations: 1,
        counted: [],
        history,
      },
    };
  });
  return admit(choices, world).map(({ decision }) => decision);
}

const replicas = (decisions: ReturnType<typeof admitted>, wishes: readonly Wish[]) =>
  decisions.map((decision, at) => (decision.kind === 'scale' ? decision.to : wishes[at]?.from));

describe('admit', () => {
  const cpu = { requests: { cpu: '500m' } };

  test.each<{ why: string; wishes: readonly Wish[]; room: Room; to: readonly number[]; limitedBy?: string }>([
    { why: 'without quotas all is admitted', wishes: [{ from: 4, to: 900 }], room: {}, to: [900] },
    {
      why: 'as many as the quota has room for',
      wishes: [{ from: 4, to: 9 }],
      room: { quota: { pods: 10 }, others: 3 },
      to: [7],
      limitedBy: "quota pods 10 of dock 'class'",
    },
    { why: 'all when there is room', wishes: [{ from: 4, to: 7 }], room: { quota: { pods: 10 }, others: 3 }, to: [7] },
    {
      why: 'by what containers request',
      wishes: [{ from: 2, to: 9 }],
      room: { quota: { 'requests.cpu': '2' }, resources: cpu },
      to: [4],
      limitedBy: 'quota requests.cpu 2',
    },
    { why: 'cpu means requests.cpu', wishes: [{ from: 2, to: 9 }], room: { quota: { cpu: '2500m' }, resources: cpu }, to: [5] },
    {
      why: 'a limit is the request where none is written',
      wishes: [{ from: 2, to: 9 }],
      room: { quota: { memory: '1Gi' }, resources: { limits: { memory: '256Mi' } } },
      to: [4],
    },
    {
      why: 'limits by limits',
      wishes: [{ from: 2, to: 9 }],
      room: { quota: { 'limits.cpu': 4 }, resources: { requests: { cpu: '100m' }, limits: { cpu: 1 } } },
      to: [4],
    },
    { why: 'the scarcest counts', wishes: [{ from: 2, to: 9 }], room: { quota: { pods: 8, cpu: 2 }, total: 6, resources: cpu }, to: [4] },
    { why: 'what nobody requests limits nobody', wishes: [{ from: 2, to: 9 }], room: { quota: { cpu: 1, services: 1 } }, to: [9] },
    {
      why: 'the total of the infrastructure',
      wishes: [{ from: 4, to: 9 }],
      room: { total: 8, others: 2 },
      to: [6],
      limitedBy: "maxReplicasTotal 8 of 'modena'",
    },
    {
      why: 'by name when nothing else tells',
      wishes: [
        { from: 2, to: 5 },
        { from: 2, to: 5 },
      ],
      room: { total: 8 },
      to: [5, 3],
    },
    {
      why: 'the more important first',
      wishes: [
        { from: 2, to: 5 },
        { from: 2, to: 5, qos: { importance: 2 } },
      ],
      room: { total: 8 },
      to: [3, 5],
    },
    {
      why: 'then the one whose violation costs more',
      wishes: [
        { from: 2, to: 5 },
        {
          from: 2,
          to: 5,
          qos: { guarantees: [guarantee('deadlines_missed < 1', { penalties: [{ type: 'discount', value: '5', unit: '%' }] })] },
        },
      ],
      room: { total: 8 },
      to: [3, 5],
    },
    {
      why: 'what others give up is not there yet',
      wishes: [
        { from: 2, to: 5 },
        { from: 6, to: 1 },
      ],
      room: { total: 9 },
      to: [3, 1],
    },
  ])('$why', ({ wishes, room, to, limitedBy }) => {
    const decisions = admitted(wishes, room);
    expect(replicas(decisions, wishes)).toEqual(to);
    if (limitedBy !== undefined) expect(decisions[0]).toMatchObject({ limitedBy: expect.stringContaining(limitedBy) });
  });

  test('no room holds, and says why', () => {
    expect(admitted([{ from: 4, to: 9 }], { quota: { pods: 3 } })).toEqual([
      { kind: 'hold', reason: "missed: 4 replicas are at the limit: quota pods 3 of dock 'class'" },
    ]);
  });

  test('law: the total is never exceeded, but where it was; nobody gets more than wished, or less than there is', () => {
    const wish = fc.tuple(fc.nat(20), fc.nat(20)).map(([from, more]) => ({ from, to: from + more + 1 }));
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 6 }), fc.integer({ min: 1, max: 100 }), (wishes, total) => {
        const got = replicas(admitted(wishes, { total }), wishes).map((count) => count ?? 0);
        const before = wishes.reduce((sum, { from }) => sum + from, 0);
        expect(got.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(Math.max(total, before));
        for (const [at, { from, to }] of wishes.entries()) {
          expect(got[at]).toBeGreaterThanOrEqual(from);
          expect(got[at]).toBeLessThanOrEqual(to);
        }
      }),
    );
  });
});
