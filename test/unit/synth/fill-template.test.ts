import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { fillTemplate } from '../../../synth/fill-template.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import type { Json } from '../../../synth/placeholders.ts';
import { cityFiles } from '../../support/source-files.ts';

const NATIVE = `apiVersion: rotterdam.dev/v1alpha1
kind: AgreementTemplate
metadata: {name: gold}
spec:
  description: A fast answer
  agreement:
    task: '{{.task}}'
    importance: '{{.importance}}'
    expiration: '{{.until}}'
    terms:
      type: app
      guarantees: [{name: latency, constraint: 'latency < {{.limit}}'}]
`;
const ORIGINAL = {
  id: 'silver',
  name: 'A slow answer',
  details: {
    type: 'template',
    name: 'Agreement of {{.client.name}}',
    provider: { id: 'p', name: 'Provider' },
    client: '{{.client}}',
    guarantees: [
      { name: 'latency', constraint: 'latency < {{.limit}}', penalties: [{ type: 'discount', value: '{{.discount}}', unit: '%' }] },
    ],
  },
};
const WORLD = {
  'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
  'tasks/web.json': { name: 'web', type: 'default', image: 'nginx', replicas: 2 },
};

function load(documents: Readonly<Record<string, string | object>>) {
  return loadEnvironment('city', cityFiles({ ...WORLD, ...documents }));
}

function fill(template: string, parameters: Json, id = 'a-1') {
  const { agreementTemplates, issues } = load({ 'sla/gold.yaml': NATIVE, 'sla/silver.json': ORIGINAL });
  expect(issues.filter(({ severity }) => severity === 'error').map(printIssue)).toEqual([]);
  const found = agreementTemplates.get(template);
  if (found === undefined) throw new Error(`no template ${template}`);
  return fillTemplate(found, id, parameters);
}

describe('fillTemplate', () => {
  const client = { id: 'web', name: 'Web' };

  it.each<{ template: string; parameters: Json; agreement: object }>([
    {
      template: 'gold',
      parameters: { task: 'web', importance: 3, until: '2027-01-01T00:00:00Z', limit: 0.5 },
      agreement: {
        task: 'web',
        importance: 3,
        expiresAtMs: Date.UTC(2027, 0, 1),
        template: { type: 'app', guarantees: [{ constraint: { limit: 0.5 } }] },
      },
    },
    {
      template: 'silver',
      parameters: { client, limit: 2, discount: 10 },
      agreement: {
        title: 'Agreement of Web',
        client,
        template: { type: 'infr', action: 'none', guarantees: [{ penalties: [{ type: 'discount', value: 10, unit: '%' }] }] },
      },
    },
  ])('makes a document of the folder of $template', ({ template, parameters, agreement }) => {
    const filled = fill(template, parameters);
    if (!('document' in filled)) throw new Error(filled.problems.join());
    const { agreements, issues } = load({ 'sla/made.json': filled.document });
    expect(issues.filter(({ severity }) => severity === 'error').map(printIssue)).toEqual([]);
    expect(agreements.get('a-1')).toMatchObject({ id: 'a-1', ...agreement });
  });

  it.each<{ why: string; template: string; parameters: Json; problem: RegExp }>([
    {
      why: 'what is not given',
      template: 'gold',
      parameters: { task: 'web' },
      problem: /^Give parameter 'importance': .*, in spec\.importance$/,
    },
    {
      why: 'a value of another type than its place takes',
      template: 'gold',
      parameters: { task: 'web', importance: 'high', until: '2027-01-01T00:00:00Z', limit: 1 },
      problem: /^Write spec\.importance as a number/,
    },
    {
      why: 'a value that would say more than its place allows',
      template: 'silver',
      parameters: { client, limit: '1 || 1 < 2', discount: '1' },
      problem: /^Give parameter 'limit' as a number .*, in details\.guarantees\[0\]\.constraint$/,
    },
    {
      why: 'an id that is none',
      template: 'silver',
      parameters: { client: { id: '', name: '' }, limit: 1, discount: 1 },
      problem: /details\.client\.id/,
    },
  ])('tells of $why', ({ template, parameters, problem }) => {
    expect(fill(template, parameters)).toEqual({ problems: expect.arrayContaining([expect.stringMatching(problem)]) });
  });
});

it('AgreementTemplate: a placeholder that is none is an error where it stands', () => {
  const { issues } = load({ 'sla/gold.yaml': NATIVE.replace('{{.importance}}', '{{importance}}') });
  expect(issues.map(printIssue)).toContain(
    "environments/city/sla/gold.yaml:8:17 Write a placeholder as '{{.name}}' or '{{.name.part}}': nothing else is computed",
  );
});
