import { describe, expect, it } from 'vitest';
import { createDiscovery } from '../../../../../controller/adapters/kube/discovery.ts';

const verbs = ['get', 'list', 'watch'];
const CORE = {
  resources: [
    { name: 'pods', kind: 'Pod', namespaced: true, verbs },
    { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] },
  ],
};

function server(answers: Record<string, unknown>) {
  const asked: string[] = [];
  const discovery = createDiscovery(async (path) => {
    asked.push(path);
    const answer = answers[path];
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return { asked, discovery, answers };
}

describe('createDiscovery', () => {
  it('asks once, however many want to know at the same time', async () => {
    const { asked, discovery } = server({ '/api/v1': CORE });
    await Promise.all([discovery.resource('v1', 'Pod'), discovery.resource('v1', 'Pod'), discovery.resource('v1', 'Pod')]);
    await discovery.resource('v1', 'Pod');
    expect(asked).toEqual(['/api/v1']);
  });

  it('asks again for a kind that it did not find, and finds it once it is there', async () => {
    const { asked, discovery, answers } = server({});
    expect(await discovery.resource('g.example/v1', 'Thing')).toBeUndefined();
    answers['/apis/g.example/v1'] = { resources: [{ name: 'things', kind: 'Thing', namespaced: false, verbs }] };
    expect(await discovery.resource('g.example/v1', 'Thing')).toMatchObject({ plural: 'things', namespaced: false });
    expect(asked).toEqual(['/apis/g.example/v1', '/apis/g.example/v1']);
  });

  it('does not remember a failure', async () => {
    const { discovery, answers } = server({ '/api/v1': new Error('down') });
    await expect(discovery.resource('v1', 'Pod')).rejects.toThrow('down');
    answers['/api/v1'] = CORE;
    expect(await discovery.resource('v1', 'Pod')).toMatchObject({ plural: 'pods' });
  });

  it('asks again for what it is told to forget', async () => {
    const { discovery, answers } = server({ '/api/v1': CORE });
    await discovery.resource('v1', 'Pod');
    answers['/api/v1'] = { resources: [] };
    discovery.forget('v1');
    expect(await discovery.resource('v1', 'Pod')).toBeUndefined();
  });

  it('resources lists what can be listed, in the preferred versions', async () => {
    const { discovery } = server({
      '/api/v1': { resources: [...CORE.resources, { name: 'bindings', kind: 'Binding', namespaced: true, verbs: ['create'] }] },
      '/apis': { groups: [{ preferredVersion: { groupVersion: 'apps/v1' } }] },
      '/apis/apps/v1': { resources: [{ name: 'deployments', kind: 'Deployment', namespaced: true, verbs }] },
    });
    expect((await discovery.resources()).map(({ apiVersion, plural }) => `${apiVersion} ${plural}`)).toEqual([
      'v1 pods',
      'apps/v1 deployments',
    ]);
  });
});
