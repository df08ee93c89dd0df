import { describe, expect, it } from 'vitest';
import { missingFor } from '../../../../controller/cli/wait.ts';
import type { InfrastructureStatus, Status, TaskStatus } from '../../../../controller/status.ts';

const TIP = 'b'.repeat(40);
const BEFORE = 'a'.repeat(40);
const READY = { name: 'modena', state: 'ready', revision: TIP } as const;

function task(name: string, health: string, infrastructure = 'modena'): TaskStatus {
  return { id: name.replaceAll('-', '_'), name, dock: 'class', infrastructure, replicas: { desired: 1, ready: 1 }, health, agreements: [] };
}

function status(infrastructures: readonly InfrastructureStatus[], tasks: readonly TaskStatus[], revision = TIP): Status {
  return { environment: 'city', tip: TIP, revision, conditions: [], issues: [], infrastructures, tasks, functions: [] };
}

describe('missingFor', () => {
  it.each([
    { reason: 'all is ready', seen: status([READY], [task('a', 'ready')]), tasks: [], missing: [] },
    { reason: 'the tip is not valid', seen: status([READY], [], BEFORE), tasks: [], missing: ['the tip bbbbbbbbbb is not in force'] },
    {
      reason: 'an older revision is applied',
      seen: status([{ ...READY, revision: BEFORE }], []),
      tasks: [],
      missing: ['infrastructure modena is ready at aaaaaaaaaa'],
    },
    {
      reason: 'a task progresses',
      seen: status([{ ...READY, state: 'progressing' }], [{ ...task('a', 'progressing'), reason: '0 of 1' }]),
      tasks: [],
      missing: ['infrastructure modena is progressing at bbbbbbbbbb', 'task a on modena is progressing: 0 of 1'],
    },
    {
      reason: 'another task than the one named progresses',
      seen: status([{ ...READY, state: 'progressing' }], [task('a', 'progressing'), task('b-c', 'ready')]),
      tasks: ['b_c'],
      missing: [],
    },
    {
      reason: 'the infrastructure of the task named does not answer',
      seen: status([READY, { name: 'edge', state: 'unreachable', revision: TIP, reason: 'down' }], [task('a', 'ready', 'edge')]),
      tasks: ['a'],
      missing: ['infrastructure edge is unreachable at bbbbbbbbbb: down'],
    },
    {
      reason: 'a task is on an infrastructure that this watch does not look after',
      seen: status([READY], [task('a', 'unknown', 'edge')]),
      tasks: [],
      missing: [],
    },
    {
      reason: 'an infrastructure is suspended',
      seen: status([{ ...READY, state: 'held' }], [task('a', 'ready')]),
      tasks: ['a'],
      missing: ['infrastructure modena is held at bbbbbbbbbb'],
    },
  ])('says what is missing when $reason', ({ seen, tasks, missing }) => {
    expect(missingFor(seen, tasks)).toEqual(missing);
  });

  it('refuses a task that is not declared and names those that are', () => {
    expect(() => missingFor(status([READY], [task('a', 'ready')]), ['b'])).toThrow(
      "Cannot wait for task 'b' as 'city' declares none: tasks are a",
    );
  });
});
