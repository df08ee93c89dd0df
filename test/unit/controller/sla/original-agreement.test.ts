import { expect, test } from 'vitest';
import { agreementsOf } from '../../../../controller/sla/agreement.ts';
import { lifeOf } from '../../../../controller/sla/life.ts';
import { originalAgreement } from '../../../../controller/sla/original-agreement.ts';
import { loadEnvironment } from '../../../../synth/load.ts';
import { cityFiles } from '../../../support/source-files.ts';
import { HOUR, historyOf, START_MS } from './world.ts';

const FILES = {
  'defaults.yaml': 'apiVersion: rotterdam.dev/v1alpha1\nkind: Defaults\nspec: {agreements: {lifetime: 30d}}\n',
  'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
  'tasks/w.json': {
    name: 'workflow-1',
    image: 'compss/worker',
    replicas: 2,
    qos: [{ qosid: 'DeadlinesMissed_2' }, { qosid: 'KubeletTooFewPods' }],
  },
};
const HISTORY = historyOf([{ atMs: START_MS, replicas: { 'workflow-1': 2 }, qos: ['DeadlinesMissed_2', 'KubeletTooFewPods'] }]);

function originals(files: Readonly<Record<string, string | object>>) {
  const environment = loadEnvironment('city', cityFiles(files));
  return agreementsOf(environment).map((agreement) => originalAgreement(agreement, lifeOf(agreement, HISTORY, START_MS + HOUR)));
}

test("originalAgreement: an agreement has the original's shape, its creation is the commit that bound it", () => {
  expect(originals(FILES)).toEqual([
    {
      id: 'workflow_1_DeadlinesMissed_2',
      name: 'workflow-1 DeadlinesMissed_2',
      state: 'started',
      details: {
        id: 'workflow_1_DeadlinesMissed_2',
        type: 'agreement',
        name: 'workflow-1 DeadlinesMissed_2',
        provider: { id: 'CLASSProvider', name: 'CLASS Platform' },
        client: { id: 'workflow_1', name: 'compss_task_workflow_1' },
        creation: '2023-11-14T22:13:20Z',
        expiration: '2023-12-14T22:13:20Z',
        guarantees: [
          { name: 'deadlines_missed_1', constraint: 'deadlines_missed_workflow_1 < 5' },
          { name: 'deadlines_missed_2', constraint: 'deadlines_missed_workflow_1 < 2' },
        ],
      },
    },
    {
      id: 'workflow_1_KubeletTooFewPods',
      name: 'workflow-1 KubeletTooFewPods',
      state: 'started',
      details: expect.objectContaining({
        guarantees: [{ name: 'kubelet_running_pod_count', constraint: 'kubelet_running_pod_count > 50' }],
      }),
    },
  ]);
});

test('originalAgreement: what it gives is a document that says the same', () => {
  const documents = Object.fromEntries(originals(FILES).map((one) => [`sla/${one.id}.json`, one]));
  const { issues } = loadEnvironment('city', cityFiles({ ...FILES, ...documents }));
  expect(issues.filter(({ file }) => file.includes('/sla/'))).toEqual([]);
  expect(originals({ ...FILES, ...documents })).toEqual(originals(FILES));
});
