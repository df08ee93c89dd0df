import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AgreementState } from '../../../../constructs/spec/agreement.ts';
import { defaultsSpec } from '../../../../constructs/spec/defaults.ts';
import { agreementKey } from '../../../../constructs/spec/names.ts';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import type { AgreementDocument } from '../../../../controller/sla/agreement-history.ts';
import { EMPTY_HISTORY, foldHistory } from '../../../../controller/sla/history.ts';
import { idleAgreements, lifeOf } from '../../../../controller/sla/life.ts';
import type { DeclaredAgreement } from '../../../../synth/environment.ts';
import { commit, environment, HOUR, MINUTE, START_MS, task, template } from './world.ts';

/** What one commit leaves: templates of task `web`, and the document of an agreement when there is one. */
interface Said {
  readonly qos?: readonly string[];
  readonly document?: { readonly state?: AgreementState; readonly expiresAtMs?: number };
}

const GENERATED = 'web_Gold';

/** One commit each minute, and how the agreement stands a minute after the last one, or at `nowMs`. */
function livesOf(
  said: readonly Said[],
  { id = GENERATED, lifetime = undefined as string | undefined, nowMs = START_MS + said.length * MINUTE } = {},
) {
  const qosOf = ({ qos = ['Gold'] }: Said) => qos;
  const commits = said.map((_, at) =>
    commit(at, START_MS + at * MINUTE, 'Change', [
      { path: 'tasks/web.json', before: at === 0 ? null : `${at - 1}`, after: `${at}` },
      { path: 'sla/a.yaml', before: at === 0 ? null : `${at - 1}`, after: `${at}` },
    ]),
  );
  const documents = (blob: string): readonly AgreementDocument[] => {
    const { document } = said[Number(blob)] ?? {};
    return document === undefined ? [] : [{ key: agreementKey(id), state: 'started', ...document }];
  };
  const history = foldHistory(EMPTY_HISTORY, commits, {
    environment: 'city',
    tasksIn: (path, blob) => (path.startsWith('tasks') ? [{ name: 'web', replicas: 2, qos: qosOf(said[Number(blob)] ?? {}) }] : []),
    agreementsIn: (path, blob) => (path.startsWith('sla') ? documents(blob) : []),
  });
  const last = said.at(-1) ?? {};
  const bound = qosOf(last).map((name) => template(name));
  const declared: DeclaredAgreement | undefined = last.document && {
    id,
    task: 'web',
    generated: id === GENERATED && bound.length > 0,
    template: template(id === GENERATED ? 'Gold' : id),
    state: 'started',
    ...last.document,
    origin: { file: 'environments/city/sla/a.yaml', line: 1, column: 1, index: 0 },
  };
  const world = {
    ...environment([task('web', bound)]),
    agreements: new Map(declared === undefined ? [] : [[id, declared]]),
    defaults: defaultsSpec.parse(lifetime === undefined ? {} : { agreements: { lifetime } }),
  };
  return {
    history,
    idle: idleAgreements(world, history, nowMs),
    lives: agreementsOf(world).map((agreement) => ({ id: agreement.id, ...lifeOf(agreement, history, nowMs) })),
  };
}

function lifeAfter(said: readonly Said[], options?: Parameters<typeof livesOf>[1]) {
  const { lives } = livesOf(said, options);
  return lives.find(({ id }) => id === (options?.id ?? GENERATED));
}

describe('lifeOf: an agreement of a task and a template', () => {
  const doc = (state: AgreementState, expiresAtMs?: number) => ({
    document: { state, ...(expiresAtMs === undefined ? {} : { expiresAtMs }) },
  });
  const PAST = START_MS + 30_000;
  const FUTURE = START_MS + 24 * HOUR;

  test.each<{ why: string; said: readonly Said[]; life: object }>([
    {
      why: 'is started without a document, since it was bound',
      said: [{ qos: [] }, {}, {}],
      life: { state: 'started', since: { revision: 'c1' } },
    },
    {
      why: 'is stopped by a document',
      said: [{}, doc('stopped')],
      life: { state: 'stopped', reason: 'Stopped in environments/city/sla/a.yaml' },
    },
    {
      why: 'is started again by a document, and counts from there',
      said: [{}, doc('stopped'), doc('started')],
      life: { state: 'started', created: { revision: 'c0' }, since: { revision: 'c2' } },
    },
    {
      why: 'is started again when the document goes',
      said: [{}, doc('stopped'), {}],
      life: { state: 'started', created: { revision: 'c0' }, since: { revision: 'c2' } },
    },
    {
      why: 'is not begun anew by a document that says what was',
      said: [{}, doc('started')],
      life: { state: 'started', since: { revision: 'c0' } },
    },
    {
      why: 'is terminated by a document',
      said: [{}, doc('terminated')],
      life: { state: 'terminated', reason: 'Terminated in environments/city/sla/a.yaml' },
    },
    {
      why: 'is terminated for good: no document starts it again',
      said: [{}, doc('terminated'), doc('started')],
      life: { state: 'terminated', reason: expect.stringMatching(/^Terminated at .*: bind the task to its template anew$/) },
    },
    { why: 'nor does the end of its document', said: [{}, doc('terminated'), {}], life: { state: 'terminated' } },
    {
      why: 'begins anew when the task is bound anew',
      said: [{}, doc('terminated'), { qos: [] }, {}],
      life: { state: 'started', created: { revision: 'c3' } },
    },
    {
      why: 'begins anew with a document that says so, in the commit that binds the task anew',
      said: [{}, doc('started', PAST), { qos: [], ...doc('started', PAST) }, doc('started', FUTURE)],
      life: { state: 'started', created: { revision: 'c3' } },
    },
    { why: 'has not expired yet', said: [{}, doc('started', FUTURE)], life: { state: 'started', expiresAtMs: FUTURE } },
    {
      why: 'has expired',
      said: [{}, doc('started', PAST)],
      life: { state: 'terminated', reason: 'Expired at 2023-11-14T22:13:50.000Z', expiresAtMs: PAST },
    },
    { why: 'expires while it is stopped, too', said: [{}, doc('stopped', PAST)], life: { state: 'terminated' } },
    {
      why: 'stays terminated when a later expiration is written after it has expired',
      said: [{}, doc('started', PAST), doc('started', FUTURE)],
      life: {
        state: 'terminated',
        reason: expect.stringMatching(/^Terminated at 2023-11-14T22:13:50.000Z, and what has ended does not start again/),
      },
    },
    {
      why: 'lives longer when a later expiration is written in time',
      said: [{}, doc('started', START_MS + 2 * HOUR), doc('started', FUTURE)],
      life: { state: 'started', expiresAtMs: FUTURE },
    },
  ])('$why', ({ said, life }) => {
    expect(lifeAfter(said)).toMatchObject(life);
  });

  test.each([
    { why: 'lasts as long as the Defaults say, from its creation', nowMs: START_MS + HOUR - 1, state: 'started' },
    { why: 'and not longer', nowMs: START_MS + HOUR, state: 'terminated' },
  ])('$why', ({ nowMs, state }) => {
    expect(lifeAfter([{}, {}], { lifetime: '1h', nowMs })).toMatchObject({ state, expiresAtMs: START_MS + HOUR });
  });

  test('an expiration of its own stands above the lifetime', () => {
    expect(lifeAfter([{}, doc('started', FUTURE)], { lifetime: '1h', nowMs: START_MS + 2 * HOUR })).toMatchObject({ state: 'started' });
  });
});

