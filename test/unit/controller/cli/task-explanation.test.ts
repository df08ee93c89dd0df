import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../../controller/adaptation/effect.ts';
import { type ActionExplained, printTaskExplanation, type TaskExplanation } from '../../../../controller/cli/task-explanation.ts';
import type { PromiseTold } from '../../../../controller/story/task-story.ts';

const AT = '2026-01-01T00:00:00.000Z';

const BASE: TaskExplanation = {
  task: 'redis',
  environment: 'city',
  revision: 'a'.repeat(40),
  declaredAt: 'environments/city/tasks/redis.yaml:1:1',
  replicas: 1,
  at: AT,
  promises: [],
  idle: [],
  rollout: [{ infrastructure: 'modena', health: 'ready', desired: 1, ready: 1, applied: 'b'.repeat(40) }],
  actions: [],
};

const PROMISE: PromiseTold = {
  agreement: 'redis_q',
  guarantee: 'latency',
  promise: 'latency < 1',
  answer: 'scale_out × 2 up to 30',
  kind: 'gauge',
  queries: ['latency'],
  series: 2,
  verdict: 'violated',
  violations: 1,
  evidence: { value: 3, limit: 1, at: '2025-12-31T23:59:30.000Z', source: 'push' },
  decision: { kind: 'scale', from: 1, to: 2, reason: 'latency 3, promised < 1', limitedBy: 'maxReplicas 2' },
};

function action(changes: Partial<ActionExplained> = {}): ActionExplained {
  const commit = { id: 'c'.repeat(40), at: AT, author: 'Engineer <e@x>', subject: 'More\u001b[2J' };
  return { from: 1, to: 2, commit, rollout: [{ infrastructure: 'modena', state: 'waiting' }], ...changes };
}

function decided(queries: readonly string[], effect?: Effect): ActionExplained {
  const evidence = { value: 3, limit: 1, at: '2025-12-31T23:59:30.000Z', source: 'push', consumed: {} };
  const decision = { id: 'd1', agreement: 'redis_q', guarantee: 'latency', queries, evidence, reason: 'latency 3' };
  return action({ decision: { ...decision, ...(effect && { effect }) } });
}

describe('printTaskExplanation', () => {
  it.each([
    { tells: 'that nothing is promised', told: BASE, text: '  promise   none\n' },
    {
      tells: 'agreements that are not judged',
      told: { ...BASE, idle: [{ agreement: 'redis_q', state: 'stopped' as const, reason: 'Stopped in a.yaml' }] },
      text: '  promise   redis_q is stopped: Stopped in a.yaml\n',
    },
    { tells: 'that nothing has happened', told: BASE, text: 'Nobody has changed its replicas yet.\n' },
    {
      tells: 'the age of evidence',
      told: { ...BASE, promises: [PROMISE] },
      text: '  evidence  3, 30s ago (2025-12-31T23:59:30.000Z) in push, 2 series\n',
    },
    { tells: 'violations', told: { ...BASE, promises: [PROMISE] }, text: '  verdict   violated, 1 violation within the window\n' },
    {
      tells: 'what each of several promises would do alone',
      told: { ...BASE, promises: [PROMISE, PROMISE] },
      text: '  alone     1 → 2, limited by maxReplicas 2\n',
    },
    {
      tells: 'why a verdict is unknown',
      told: { ...BASE, promises: [{ ...PROMISE, verdict: 'unknown' as const, reason: 'no samples' }] },
      text: '  verdict   unknown: no samples\n',
    },
    { tells: 'what waits to be applied', told: { ...BASE, actions: [action()] }, text: '  rollout   modena: not applied yet\n' },
    { tells: 'no control characters of a commit', told: { ...BASE, actions: [action()] }, text: 'Engineer <e@x>: More [2J\n' },
    {
      tells: 'no query twice',
      told: { ...BASE, promises: [PROMISE], actions: [decided(['latency'])] },
      text: '  promise   latency of redis_q\n  evidence  3 at 2025-12-31T23:59:30.000Z in push\n',
    },
    {
      tells: 'the query of a promise that is asked no more',
      told: { ...BASE, promises: [PROMISE], actions: [decided(['latency_old'])] },
      text: '  promise   latency of redis_q\n  query     latency_old\n  evidence  ',
    },
    {
      tells: 'what came of it',
      told: { ...BASE, actions: [decided(['latency'], 'none')] },
      text: '  decision  1 → 2\n  effect    none in time\n  commit    ',
    },
    {
      tells: 'how many older changes there are',
      told: { ...BASE, actions: Array(12).fill(action()) },
      text: '\n2 older changes: --json tells all\n',
    },
  ])('tells $tells', ({ told, text }) => {
    expect(stripVTControlCharacters(printTaskExplanation(told))).toContain(text);
  });
});
