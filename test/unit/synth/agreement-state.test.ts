import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { stateEdit } from '../../../synth/agreement-state.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { cityFiles } from '../../support/source-files.ts';

const FOLDER = 'environments/city/sla';
const WORLD = {
  'infrastructures/i.json': { name: 'modena', type: 'kubernetes' },
  'tasks/web.json': { name: 'my-web', type: 'default', image: 'nginx', replicas: 2, qos: [{ qosid: 'KubeletTooFewPods' }] },
};
const HEAD = 'apiVersion: rotterdam.dev/v1alpha1\nkind: Agreement\n';
const SPEC = 'task: my-web, template: KubeletTooFewPods';
const ORIGINAL = JSON.stringify({
  id: 'gold',
  name: 'Gold',
  state: 'started',
  details: { provider: { id: 'p', name: 'P' }, client: { id: 'my_web', name: 'W' }, guarantees: [] },
});

function edit(files: Readonly<Record<string, string>>, id: string, state: 'started' | 'stopped' | 'terminated') {
  const all = cityFiles({ ...WORLD, ...files });
  const texts = new Map(all.map(({ path, content }) => [path, new TextDecoder().decode(content)]));
  const made = stateEdit({ environment: loadEnvironment('city', all), textOf: (path) => texts.get(path) }, id, state);
  const path = made?.path.replace('environments/city/', '');
  if (path !== undefined && typeof made?.content === 'string') {
    const { agreements, issues } = loadEnvironment('city', cityFiles({ ...WORLD, ...files, [path]: made.content }));
    expect(issues.filter(({ severity }) => severity === 'error').map(printIssue)).toEqual([]);
    expect(agreements.get(id.replaceAll('-', '_'))?.state ?? agreements.get(id)?.state).toBe(state);
  }
  return made;
}

describe('stateEdit', () => {
  it('makes a document for an agreement that has none', () => {
    expect(edit({}, 'my_web_KubeletTooFewPods', 'stopped')).toEqual({
      path: `${FOLDER}/my_web_KubeletTooFewPods.yaml`,
      content: `${HEAD}metadata:\n  name: my_web_KubeletTooFewPods\nspec:\n  task: my-web\n  template: "KubeletTooFewPods"\n  state: stopped\n`,
    });
  });

  it.each([
    {
      why: 'the value that is written',
      text: `${HEAD}metadata: {name: gold}\nspec:\n  state: "started" # here\n  task: my-web\n  template: KubeletTooFewPods\n`,
      after: `${HEAD}metadata: {name: gold}\nspec:\n  state: "stopped" # here\n  task: my-web\n  template: KubeletTooFewPods\n`,
    },
    {
      why: 'a line more where there is none',
      text: `${HEAD}metadata: {name: gold}\nspec:\n  task: my-web\n  template: KubeletTooFewPods\n`,
      after: `${HEAD}metadata: {name: gold}\nspec:\n  task: my-web\n  state: stopped\n  template: KubeletTooFewPods\n`,
    },
    {
      why: 'a field more in a flow',
      text: `${HEAD}metadata: {name: gold}\nspec: {${SPEC}}\n`,
      after: `${HEAD}metadata: {name: gold}\nspec: {state: stopped, ${SPEC}}\n`,
    },
    { why: "SLALite's own JSON", file: 'a.json', text: ORIGINAL, after: ORIGINAL.replace('"started"', '"stopped"') },
    {
      why: "SLALite's own JSON without a state",
      file: 'a.json',
      text: ORIGINAL.replace('"state":"started",', ''),
      after: ORIGINAL.replace('"state":"started",', '').replace('{"id":"gold"', '{"state": "stopped", "id":"gold"'),
    },
  ])('changes $why', ({ text, after, file = 'a.yaml' }) => {
    expect(edit({ [`sla/${file}`]: text }, 'gold', 'stopped')).toEqual({ path: `${FOLDER}/${file}`, content: after });
  });

  it.each<{ why: string; files: Readonly<Record<string, string>>; id: string; state: 'started' | 'stopped' }>([
    { why: 'is started without a document', files: {}, id: 'my-web_KubeletTooFewPods', state: 'started' },
    {
      why: 'is stopped by its document',
      files: { 'sla/a.yaml': `${HEAD}metadata: {name: gold}\nspec: {${SPEC}, state: stopped}\n` },
      id: 'gold',
      state: 'stopped',
    },
  ])('changes nothing of one that $why', ({ files, id, state }) => {
    expect(edit(files, id, state)).toBeUndefined();
  });

  it.each<{ why: string; files: Readonly<Record<string, string>>; id: string; message: string }>([
    {
      why: 'that nobody knows',
      files: {},
      id: 'my_web_KubeletTooFewPod',
      message: "Cannot find agreement 'my_web_KubeletTooFewPod': did you mean 'my_web_KubeletTooFewPods'?",
    },
    {
      why: 'that is terminated',
      files: { 'sla/a.yaml': `${HEAD}metadata: {name: gold}\nspec: {${SPEC}, state: terminated}\n` },
      id: 'gold',
      message: "Cannot make agreement 'gold' started, as it is terminated: make a new one",
    },
  ])('refuses one $why', ({ files, id, message }) => {
    expect(() => edit(files, id, 'started')).toThrow(message);
  });

  it('overwrites no file', () => {
    const files = { 'sla/my_web_KubeletTooFewPods.yaml': `${HEAD}metadata: {name: gold}\nspec: {${SPEC}}\n` };
    expect(() => edit(files, 'my_web_KubeletTooFewPods', 'stopped')).toThrow(
      "as there is such a file: add an Agreement named 'my_web_KubeletTooFewPods' by hand",
    );
  });
});
