import { describe, expect, it } from 'vitest';
import { loadEnvironment } from '../../../../synth/load.ts';
import { cityFiles, example } from '../../../support/source-files.ts';

function load(document: object | string) {
  const infrastructure = { name: 'microk8s_cluster', type: 'microk8s', defaultDock: 'default' };
  return loadEnvironment('city', cityFiles({ 'infrastructures/e.json': infrastructure, 'functions/f.json': document }));
}

describe("Rotterdam's functions", () => {
  it('function-helloworld.json is valid as it stands', () => {
    const { functions, issues } = load(example('function-helloworld.json'));
    expect(issues).toEqual([]);
    expect(functions.get('helloworld')).toMatchObject({
      id: 'helloworld',
      infrastructure: 'microk8s-cluster',
      dock: 'default',
      spec: { runtime: 'python2.7', timeout: 180, source: 'def foo(event, context):\n  return "hello world"\n' },
    });
  });

  it('reads every field', () => {
    const { functions, issues } = load({
      name: 'My_F',
      dock: 'class',
      cluster: 'microk8s_cluster',
      type: 'function',
      runtime: 'python3',
      timeout: '30',
      handler: 'm.f',
      functionType: 'text',
      function: 'x',
      id: 'y',
    });
    expect(issues).toEqual([]);
    expect(functions.get('my-f')).toMatchObject({ dock: 'class', spec: { timeout: 30, handler: 'm.f' } });
  });

  it.each([
    ['no source', { name: 'f', runtime: 'python3' }, "Add the field 'function'"],
    ['a timeout that is none', { name: 'f', runtime: 'python3', function: 'x', timeout: 'soon' }, 'Write seconds'],
    ['source in another form', { name: 'f', runtime: 'python3', function: 'x', functionType: 'zip' }, 'Write functionType as one of'],
  ])('refuses %s', (_, document, expected) => {
    expect(load(document).issues).toMatchObject([{ severity: 'error', message: expect.stringContaining(expected) }]);
  });
});
