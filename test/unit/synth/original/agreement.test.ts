import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../../synth/load.ts';
import { cityFiles } from '../../../support/source-files.ts';

const WORLD = {
  'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
  'tasks/w.json': { name: 'workflow-1', image: 'compss/worker', replicas: 2, qos: [{ qosid: 'DeadlinesMissed_1' }] },
};

/** As SLALite keeps what Rotterdam posted for a COMPSs task. */
const AGREEMENT = {
  id: 'agreement_1',
  name: 'agreement_workflow_1_1',
  state: 'started',
  assessment: { first_execution: '2021-08-19T10:00:00Z', last_execution: '2021-08-19T10:00:15Z' },
  details: {
    id: 'agreement_1',
    type: 'agreement',
    name: 'agreement_workflow_1_1',
    provider: { id: 'CLASSProvider', name: 'CLASS Platform' },
    client: { id: 'workflow_1', name: 'compss_task_workflow_1' },
    creation: '2019-01-01T00:00:00Z',
    expiration: '2030-01-01T00:00:00Z',
    guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed_workflow_1 < 1' }],
  },
};

function load(document: object) {
  const { agreements, issues } = loadEnvironment('city', cityFiles({ ...WORLD, 'sla/a.json': document }));
  return { agreements: [...agreements.values()], issues: issues.map(printIssue).filter((line) => line.includes('/sla/')) };
}

function changed(details: object, rest: object = {}) {
  return { ...AGREEMENT, ...rest, details: { ...AGREEMENT.details, ...details } };
}

describe("readAgreement: SLALite's own JSON", () => {
  it('is valid as it stands, and judged without an action', () => {
    expect(load(AGREEMENT)).toMatchObject({
      issues: [],
      agreements: [
        {
          id: 'agreement_1',
          title: 'agreement_workflow_1_1',
          task: 'workflow-1',
          generated: false,
          state: 'started',
          expiresAtMs: Date.UTC(2030, 0, 1),
          provider: { id: 'CLASSProvider', name: 'CLASS Platform' },
          client: { id: 'workflow_1', name: 'compss_task_workflow_1' },
          template: {
            type: 'app-compss',
            action: 'none',
            guarantees: [
              { name: 'deadlines_missed', kind: 'counter', constraint: { metric: 'deadlines_missed', comparator: '<', limit: 1 } },
            ],
          },
        },
      ],
    });
  });

  it.each([
    {
      why: 'metrics that are not the workflow’s own are those of the infrastructure',
      details: { guarantees: [{ name: 'g', constraint: 'go_frees > 50 && pods < 100' }] },
      template: { type: 'infr', guarantees: [{ kind: 'gauge', constraint: { expression: { text: 'go_frees > 50 && pods < 100' } } }] },
    },
    {
      why: 'variables are what they stand for',
      details: {
        variables: [
          { name: 'load', metric: 'node_load1' },
          { name: 'slow', metric: 'latency', aggregation: { type: 'average', window: 600 } },
        ],
        guarantees: [{ name: 'g', constraint: 'load < 5 && [slow] < 2' }],
      },
      template: { type: 'infr', guarantees: [{ constraint: { expression: { text: 'node_load1 < 5 && avg(latency, 600s) < 2' } } }] },
    },
    {
      why: 'a guarantee written twice is one',
      details: { guarantees: [...AGREEMENT.details.guarantees, ...AGREEMENT.details.guarantees] },
      template: { guarantees: [{ name: 'deadlines_missed' }] },
    },
    {
      why: 'penalties are kept',
      details: { guarantees: [{ ...AGREEMENT.details.guarantees[0], penalties: [{ type: 'discount', value: '10', unit: '%' }] }] },
      template: { guarantees: [{ penalties: [{ type: 'discount', value: '10', unit: '%' }] }] },
    },
    { why: 'none is promised', details: { guarantees: [] }, template: { guarantees: [] } },
  ])('$why', ({ details, template }) => {
    const { agreements, issues } = load(changed(details));
    expect(issues).toEqual([]);
    expect(agreements[0]).toMatchObject({ template });
    expect(agreements[0]?.template.guarantees).toHaveLength(template.guarantees.length);
  });

  it("with the id of a task and its template says that one's state", () => {
    const id = 'workflow_1_DeadlinesMissed_1';
    const { agreements, issues } = load(changed({ id }, { id, state: 'stopped' }));
    expect(issues).toEqual([]);
    expect(agreements).toMatchObject([{ id, generated: true, state: 'stopped', template: { name: 'DeadlinesMissed_1', maxAllowed: 0 } }]);
  });

  it.each([
    {
      why: 'of a task that nobody declares',
      document: changed({ client: { id: 'other', name: 'x' } }),
      issue: "Cannot make agreement 'agreement_1' of task 'other' as no task has this name: declared are workflow-1",
    },
    {
      why: 'whose ids differ',
      document: changed({ id: 'other' }),
      issue: "Write id and details.id as the same: found 'agreement_1' and 'other'",
    },
    {
      why: 'whose constraint is none',
      document: changed({ guarantees: [{ name: 'g', constraint: 'deadlines_missed = 1' }] }),
      issue: "'=' compares nothing",
    },
    {
      why: 'that promises otherwise than its template',
      document: changed(
        { id: 'workflow_1_DeadlinesMissed_1', guarantees: [{ name: 'deadlines_missed', constraint: 'deadlines_missed_workflow_1 < 9' }] },
        { id: 'workflow_1_DeadlinesMissed_1' },
      ),
      issue:
        "Ignored the guarantees of agreement 'workflow_1_DeadlinesMissed_1': QoS 'DeadlinesMissed_1', which task 'workflow-1' is bound to, says others",
    },
    {
      why: 'with what was never used',
      document: changed({ guarantees: [{ ...AGREEMENT.details.guarantees[0], schedule: '* * * * *' }] }),
      issue: "Ignored schedule of guarantee 'deadlines_missed', as in the original",
    },
  ])('one $why is told', ({ document, issue }) => {
    expect(load(document).issues).toEqual([expect.stringContaining(issue)]);
  });
});
