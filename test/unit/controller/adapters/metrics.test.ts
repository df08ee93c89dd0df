import { describe, expect, it } from 'vitest';
import { createMetrics, type Observed } from '../../../../controller/adapters/metrics.ts';

const observed: Observed = {
  infrastructures: [{ name: 'modena', state: 'ready' }],
  tasks: [
    {
      id: 'redis',
      replicas: { desired: 4, ready: 3 },
      agreements: [{ id: 'redis_deadlines', guarantee: 'deadlines_missed', state: 'violated' }],
    },
  ],
};

describe('createMetrics', () => {
  it.each([
    'rotterdam_infrastructure_state{infrastructure="modena",state="ready"} 1',
    'rotterdam_task_replicas{task="redis",which="desired"} 4',
    'rotterdam_task_replicas{task="redis",which="ready"} 3',
    'rotterdam_guarantee_state{agreement="redis_deadlines",guarantee="deadlines_missed",state="violated"} 1',
    'rotterdam_decisions_total{task="redis"} 2',
    'rotterdam_sync_duration_seconds_count{infrastructure="modena",outcome="done"} 1',
  ])('shows %s', async (line) => {
    const metrics = createMetrics(() => observed);
    metrics.decided('redis');
    metrics.decided('redis');
    metrics.synced('modena', 'done', 20);
    expect((await metrics.text()).text).toContain(line);
  });

  it('forgets what is no longer there', async () => {
    let now = observed;
    const metrics = createMetrics(() => now);
    await metrics.text();
    now = { infrastructures: [{ name: 'modena', state: 'unreachable' }], tasks: [] };
    const { text } = await metrics.text();
    expect(text).toContain('state="unreachable"');
    expect(text).not.toMatch(/state="ready"|rotterdam_task_replicas\{/);
  });
});
