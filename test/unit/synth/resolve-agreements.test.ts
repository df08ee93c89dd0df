import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { cityFiles } from '../../support/source-files.ts';

const API = 'apiVersion: rotterdam.dev/v1alpha1';
const QOS = { type: 'app', guaranteeName: 'Latency', guarantees: [{ name: 'latency', constraint: 'latency < 1' }] };
const WORLD = {
  'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
  'qos/latency.json': QOS,
  'tasks/web.json': { name: 'traffic-web', type: 'default', image: 'nginx', replicas: 2, qos: [{ qosid: 'Latency' }] },
};
const TERMS = '{type: app, action: scale_out, scaleFactor: 2, guarantees: [{name: load, constraint: load < 5}]}';

function agreement(name: string, spec: string): string {
  return `${API}\nkind: Agreement\nmetadata: {name: ${name}}\nspec:\n${spec.replace(/^/gm, '  ')}\n`;
}

function load(documents: Readonly<Record<string, string | object>>) {
  const { issues, ...environment } = loadEnvironment('city', cityFiles({ ...WORLD, ...documents }));
  return { ...environment, issues: issues.map(printIssue).filter((line) => !line.includes('baseline-security') && line.includes('/sla/')) };
}

describe('resolveAgreements: a document', () => {
  it.each([
    {
      what: "says the rest of a task's agreement with a template",
      document: agreement('traffic_web_Latency', 'task: traffic-web\ntemplate: Latency\nstate: stopped\nexpiration: 2027-01-31T00:00:00Z'),
      expected: {
        id: 'traffic_web_Latency',
        task: 'traffic-web',
        generated: true,
        state: 'stopped',
        expiresAtMs: Date.UTC(2027, 0, 31),
        template: { name: 'Latency' },
      },
    },
    {
      what: 'may write its id with other signs, and its task by its id',
      document: agreement('traffic-web_Latency', 'task: traffic_web\ntemplate: Latency'),
      expected: { id: 'traffic_web_Latency', task: 'traffic-web', generated: true, state: 'started' },
    },
    {
      what: 'binds a task to a template besides',
      document: agreement('gold', 'task: traffic-web\ntemplate: DeadlinesMissed_1\nimportance: 7'),
      expected: { id: 'gold', generated: false, importance: 7, template: { name: 'DeadlinesMissed_1' } },
    },
    {
      what: 'has terms of its own, with the Defaults filled in',
      document: agreement('by-hand', `task: traffic-web\nterms: ${TERMS}`),
      expected: { id: 'by-hand', generated: false, template: { name: 'by-hand', scaleFactor: 2, maxReplicas: 30, maxAllowed: 2 } },
    },
  ])('$what', ({ document, expected }) => {
    const { agreements, issues } = load({ 'sla/a.yaml': document });
    expect(issues).toEqual([]);
    expect([...agreements.values()]).toMatchObject([expected]);
    expect([...agreements.keys()]).toEqual([expected.id]);
  });

  it.each([
    {
      what: 'of a task that nobody declares',
      document: agreement('gold', 'task: trafic-web\ntemplate: Latency'),
      issue: "sla/a.yaml:5:9 Cannot make agreement 'gold' of task 'trafic-web' as no task has this name: did you mean 'traffic-web'?",
    },
    {
      what: 'on a template that nobody declares',
      document: agreement('gold', 'task: traffic-web\ntemplate: Latancy'),
      issue: "sla/a.yaml:6:13 Cannot bind agreement 'gold' to QoS 'Latancy': did you mean 'Latency'?",
    },
    {
      what: 'with both a template and terms',
      document: agreement('gold', `task: traffic-web\ntemplate: Latency\nterms: ${TERMS}`),
      issue: 'sla/a.yaml:6:13 Write either template or terms',
    },
    {
      what: 'with neither',
      document: agreement('gold', 'task: traffic-web'),
      issue: 'sla/a.yaml:5:3 Write either template or terms',
    },
    {
      what: "of another task under a generated agreement's id",
      document: agreement('traffic_web_Latency', 'task: other\ntemplate: Latency'),
      issue:
        "sla/a.yaml:5:9 Cannot make agreement 'traffic_web_Latency' of task 'other', as this is the id of task 'traffic-web' with QoS 'Latency'",
    },
    {
      what: "with terms of its own under a generated agreement's id",
      document: agreement('traffic_web_Latency', `task: traffic-web\nterms: ${TERMS}`),
      issue:
        "sla/a.yaml:3:18 Cannot give agreement 'traffic_web_Latency' terms of its own, as task 'traffic-web' is bound to QoS 'Latency': name it otherwise",
    },
    {
      what: "on another template under a generated agreement's id",
      document: agreement('traffic_web_Latency', 'task: traffic-web\ntemplate: DeadlinesMissed_1'),
      issue:
        "sla/a.yaml:6:13 Cannot bind agreement 'traffic_web_Latency' to QoS 'DeadlinesMissed_1', as this is the id of task 'traffic-web' with QoS 'Latency'",
    },
    {
      what: 'with terms that cannot act',
      document: agreement('gold', `task: traffic-web\nterms: ${TERMS.replace('scaleFactor: 2', 'scaleFactor: 0.5')}`),
      issue: "sla/a.yaml:6:54 Cannot act on QoS 'gold': scale_out needs a factor above 1: 0.5",
    },
    {
      what: 'with an expiration that is no time',
      document: agreement('gold', 'task: traffic-web\ntemplate: Latency\nexpiration: 2027-01-31'),
      issue: 'sla/a.yaml:7:15 Write a time like 2027-01-31T00:00:00Z, in spec.expiration: found "2027-01-31"',
    },
  ])('$what is an error', ({ document, issue }) => {
    const other = { name: 'other', type: 'default', image: 'nginx', replicas: 1 };
    expect(load({ 'sla/a.yaml': document, 'tasks/other.json': other }).issues).toEqual([`environments/city/${issue}`]);
  });

  it('that declares an agreement again is an error, also with other signs', () => {
    const first = agreement('gold-1', 'task: traffic-web\ntemplate: Latency');
    const { issues } = load({ 'sla/a.yaml': first, 'sla/b.yaml': first.replace('gold-1', 'gold_1') });
    expect(issues).toEqual([
      "environments/city/sla/b.yaml:3:18 Cannot declare agreement 'gold_1' again, as 'gold-1' becomes 'gold_1' too: the first is at environments/city/sla/a.yaml:1",
    ]);
  });
});

it('resolveAgreements: two tasks whose agreements would have one id are an error', () => {
  const task = (name: string, qosid: string) => ({ name, type: 'default', image: 'nginx', replicas: 1, qos: [{ qosid }] });
  const qos = (guaranteeName: string) => ({ ...QOS, guaranteeName });
  const files = { 'tasks/a.json': task('a', 'b_c'), 'tasks/b.json': task('a-b', 'c'), 'qos/1.json': qos('b_c'), 'qos/2.json': qos('c') };
  const { issues } = loadEnvironment('city', cityFiles({ 'infrastructures/i.json': WORLD['infrastructures/i.json'], ...files }));
  expect(issues.filter(({ severity }) => severity === 'error').map(printIssue)).toEqual([
    "environments/city/tasks/b.json:1:1 Cannot bind task 'a-b' to QoS 'c', as the agreement of task 'a' with QoS 'b_c' has the same id: a_b_c",
  ]);
});
