import { describe, expect, it } from 'vitest';
import { printInfrastructures } from '../../../../controller/cli/status.ts';

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
