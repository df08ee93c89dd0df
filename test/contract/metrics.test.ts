import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../controller/adapters/metrics.ts';
import { have } from '../support/parts.ts';

describe.skipIf(!have('prometheus'))("the controller's own metrics", () => {
  it('are well named and well formed, as promtool says', async () => {
    const agreements = [{ id: 'redis_q', guarantee: 'g "1"\\', state: 'met', value: 0.5, limit: 1, evidenceAt: '2026-01-01T00:00:00Z' }];
    const metrics = createMetrics(
      () => ({
        conditions: [],
        infrastructures: [{ name: 'modena', state: 'ready' }],
        tasks: [{ id: 'redis', replicas: { desired: 1, ready: 1 }, agreements }],
      }),
      () => Date.UTC(2026, 0, 2),
    );
    metrics.decided('redis');
    metrics.synced('modena', 'done', 20);
    const { text } = await metrics.text();
    const ours = text.split(/\n(?=# HELP)/).filter((family) => family.startsWith('# HELP rotterdam_'));
    expect(ours.length).toBeGreaterThan(8);
    expect(execFileSync('promtool', ['check', 'metrics'], { input: `${ours.join('\n')}\n`, encoding: 'utf8', stdio: 'pipe' })).toBe('');
  });
});
