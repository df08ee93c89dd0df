import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../../synth/load.ts';
import { cityFiles, example } from '../../../support/source-files.ts';

const DEFINITION = { type: 'infr', guaranteeName: 'mine', guarantees: [{ name: 'g', constraint: 'g < 1' }] };

/** What a task that is bound to `name` gets, and the issues of the definitions. */
function load(definitions: object | string, name = 'mine') {
  const task = {
    apiVersion: 'rotterdam.dev/v1alpha1',
    kind: 'Task',
    metadata: { name: 'a' },
    spec: { containers: [{ image: 'x' }], qos: [name] },
  };
  const infrastructure = { name: 'edge', type: 'kubernetes' };
  const environment = loadEnvironment(
    'city',
    cityFiles({ 'infrastructures/e.json': infrastructure, 'tasks/a.json': task, 'qos/q.json': definitions }),
  );
  return {
    template: environment.tasks.get('a')?.qos[0],
    issues: environment.issues.map((issue) => printIssue(issue).replace('environments/city/qos/q.json:', '')),
  };
}

describe("Rotterdam's QoS definitions", () => {
  it('qos-deadlines-missed-1.json is valid as it stands', () => {
    const { template, issues } = load(example('qos-deadlines-missed-1.json'), 'DeadlinesMissed_1');
    expect(issues).toEqual([]);
    expect(template).toEqual({
      name: 'DeadlinesMissed_1',
      type: 'app-compss',
      window: 300_000,
      cooldown: 0,
      maxAllowed: 0,
      action: 'scale_out',
      scaleFactor: 1.5,
      minReplicas: 1,
      maxReplicas: 30,
      guarantees: [
        {
          name: 'deadlines_missed',
          aggregate: 'sum',
          kind: 'counter',
          constraint: { metric: 'deadlines_missed', comparator: '<', limit: 1 },
        },
      ],
    });
  });

  it('reads the list that was posted, and says where its second element is wrong', () => {
    const { template, issues } = load(JSON.stringify([DEFINITION, { ...DEFINITION, guaranteeName: 'other', action: 'jump' }], null, 1));
    expect(template?.name).toBe('mine');
    expect(issues).toEqual([expect.stringMatching(/^21:13 Write action as one of /)]);
  });

  it('keeps a zero that the original meant, and reads one that was "not given"', () => {
    const { template } = load({ ...DEFINITION, maxAllowed: 0, scaleFactor: 0, maxReplicas: 0, minReplicas: 0, action: '' });
    expect(template).toMatchObject({ maxAllowed: 0, scaleFactor: 1.25, maxReplicas: 30, minReplicas: 1, action: 'scale_out' });
  });

  it.each([
    ['scale_up', 1.5, 'scale_out', undefined],
    ['scale_down', 0.5, 'scale_in', undefined],
    ['scale_down', 2, 'scale_in', 'scale_in needs a factor between 0 and 1: 2'],
    ['scale_out', 1, 'scale_out', 'scale_out needs a factor above 1: 1'],
  ])('reads %s by %d', (action, scaleFactor, known, inert) => {
    const { template, issues } = load({ ...DEFINITION, action, scaleFactor });
    expect(template).toMatchObject({ action: known, ...(inert === undefined ? {} : { inert }) });
    expect(template?.inert).toBe(inert);
    expect(issues).toEqual(
      inert === undefined ? [] : [expect.stringContaining(`warning: QoS 'mine' is judged and never acted on: ${inert}`)],
    );
  });

  it("reads '=' in a constraint as '==', never acted on, with a warning", () => {
    const { template, issues } = load({ ...DEFINITION, guarantees: [{ name: 'g', constraint: 'g = 1' }] });
    expect(template).toMatchObject({ guarantees: [{ constraint: { comparator: '==', limit: 1 } }], inert: expect.stringContaining("'='") });
    expect(issues).toEqual([expect.stringContaining('warning: Never acted on')]);
  });

  it("reads SLALite's text forms: variables in brackets, several of them, &&, || and !", () => {
    const { template, issues } = load({ ...DEFINITION, guarantees: [{ name: 'g', constraint: '[g] < 1 && !(h > 2 || i == 3)' }] });
    expect(issues).toEqual([]);
    expect(template?.guarantees[0]?.constraint).toMatchObject({ metric: 'g', expression: { text: '[g] < 1 && !(h > 2 || i == 3)' } });
  });

  it.each([
    ['a type that is none', { type: 'cloud' }, 'Write type as one of infr, app-compss, app'],
    ['a text', { guarantees: [{ name: 'g', constraint: "g < 1 && h < 'a'" }] }, 'Compare with a number: a metric has no text'],
    ['what compares nothing', { guarantees: [{ name: 'g', constraint: 'g + 1' }] }, 'a constraint is a condition that must hold'],
    ['no guarantees', { guarantees: [] }, 'Give guarantees at least 1 element'],
  ])('refuses %s', (_, fields, expected) => {
    expect(load({ ...DEFINITION, ...fields }, 'bar_metric').issues).toEqual([expect.stringContaining(expected)]);
  });

  it('warns of a field it does not know', () => {
    expect(load({ ...DEFINITION, cooldwn: 3 }).issues).toEqual([expect.stringContaining("warning: Unknown field 'cooldwn'")]);
  });
});