describe('lifeOf: an agreement that only a document makes', () => {
  const id = 'by-hand';
  const none = { qos: [] };
  const doc = (state: AgreementState) => ({ qos: [], document: { state } });

  test.each<{ why: string; said: readonly Said[]; life: object | undefined }>([
    {
      why: 'is created with its document',
      said: [none, doc('started'), doc('started')],
      life: { state: 'started', created: { revision: 'c1' } },
    },
    {
      why: 'does not start again once terminated',
      said: [doc('terminated'), doc('started')],
      life: { state: 'terminated', reason: expect.stringMatching(/give the new one another name$/) },
    },
    {
      why: 'is a new one when its document comes again',
      said: [doc('terminated'), none, doc('started')],
      life: { state: 'started', created: { revision: 'c2' } },
    },
    { why: 'is no more without its document', said: [doc('started'), none], life: undefined },
  ])('$why', ({ said, life }) => {
    const found = lifeAfter(said, { id });
    if (life === undefined) expect(found).toBeUndefined();
    else expect(found).toMatchObject(life);
  });
});

test('idleAgreements: those that are not judged, with the reason', () => {
  expect(livesOf([{}, { document: { state: 'stopped' } }]).idle).toMatchObject([
    { agreement: { id: GENERATED }, state: 'stopped', reason: 'Stopped in environments/city/sla/a.yaml' },
  ]);
  expect(livesOf([{}]).idle).toEqual([]);
});

describe('foldAgreements', () => {
  const arbitrary = fc.array(
    fc.record({
      path: fc.constantFrom('sla/a.yaml', 'sla/b.yaml'),
      declares: fc.option(
        fc.array(
          fc.record({ key: fc.constantFrom('x', 'y'), state: fc.constantFrom<AgreementState>('started', 'stopped', 'terminated') }),
          {
            maxLength: 2,
          },
        ),
        { nil: undefined },
      ),
    }),
    { maxLength: 12 },
  );

  test('gives the same however the commits are cut into calls', () => {
    fc.assert(
      fc.property(arbitrary, fc.nat(12), (said, cut) => {
        const commits = said.map(({ path }, at) => commit(at, START_MS + at * MINUTE, 'Change', [{ path, before: null, after: `${at}` }]));
        const options = { environment: 'city', tasksIn: () => [], agreementsIn: (_: string, blob: string) => said[Number(blob)]?.declares };
        const whole = foldHistory(EMPTY_HISTORY, commits, options);
        const parts = foldHistory(foldHistory(EMPTY_HISTORY, commits.slice(0, cut), options), commits.slice(cut), options);
        expect(parts.agreements).toEqual(whole.agreements);
        for (const { documents } of whole.agreements.values()) expect(documents).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('an agreement that moves from file to file stays the same, over one commit or two', () => {
    const declared: AgreementDocument = { key: 'x', state: 'stopped' };
    const change = (path: string, after: string | null) => ({ path, before: null, after });
    const cuts = [
      [[change('sla/a.yaml', 'x')], [change('sla/a.yaml', null), change('sla/b.yaml', 'x')]],
      [[change('sla/a.yaml', 'x')], [change('sla/b.yaml', 'x')], [change('sla/a.yaml', null)]],
    ];
    for (const changes of cuts) {
      const commits = changes.map((one, at) => commit(at, START_MS + at * MINUTE, 'Move', one));
      const options = { environment: 'city', tasksIn: () => [], agreementsIn: () => [declared] };
      const found = foldHistory(EMPTY_HISTORY, commits, options).agreements.get('x');
      expect(found).toMatchObject({ documents: 1, state: 'stopped', created: { revision: 'c0' } });
      expect(found).not.toHaveProperty('started');
    }
  });
});
