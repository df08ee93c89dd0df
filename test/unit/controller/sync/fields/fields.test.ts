import { describe, expect, it } from 'vitest';
import { valueAt, withoutField } from '../../../../../controller/sync/fields/fields.ts';

const object = {
  metadata: { labels: { app: 'x', 'app.kubernetes.io/name': 'y', 'app.kubernetes.io': 'z' }, finalizers: ['a', 'b'] },
  spec: {
    replicas: 2,
    containers: [
      { name: 'one', image: 'a', ports: [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }] },
      { name: 'a"]b', image: 'b' },
    ],
    args: [['x'], ['y']],
  },
};
type Shape = typeof object;

describe('withoutField', () => {
  it.each<[string, (changed: Shape) => unknown, unknown]>([
    ['.spec.replicas', ({ spec }) => 'replicas' in spec, false],
    ['.metadata.labels.app', ({ metadata }) => Object.keys(metadata.labels), ['app.kubernetes.io/name', 'app.kubernetes.io']],
    ['.metadata.labels.app.kubernetes.io/name', ({ metadata }) => Object.keys(metadata.labels), ['app', 'app.kubernetes.io']],
    ['.metadata.labels.app.kubernetes.io', ({ metadata }) => Object.keys(metadata.labels), ['app', 'app.kubernetes.io/name']],
    ['.metadata.finalizers[="b"]', ({ metadata }) => metadata.finalizers, ['a']],
    ['.spec.containers[name="one"].image', ({ spec }) => spec.containers.map(({ image }) => image), [undefined, 'b']],
    ['.spec.containers[name="a\\"]b"].image', ({ spec }) => spec.containers.map(({ image }) => image), ['a', undefined]],
    ['.spec.containers[name="one"]', ({ spec }) => spec.containers.length, 1],
    [
      '.spec.containers[name="one"].ports[containerPort=80,protocol="TCP"]',
      ({ spec }) => spec.containers[0]?.ports,
      [{ containerPort: 80, protocol: 'UDP' }],
    ],
    [
      '.spec.containers[name="one"].ports[containerPort=80,protocol="UDP"]',
      ({ spec }) => spec.containers[0]?.ports,
      [{ containerPort: 80 }],
    ],
    ['.spec.args[1]', ({ spec }) => spec.args, [['x']]],
  ])('drops %s', (path, look, expected) => {
    const changed = withoutField(object, path) ?? expect.fail('It has that field');
    expect(look(changed)).toEqual(expected);
  });

  it.each([
    '.spec.nothing',
    '.spec.containers[name="two"].image',
    '.spec.replicas.deeper',
    'spec',
    '.spec.containers[',
    '.metadata.finalizers[="c"]',
  ])('is undefined for %s, which is not there', (path) => {
    expect(withoutField(object, path)).toBeUndefined();
  });

  it('leaves what it was given alone', () => {
    const before = JSON.stringify(object);
    withoutField(object, '.spec.containers[name="one"].image');
    expect(JSON.stringify(object)).toBe(before);
  });
});

describe('valueAt', () => {
  it.each([
    ['.spec.replicas', 2],
    ['.metadata.labels.app.kubernetes.io/name', 'y'],
    ['.spec.containers[name="one"].image', 'a'],
    ['.spec.args[1]', ['y']],
    ['.spec.nothing', undefined],
    ['.spec.replicas.deeper', undefined],
  ])('%s is %j', (path, value) => {
    expect(valueAt(object, path)).toEqual(value);
  });
});
