import { describe, expect, it } from 'vitest';
import { createMetrics, type Observed } from '../../../../controller/adapters/metrics.ts';

const NOW = Date.UTC(2026, 0, 10);
const EVIDENCE_AT = new Date(NOW - 12_500).toISOString();

const observed: Observed = {
  conditions: [],
  infrastructures: [{ name: 'modena', state: 'ready' }],
  tasks: [
    {
      id: 'redis',
      replicas: { desired: 4, ready: 3 },
      agreements: [
        { id: 'redis_deadlines', guarantee: 'deadlines_missed', state: 'violated', value: 2, limit: 1, evidenceAt: EVIDENCE_AT },
        { id: 'redis_deadlines', guarantee: 'latency', state: 'unknown', budgetRemaining: -0.25 },
      ],
    },
  ],
};

function tasks(count: number): Observed {
  const all = Array.from({ length: count }, (_, at) => ({
    id: `t${at}`,
    replicas: { desired: 1, ready: 1 },
    agreements: [{ id: `t${at}_q`, guarantee: 'g', state: 'met', value: 0, limit: 1, evidenceAt: EVIDENCE_AT }],
  }));
  return { conditions: [], infrastructures: [], tasks: all };
}

describe('createMetrics', () => {
  it.each([
    'rotterdam_infrastructure_state{infrastructure="modena",state="ready"} 1',
    'rotterdam_task_replicas{task="redis",which="desired"} 4',
    'rotterdam_task_replicas{task="redis",which="ready"} 3',
    'rotterdam_agreement_state{task="redis",agreement="redis_deadlines",guarantee="deadlines_missed",state="violated"} 1',
    'rotterdam_agreement_state{task="redis",agreement="redis_deadlines",guarantee="latency",state="unknown"} 1',
    'rotterdam_agreement_value{task="redis",agreement="redis_deadlines",guarantee="deadlines_missed"} 2',
    'rotterdam_agreement_limit{task="redis",agreement="redis_deadlines",guarantee="deadlines_missed"} 1',
    'rotterdam_agreement_evidence_age_seconds{task="redis",agreement="redis_deadlines",guarantee="deadlines_missed"} 12.5',
    'rotterdam_agreement_budget_remaining{task="redis",agreement="redis_deadlines"} -0.25',
    'rotterdam_decisions_total{task="redis"} 2',
    'rotterdam_dropped{what="guarantees"} 0',
    'rotterdam_sync_duration_seconds_count{infrastructure="modena",outcome="done"} 1',
  ])('shows %s', async (line) => {
    const metrics = createMetrics(
      () => observed,
      () => NOW,
    );
    metrics.decided('redis');
    metrics.decided('redis');
    metrics.synced('modena', 'done', 20);
    expect((await metrics.text()).text).toContain(`${line}\n`);
  });

  it('shows no value of what is unknown', async () => {
    const { text } = await createMetrics(
      () => observed,
      () => NOW,
    ).text();
    expect(text).not.toMatch(/rotterdam_agreement_(value|limit|evidence_age_seconds)\{.*latency/);
  });

  it('forgets what is no longer there', async () => {
    let seen = observed;
    const metrics = createMetrics(
      () => seen,
      () => NOW,
    );
    metrics.decided('redis');
    await metrics.text();
    seen = { conditions: [], infrastructures: [{ name: 'modena', state: 'unreachable' }], tasks: [] };
    const { text } = await metrics.text();
    expect(text).toContain('state="unreachable"');
    expect(text).not.toMatch(/state="ready"|redis/);
  });

  it('has series of 10,000 tasks and guarantees at most, and counts the others', async () => {
    const metrics = createMetrics(
      () => tasks(10_003),
      () => NOW,
    );
    for (let at = 0; at < 10_003; at += 1) metrics.decided(`t${at}`);
    const { text } = await metrics.text();
    expect(text.match(/^rotterdam_agreement_value\{/gm)).toHaveLength(10_000);
    expect(text).toContain('rotterdam_dropped{what="tasks"} 3\n');
    expect(text).toContain('rotterdam_dropped{what="guarantees"} 3\n');
    expect(text.match(/^rotterdam_decisions_total\{/gm)).toHaveLength(10_000);
    expect(text).toContain('\nrotterdam_decisions_total 3\n');
  });
});
