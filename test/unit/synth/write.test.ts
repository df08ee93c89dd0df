import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { Manifest } from '../../../synth/manifest.ts';
import { synthesisIssues } from '../../../synth/synthesize.ts';
import { renderFiles } from '../../../synth/write.ts';
import { environmentOf } from '../../support/environment.ts';

const containers = [{ image: 'redis' }];
const clusterRole: Manifest = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'reader' } };

describe('renderFiles', () => {
  it('writes a file for each dock, and one for what is in none', () => {
    const files = renderFiles(
      environmentOf({
        infrastructures: { modena: { type: 'kubernetes' }, edge: { type: 'kubernetes' } },
        tasks: { redis: { dock: 'class', containers }, nginx: { containers } },
        manifests: [{ manifest: clusterRole, infrastructures: ['modena'] }],
      }),
    );
    expect([...files.keys()]).toEqual(['_cluster', 'class', 'default'].map((file) => `city/modena/${file}.k8s.yaml`));
    const kinds = (file: string) => parseAllDocuments(files.get(file) ?? '').map((document) => document.get('kind'));
    expect(kinds('city/modena/class.k8s.yaml')).toEqual(['Namespace', 'ServiceAccount', 'Deployment']);
    expect(kinds('city/modena/_cluster.k8s.yaml')).toEqual(['ClusterRole']);
  });

  it.each(['..', '../x', 'a/b', '', '.hidden', 'a\0b'])('writes nothing below %j', (name) => {
    const wanted = environmentOf({ docks: { class: {} } });
    const inNamespace = { manifest: { ...clusterRole, kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'x', namespace: name } } };
    const namespace = { manifest: { apiVersion: 'v1', kind: 'Namespace', metadata: { name } } };
    const hostile = [
      { ...wanted, name },
      environmentOf({ infrastructures: { [name]: { type: 'kubernetes' } }, docks: { class: {} } }),
      environmentOf({ docks: { [name]: {} } }),
      environmentOf({ manifests: [inNamespace] }),
      environmentOf({ manifests: [namespace] }),
    ];
    for (const environment of hostile) {
      expect([...renderFiles(environment).keys()]).toEqual([]);
      expect(synthesisIssues(environment)).toHaveLength(1);
    }
  });
});
