import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Commit } from '../../../../controller/ports.ts';
import {
  blobsToRead,
  type DeclaredTask,
  EMPTY_HISTORY,
  foldHistory,
  type History,
  type TasksIn,
} from '../../../../controller/sla/history.ts';
import { parseDecision, printDecision } from '../../../../controller/sla/trailer.ts';
import { commit, decision, historyOf, MINUTE, START_MS } from './world.ts';

const AT = START_MS;
const workflow = (replicas: number, qos = ['DeadlinesMissed_1']): DeclaredTask => ({ name: 'compss-workflow', replicas, qos });

/** Blobs by id; `broken` does not parse. */
function reader(blobs: Readonly<Record<string, readonly DeclaredTask[]>>): TasksIn {
  return (_, id) => (id === 'broken' ? undefined : (blobs[id] ?? []));
}

const fold = (commits: readonly Commit[], tasksIn: TasksIn, history: History = EMPTY_HISTORY, environment = 'city') =>
  foldHistory(history, commits, { environment, tasksIn });

const FILE = 'environments/city/tasks/workflow.yaml';
const change = (before: string | null, after: string | null, path = FILE) => ({ path, before, after });

describe('foldHistory: what happened to a task', () => {
  test('its binding to a template is its creation', () => {
    const history = historyOf([
      { atMs: AT, replicas: { a: 1 }, qos: [] },
      { atMs: AT + MINUTE, replicas: { a: 1 }, qos: ['X'] },
      { atMs: AT + 2 * MINUTE, replicas: { a: 1 }, qos: ['X', 'Y'] },
    ]);
    expect([...(history.tasks.get('a')?.agreed ?? [])]).toMatchObject([
      ['X', { revision: 'c1', order: 1 }],
      ['Y', { revision: 'c2', order: 2 }],
    ]);
  });

  test('its creation is the commit that declared it; one that comes again is another', () => {
    const steps = [
      { atMs: AT, replicas: { a: 1 }, qos: [] },
      { atMs: AT + MINUTE, replicas: { a: 2 }, qos: ['X'] },
      { atMs: AT + 2 * MINUTE, replicas: {}, qos: [] },
      { atMs: AT + 3 * MINUTE, replicas: { a: 2 }, qos: [] },
    ];
    const begunAfter = (count: number) => historyOf(steps.slice(0, count)).tasks.get('a')?.begun?.revision;
    expect([begunAfter(1), begunAfter(2), begunAfter(4)]).toEqual(['c0', 'c0', 'c3']);
  });

  test("a change of its replicas without a decision is a human's", () => {
    const history = historyOf([
      { atMs: AT, replicas: { a: 1 } },
      { atMs: AT + MINUTE, replicas: { a: 5 } },
      { atMs: AT + 2 * MINUTE, replicas: { a: 3 } },
    ]);
    expect(history.tasks.get('a')).toMatchObject({
      human: { revision: 'c2', from: 5, to: 3 },
      humans: [
        { revision: 'c1', from: 1, to: 5 },
        { revision: 'c2', from: 5, to: 3 },
      ],
    });
  });

  test('what was consumed, and asked, is known of the last ten decisions: memory does not grow with all of it', () => {
    const said = Array.from({ length: 15 }, (_, at) => ({
      atMs: AT + at * MINUTE,
      replicas: { a: at + 1 },
      decisions: at === 0 ? [] : [decision({ id: `d${at}`, task: 'a', from: at, to: at + 1, queries: ['m'], consumed: { m: at } })],
    }));
    const decisions = historyOf(said).tasks.get('a')?.decisions;
    const older = Array.from({ length: 4 }, () => undefined);
    expect(decisions?.map(({ evidence }) => evidence.consumed.m)).toEqual([...older, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
    expect(decisions?.map(({ queries }) => queries?.length)).toEqual([...older, ...Array.from({ length: 10 }, () => 1)]);
  });

  test("a decision is no human's change", () => {
    const history = historyOf([
      { atMs: AT, replicas: { 'compss-workflow': 4 } },
      { atMs: AT + MINUTE, replicas: { 'compss-workflow': 6 }, decisions: [decision()] },
    ]);
    expect(history.tasks.get('compss_workflow')).toMatchObject({ decisions: [{ id: 'd1', revision: 'c1' }] });
    expect(history.tasks.get('compss_workflow')?.human).toBeUndefined();
  });

  test('a decision that says something else than was done explains nothing', () => {
    const history = historyOf([
      { atMs: AT, replicas: { 'compss-workflow': 4 } },
      { atMs: AT + MINUTE, replicas: { 'compss-workflow': 10 }, decisions: [decision()] },
    ]);
    expect(history.tasks.get('compss_workflow')?.human).toMatchObject({ from: 4, to: 10 });
  });

  test.each([
    { reason: 'one after the other, as git hosts squash', lines: [decision(), decision({ id: 'd2', from: 6, to: 9 })].map(printDecision) },
    {
      reason: 'indented and the newest first, as git squashes',
      lines: [decision({ id: 'd2', from: 6, to: 9 }), decision()].map((one) => `    ${printDecision(one)}`),
    },
  ])('decisions that a squash brings are no human change: $reason', ({ lines }) => {
    const blobs = reader({ four: [workflow(4)], nine: [workflow(9)] });
    const squash = commit(1, AT, `Squashed commit of the following:\n\n${lines.join('\n\n')}\n`, [change('four', 'nine')]);
    const task = fold([commit(0, AT, 'Add', [change(null, 'four')]), squash], blobs).tasks.get('compss_workflow');
    expect([task?.human, task?.decisions.map(({ to }) => to)]).toEqual([undefined, [6, 9]]);
  });

  test('an indented word to prune is quoted, and allows nothing', () => {
    const said = commit(0, AT, 'Explain\n\n    Rotterdam-Allow-Prune: modena\n', []);
    expect(fold([said], reader({})).allowPrune).toEqual([]);
  });

  test('a decision is read once, whatever brings it again', () => {
    const history = historyOf([
      { atMs: AT, replicas: { 'compss-workflow': 4 } },
      { atMs: AT, replicas: { 'compss-workflow': 6 }, decisions: [decision()] },
      { atMs: AT, replicas: { 'compss-workflow': 6 }, decisions: [decision()] },
    ]);
    expect(history.tasks.get('compss_workflow')?.decisions).toHaveLength(1);
  });

  test("a merge that brings a decision is no human's change", () => {
    const blobs = reader({ four: [workflow(4)], six: [workflow(6)] });
    const side = [commit(0, AT, 'Add', [change(null, 'four')]), commit(1, AT, printDecision(decision()), [change('four', 'six')])];
    const merge = commit(2, AT, 'Merge', [change('four', 'six')], ['c0', 'c1']);
    expect(fold([...side, merge], blobs).tasks.get('compss_workflow')?.human).toBeUndefined();
  });

  const OTHER = 'environments/city/tasks/other.yaml';
  const begun = [commit(0, AT, 'Add', [change(null, 'four')]), commit(1, AT, printDecision(decision()), [change('four', 'six')])];
  test.each<{ reason: string; commits: readonly Commit[] }>([
    { reason: 'in one commit', commits: [commit(2, AT, 'Move', [change('six', null), change(null, 'six', OTHER)])] },
    {
      reason: 'in two: declared twice in between',
      commits: [commit(2, AT, 'Copy', [change(null, 'six', OTHER)]), commit(3, AT, 'Remove', [change('six', null)])],
    },
    {
      reason: 'in two: the old file is broken in between',
      commits: [
        commit(2, AT, 'Break', [change('six', 'broken'), change(null, 'six', OTHER)]),
        commit(3, AT, 'Remove', [change('broken', null)]),
      ],
    },
    {
      reason: 'a copy that is taken back',
      commits: [commit(2, AT, 'Copy', [change(null, 'bare', OTHER)]), commit(3, AT, 'Undo', [change('bare', null, OTHER)])],
    },
    { reason: 'a merge whose first parent lacks it', commits: [commit(3, AT, 'Pull', [change(null, 'six')], ['c2', 'c1'])] },
    {
      reason: 'the other side of a merge removed it',
      commits: [commit(2, AT, 'Remove', [change('four', null)], ['c0']), commit(3, AT, 'Merge', [], ['c1', 'c2'])],
    },
    {
      reason: 'the other side of a merge unbound it',
      commits: [commit(2, AT, 'Unbind', [change('four', 'bare')], ['c0']), commit(3, AT, 'Merge', [], ['c1', 'c2'])],
    },
  ])('a task stays the same: $reason', ({ commits }) => {
    const blobs = reader({ four: [workflow(4)], six: [workflow(6)], bare: [workflow(6, [])] });
    const kept = fold([...begun, ...commits], blobs).tasks.get('compss_workflow');
    expect(kept?.agreed.get('DeadlinesMissed_1')?.revision).toBe('c0');
    expect(kept?.decisions).toMatchObject([{ id: 'd1', revision: 'c1' }]);
  });

  test.each<{ reason: string; commits: readonly Commit[]; human?: object }>([
    {
      reason: 'a copy with other replicas',
      commits: [commit(2, AT, 'Copy', [change(null, 'nine', OTHER)]), commit(3, AT, 'Remove', [change('six', null)])],
      human: { from: 6, to: 9 },
    },
    {
      reason: 'a decision on the copy, then the broken old file goes',
      commits: [
        commit(2, AT, 'Break', [change('six', 'broken'), change(null, 'six', OTHER)]),
        commit(3, AT, printDecision(decision({ id: 'd2', from: 6, to: 9 })), [change('six', 'nine', OTHER)]),
        commit(4, AT, 'Remove', [change('broken', null)]),
      ],
    },
  ])("a human's change while it moves: $reason", ({ commits, human }) => {
    const blobs = reader({ four: [workflow(4)], six: [workflow(6)], nine: [workflow(9)] });
    const moved = fold([...begun, ...commits], blobs).tasks.get('compss_workflow')?.human;
    if (human === undefined) expect(moved).toBeUndefined();
    else expect(moved).toMatchObject(human);
  });

  test.each<{ reason: string; commits: readonly Commit[] }>([
    { reason: 'removed', commits: [commit(2, AT, 'Remove', [change('six', null)]), commit(3, AT, 'Add', [change(null, 'four')])] },
    {
      reason: 'unbound',
      commits: [commit(2, AT, 'Unbind', [change('six', 'bare')]), commit(3, AT, 'Bind', [change('bare', 'six')])],
    },
  ])('one that was $reason and comes again has a new agreement', ({ commits }) => {
    const blobs = reader({ four: [workflow(4)], six: [workflow(6)], bare: [workflow(6, [])] });
    const again = fold([...begun, ...commits], blobs).tasks.get('compss_workflow');
    expect(again?.agreed.get('DeadlinesMissed_1')?.revision).toBe('c3');
  });

  test('a file that does not parse counts as unchanged', () => {
    const blobs = reader({ four: [workflow(4)], nine: [workflow(9)] });
    const commits = [
      commit(0, AT, 'Add', [change(null, 'four')]),
      commit(1, AT, 'Break', [change('four', 'broken')]),
      commit(2, AT, 'Repair', [change('broken', 'four')]),
    ];
    const history = fold(commits, blobs);
    expect(history.tasks.get('compss_workflow')).toMatchObject({ decisions: [] });
    expect(history.tasks.get('compss_workflow')?.agreed.get('DeadlinesMissed_1')?.revision).toBe('c0');
    expect(history.tasks.get('compss_workflow')?.human).toBeUndefined();
    const more = [commit(3, AT, 'Break', [change('four', 'broken')]), commit(4, AT, 'More', [change('broken', 'nine')])];
    const repaired = fold(more, blobs, history);
    expect(repaired.tasks.get('compss_workflow')?.human).toMatchObject({ from: 4, to: 9, revision: 'c4' });
  });

  test('words that allow pruning, and trailers that cannot be read, are kept with their commit', () => {
    const message = 'Clean\n\nRotterdam-Allow-Prune: modena\nRotterdam-Decision: {"id": 1}\nRotterdam-Decision: {';
    const history = fold([commit(0, AT, message)], () => []);
    expect(history.allowPrune).toEqual([{ revision: 'c0', infrastructure: 'modena' }]);
    expect(history.malformed).toEqual([
      { revision: 'c0', line: '{"id": 1}' },
      { revision: 'c0', line: '{' },
    ]);
  });
});

describe('foldHistory: other environments of the repository', () => {
  test('a decision of another environment is none here, nor malformed', () => {
    const elsewhere = historyOf([
      { atMs: AT, replicas: { 'compss-workflow': 4 } },
      { atMs: AT + MINUTE, replicas: { 'compss-workflow': 4 }, decisions: [decision({ environment: 'village' })] },
    ]);
    expect(elsewhere.tasks.get('compss_workflow')?.decisions).toEqual([]);
    expect(elsewhere.malformed).toEqual([]);
  });

  test("it explains no change here: that is a human's", () => {
    const history = historyOf([
      { atMs: AT, replicas: { 'compss-workflow': 4 } },
      { atMs: AT + MINUTE, replicas: { 'compss-workflow': 6 }, decisions: [decision({ environment: 'village' })] },
    ]);
    expect(history.tasks.get('compss_workflow')?.human).toMatchObject({ from: 4, to: 6 });
  });

  test.each([
    { word: 'modena', counts: ['modena'], reason: 'a plain word counts in all' },
    { word: 'city/modena', counts: ['modena'], reason: 'one of this environment' },
    { word: 'city/modena/web', counts: ['modena web'], reason: 'one for a task' },
    { word: 'modena/web', counts: [], reason: 'one for a task counts in its environment only' },
    { word: 'city/modena/web/x', counts: [], reason: 'there is nothing in a task' },
    { word: 'village/modena/web', counts: [], reason: 'one for a task of another' },
    { word: 'village/modena', counts: [], reason: 'one of another' },
    { word: 'city-2/modena', counts: [], reason: 'one of another whose name begins alike' },
  ])('Rotterdam-Allow-Prune: $word: $reason', ({ word, counts }) => {
    const history = fold([commit(0, AT, `Clean\n\nRotterdam-Allow-Prune: ${word}`)], () => []);
    expect(history.allowPrune.map(({ infrastructure, task }) => [infrastructure, task ?? []].flat().join(' '))).toEqual(counts);
  });
});

describe('foldHistory: laws', () => {
  const saids = fc.array(
    fc.record({
      atMs: fc.constant(AT),
      replicas: fc.dictionary(fc.constantFrom('a', 'b'), fc.nat(9), { noNullPrototype: true }),
      qos: fc.subarray(['X', 'Y']),
    }),
    { maxLength: 12 },
  );

  test('commits may be cut into calls anywhere', () => {
    fc.assert(
      fc.property(saids, fc.nat(12), (said, cut) => {
        const blobs = new Map(
          said.map((one, at) => [`b${at}`, Object.entries(one.replicas).map(([name, replicas]) => ({ name, replicas, qos: one.qos }))]),
        );
        const commits = said.map((_, at) => commit(at, AT + at, 'x', [change(at === 0 ? null : `b${at - 1}`, `b${at}`)]));
        const tasksIn: TasksIn = (_, id) => blobs.get(id);
        const whole = fold(commits, tasksIn);
        expect(fold(commits.slice(cut), tasksIn, fold(commits.slice(0, cut), tasksIn))).toEqual(whole);
      }),
    );
  });

  test('10,000 commits are folded in well under a second', () => {
    const commits = Array.from({ length: 10_000 }, (_, at) =>
      commit(at, AT + at, printDecision(decision({ id: `d${at}` })), [change(`b${at - 1}`, `b${at}`)]),
    );
    const startMs = performance.now();
    const history = fold(commits, (_, id) => [workflow(Number(id.slice(1)) % 9)]);
    expect(history.tasks.get('compss_workflow')?.decisions).toHaveLength(10_000);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  test('each blob is to be read once', () => {
    const commits = [commit(0, AT, 'x', [change(null, 'one')]), commit(1, AT, 'x', [change('one', 'two')])];
    expect(blobsToRead(commits).map(({ id }) => id)).toEqual(['one', 'two']);
  });
});

describe('decision trailers', () => {
  test('what is printed is one line, and read back the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.dictionary(fc.string(), fc.nat()), (reason, source, consumed) => {
        const made = decision({ reason, queries: [source], evidence: { ...decision().evidence, source, consumed } });
        const line = printDecision(made);
        expect(line).not.toMatch(/\n/);
        expect(parseDecision(line.slice('Rotterdam-Decision: '.length))).toEqual(made);
      }),
    );
  });

  test.each([
    { what: 'no JSON', value: '{' },
    { what: 'an array', value: '[]' },
    { what: 'a fraction of a replica', value: JSON.stringify(decision({ to: 1.5 })) },
    { what: 'a consumed text', value: JSON.stringify(decision({ consumed: { a: 'x' as unknown as number } })) },
    { what: 'no evidence', value: JSON.stringify({ ...decision(), evidence: undefined }) },
  ])('$what is none', ({ value }) => {
    expect(parseDecision(value)).toBeUndefined();
  });

  test("a task's id may be written with dashes", () => {
    expect(parseDecision(JSON.stringify(decision({ task: 'compss-workflow' })))?.task).toBe('compss_workflow');
  });
});
