import { describe, expect, it } from 'vitest';
import { Tally } from '../../../../controller/cli/tally.ts';
import { machineTeller, personTeller } from '../../../../controller/cli/teller.ts';
import { Failure } from '../../../../controller/errors.ts';
import type { ObjectHealth, SyncChange, SyncPreview } from '../../../../controller/sync/engine.ts';
import { fakeClock } from '../../../support/fake-clock.ts';

const change = (op: SyncChange['op'], name: string): SyncChange => {
  return {
    op,
    ref: { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'class', name },
    reason: 'new',
    waitsFor: 'CustomResourceDefinition x',
  };
};
const CHANGES = [change('create', 'a'), change('update', 'b'), change('delete', 'c'), change('keep', 'd')];
const PLAN = { changes: CHANGES, counts: { create: 1, update: 1, delete: 1, unchanged: 0 }, ending: [], failed: [] } as SyncPreview;
const [create, update, gone] = CHANGES as [SyncChange, SyncChange, SyncChange];
const health = (state: ObjectHealth['state'], name: string): ObjectHealth => ({
  ref: { ...create.ref, name },
  state,
  reason: '1 of 3 replicas are ready',
});

function screen(isTTY: boolean) {
  let text = '';
  return {
    isTTY,
    columns: 60,
    write: (more: string) => (text += more),
    take: () => text.replaceAll(/\d\d:\d\d:\d\d/g, 'TIME').split('\n'),
  };
}

describe('Tally', () => {
  it('counts what was done, what got no answer, and what was not begun', () => {
    const tally = new Tally('modena', PLAN);
    for (const [one, state] of [
      [create, 'started'],
      [create, 'done'],
      [update, 'started'],
    ] as const)
      tally.note({ change: one, state });
    expect(tally.counts).toEqual({ planned: 3, created: 1, updated: 0, deleted: 0, failed: 0, unanswered: 1, notDone: 1 });
  });

  it('does not miss deletions that are held', () => {
    expect(new Tally('modena', { ...PLAN, held: 'too much' }).counts).toMatchObject({ planned: 2, notDone: 2 });
  });
});

describe('personTeller', () => {
  const play = (isTTY: boolean) => {
    const [shown, out, clock, tally] = [screen(isTTY), screen(false), fakeClock(), new Tally('modena', PLAN)];
    const teller = personTeller([tally], shown, out, clock);
    const tell = (...news: Parameters<Tally['note']>) => {
      tally.note(...news);
      teller.change(tally, ...news);
    };
    for (const one of [create, update, gone]) tell({ change: one, state: 'started' });
    tell({ change: create, state: 'waiting' });
    tell({ change: create, state: 'done' });
    tell({ change: update, state: 'failed', error: new Failure('terminal', 'Cannot apply it\u0007') });
    tell({ change: gone, state: 'done' });
    for (const state of ['progressing', 'progressing', 'ready'] as const) {
      tally.settling = { health: [health(state, 'a'), health('ready', 'b')], ending: [] };
      teller.settling(tally);
    }
    tally.said.push('Cannot apply it');
    teller.end([tally], true);
    return { shown: shown.take(), out: out.take() };
  };

  it('writes plain lines where there is no terminal, and the summary', () => {
    const { shown, out } = play(false);
    expect(shown).toEqual([
      'TIME  … waiting  ConfigMap class/a on modena: for CustomResourceDefinition x',
      'TIME  + create   ConfigMap class/a on modena',
      'TIME  ! failed   ConfigMap class/b on modena: Cannot apply it ',
      'TIME  - delete   ConfigMap class/c on modena',
      'TIME  … waiting  on modena: 1 of 2 are ready: ConfigMap class/a (1 of 3 replicas are ready)',
      'TIME  = ready    all 2 on modena',
      'modena: Cannot apply it',
      '',
    ]);
    expect(out).toEqual(['modena: 1 created, 1 deleted, 1 failed; 2 of 2 are ready', 'Interrupted: the next apply goes on from here.', '']);
  });

  it('keeps a line with a clock and counts on a terminal, no wider than it, and wipes it at the end', () => {
    const { shown } = play(true);
    expect(shown[1]).toBe('0:00  0/3 done\r\u001b[KTIME  + create   ConfigMap class/a on modena');
    expect(shown[2]).toMatch(/^0:00 {2}1\/3 done\r/);
    expect(shown.at(-2)).toBe('0:00  2/3 done, 1 failed\r\u001b[Kmodena: Cannot apply it');
  });
});

describe('machineTeller', () => {
  it('tells one event a line', () => {
    const [out, tally] = [screen(false), new Tally('modena', PLAN)];
    const teller = machineTeller(out);
    teller.change(tally, { change: update, state: 'failed', error: new Failure('terminal', 'Cannot apply it') });
    tally.settling = { health: [health('progressing', 'a')], ending: [] };
    teller.settling(tally);
    teller.end([tally], false);
    const events = out.take().filter((line) => line !== '');
    expect(events.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'change', infrastructure: 'modena', state: 'failed', op: 'update', ref: { name: 'b' }, error: 'Cannot apply it' },
      { event: 'settling', infrastructure: 'modena', ready: 0, of: 1, waiting: [{ ref: { name: 'a' }, state: 'progressing' }], ending: [] },
      { event: 'summary', interrupted: false, infrastructures: [{ name: 'modena', planned: 3, notDone: 3, ready: 0, of: 1, said: [] }] },
    ]);
  });
});
