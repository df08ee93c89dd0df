import { describe, expect, it } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { cityFiles } from '../../support/source-files.ts';

const INFRASTRUCTURES = '- {name: modena, type: kubernetes}\n- {name: edge_1, type: kubernetes}\n';

function load(files: Readonly<Record<string, string>>) {
  const environment = loadEnvironment('city', cityFiles({ 'infrastructures/all.yaml': INFRASTRUCTURES, ...files }));
  const issues = environment.issues.map((issue) => printIssue(issue).replace('environments/city/', ''));
  return { issues, manifests: environment.manifests };
}

function configMap(name: string, metadata = ''): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${metadata}data: {a: "1"}\n`;
}

describe('manifests', () => {
  it('go everywhere, or where the annotation says, from any folder below', () => {
    const somewhere = configMap('b', '  annotations:\n    rotterdam.dev/infrastructures: "Edge_1, modena"\n');
    const one = configMap('c', '  annotations:\n    rotterdam.dev/infrastructures: modena\n');
    const { issues, manifests } = load({ 'manifests/a.yaml': configMap('a'), 'manifests/deep/er/b.yaml': `${somewhere}---\n${one}` });
    expect(issues).toEqual([]);
    expect(
      manifests.map(({ manifest, infrastructures, origin }) => [manifest.metadata.name, infrastructures, origin.index, origin.line]),
    ).toEqual([
      ['a', ['modena', 'edge-1'], 0, 1],
      ['b', ['edge-1', 'modena'], 0, 1],
      ['c', ['modena'], 1, 9],
    ]);
  });

  it('are left as they are', () => {
    const [one] = load({ 'manifests/a.yaml': configMap('a') }).manifests;
    expect(one?.manifest).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: '1' } });
  });

  it('of a List are its items, each at its place', () => {
    const list = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } },
          { apiVersion: 'v1', kind: 'Namespace' },
        ],
      },
      null,
      1,
    );
    const { issues, manifests } = load({ 'manifests/a.json': list });
    expect(manifests.map(({ manifest }) => manifest.metadata.name)).toEqual(['a']);
    expect(issues).toEqual(["manifests/a.json:12:3 Add the field 'name' in metadata: a Kubernetes object needs it"]);
  });

  it.each<[reason: string, text: string, expected: string]>([
    ['no kind', 'apiVersion: v1\nmetadata: {name: a}\n', "1:1 Add the field 'kind'"],
    ['no name', 'apiVersion: v1\nkind: Namespace\nmetadata: {generateName: a}\n', "3:11 Add the field 'name' in metadata"],
    ['a text', 'hello', '1:1 Write a Kubernetes object'],
    [
      'a label that is a number',
      configMap('a', '  labels:\n    version: 1\n'),
      '6:14 Quote the value of metadata.labels.version to make it text',
    ],
    ['a namespace that is a number', configMap('a', '  namespace: 1\n'), '5:14 Quote metadata.namespace to make it text'],
    [
      'a document of ours',
      'apiVersion: rotterdam.dev/v1alpha1\nkind: Task\nmetadata: {name: a}\n',
      '1:13 Cannot read kind Task in manifests',
    ],
    [
      'an infrastructure that is not declared',
      configMap('a', '  annotations:\n    rotterdam.dev/infrastructures: mars\n'),
      "6:36 Cannot place ConfigMap a as infrastructure 'mars' is not declared",
    ],
    [
      'an object twice',
      `${configMap('a')}---\n${configMap('a', '  annotations:\n    rotterdam.dev/infrastructures: modena\n')}`,
      "7:1 Cannot declare ConfigMap a again for 'modena': the first is at environments/city/manifests/a.yaml:1",
    ],
  ])('are refused for %s', (_, text, expected) => {
    expect(load({ 'manifests/a.yaml': text }).issues).toEqual([expect.stringContaining(`manifests/a.yaml:${expected}`)]);
  });

  it('of one name may be on two infrastructures', () => {
    const on = (name: string, value: string) =>
      configMap('a', `  annotations:\n    rotterdam.dev/infrastructures: ${name}\n`).replace('"1"', value);
    expect(load({ 'manifests/a.yaml': `${on('modena', '"1"')}---\n${on('edge_1', '"2"')}` }).issues).toEqual([]);
  });

  it('that are Secrets with data get a warning that does not show it', () => {
    const { issues, manifests } = load({
      'manifests/s.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {a: hunter2}\n',
    });
    expect(issues).toEqual([
      'manifests/s.yaml:4:1 warning: Move the data of this Secret out of git: anybody who reads the repository reads it',
    ]);
    expect(manifests).toHaveLength(1);
  });
});
