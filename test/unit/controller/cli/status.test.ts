import { describe, expect, it } from 'vitest';
import { printInfrastructures, printStatus } from '../../../../controller/cli/status.ts';
import type { AgreementStatus, Status, TaskStatus } from '../../../../controller/status.ts';

const NOW = Date.UTC(2026, 0, 10);
const before = (durationMs: number) => new Date(NOW - durationMs).toISOString();

function printed(appliedAt: string | undefined, reason?: string): string {
  const infrastructure = {
    name: 'modena',
    state: 'held' as const,
    revision: 'a'.repeat(40),
    ...(appliedAt && { appliedAt }),
    ...(reason && { reason }),
  };
  const status = {
    environment: 'city',
    revision: null,
    tip: null,
    conditions: [],
    issues: [],
    infrastructures: [infrastructure],
    tasks: [],
    functions: [],
  };
  return printInfrastructures(status, NOW);
}

describe('printInfrastructures', () => {
  it.each([
    { ageMs: 400, says: '0s ago' },
    { ageMs: 119_000, says: '119s ago' },
    { ageMs: 120_000, says: '2m ago' },
    { ageMs: 119 * 60_000, says: '119m ago' },
    { ageMs: 5 * 3_600_000, says: '5h ago' },
    { ageMs: 3 * 86_400_000, says: '3d ago' },
    { ageMs: -5_000, says: '0s ago' },
  ])('says that what was applied $ageMs ms ago was $says', ({ ageMs, says }) => {
    expect(printed(before(ageMs))).toContain(`aaaaaaaaaa  ${says}`);
  });

  it('puts every line of a reason below the first, and none where none was applied', () => {
    const lines = printed(undefined, 'first\nsecond').split('\n');
    const column = lines.find((line) => line.startsWith('INFRASTRUCTURE'))?.indexOf('REASON');
    expect(lines.flatMap((line) => (/first|second/.test(line) ? [line.search(/first|second/)] : []))).toEqual([column, column]);
  });
});

const HEALTHY: Status = {
  environment: 'city',
  revision: null,
  tip: null,
  conditions: [],
  issues: [],
  infrastructures: [],
  tasks: [],
  functions: [],
};

function task(name: string, health: string, agreements: readonly AgreementStatus[] = []): TaskStatus {
  return { id: name, name, dock: 'class', infrastructure: 'modena', replicas: { desired: 4, ready: 4 }, health, agreements };
}

function agreement(id: string, changes: Partial<AgreementStatus> = {}): AgreementStatus {
  const evidence = { value: 0, limit: 1, evidenceAt: before(12_000), source: 'prometheus http://p' };
  return { id, guarantee: 'misses', state: 'met', ...evidence, ...changes };
}

describe('printStatus', () => {
  it.each([
    { of: 'met', agreed: agreement('a'), row: /^a {2,}misses +met +0 +1 +12s ago, prometheus http:\/\/p$/m },
    {
      of: 'met, and consumed',
      agreed: agreement('a', { reason: 'nothing new: m 1 is already consumed', decision: { kind: 'hold', reason: 'misses 0' } }),
      row: /prometheus http:\/\/p +nothing new: m 1 is already consumed$/m,
    },
    {
      of: 'violated, and limited',
      agreed: agreement('a', {
        state: 'violated',
        decision: { kind: 'scale', from: 4, to: 5, reason: 'misses 1', limitedBy: 'maxReplicas 5' },
      }),
      row: /violated .* 4 → 5, limited by maxReplicas 5$/m,
    },
    {
      of: 'violated, and held',
      agreed: agreement('a', { state: 'violated', decision: { kind: 'hold', reason: 'Cooling down for 5s more' } }),
      row: /violated .* holds: Cooling down for 5s more$/m,
    },
    {
      of: 'unknown',
      agreed: { id: 'a', guarantee: 'misses', state: 'unknown' as const, reason: 'no samples' },
      row: /^a +misses +unknown +no samples$/m,
    },
  ])('tells value, evidence and decision of what is $of', ({ agreed, row }) => {
    expect(printStatus({ ...HEALTHY, tasks: [task('redis', 'ready', [agreed])] }, NOW)).toMatch(row);
  });

  it('says who scales a task', () => {
    const scaled = { ...task('redis', 'ready'), scaledBy: 'HorizontalPodAutoscaler redis' };
    expect(printStatus({ ...HEALTHY, tasks: [scaled] }, NOW)).toMatch(
      /^redis +class +modena +4\/4 by HorizontalPodAutoscaler redis +ready/m,
    );
  });

  it('of 10,000 tasks shows those that need a look, and counts the others', () => {
    const tasks = Array.from({ length: 10_000 }, (_, at) =>
      task(`t${at}`, at === 9_000 ? 'progressing' : 'ready', [agreement(`a${at}`, at === 9_999 ? { state: 'violated' } : {})]),
    );
    const text = printStatus({ ...HEALTHY, tasks }, NOW);
    expect(text.split('\n').length).toBeLessThan(60);
    expect(text).toMatch(/URL\nt9000 /);
    expect(text).toContain('20 of 10000 tasks shown: 9999 ready, 1 progressing. See --task NAME or --all.');
    expect(text).toMatch(/DECISION\na9999 /);
    expect(text).toContain('20 of 10000 guarantees shown: 9999 met, 1 violated. See --task NAME or --all.');
    expect(printStatus({ ...HEALTHY, tasks }, NOW, true).split('\n').length).toBeGreaterThan(20_000);
  });
});
