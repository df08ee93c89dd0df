import { describe, expect, it } from 'vitest';
import { Kinds } from '../../../../controller/sandbox/kinds.ts';
import { tableOf } from '../../../../controller/sandbox/table.ts';

const NOW = Date.parse('2026-01-03T00:00:00Z');
function cells(name: string, fields: object, createdMs = NOW - 5000): Record<string, unknown> {
  const kind = new Kinds().all().find((candidate) => candidate.kind === name);
  if (kind === undefined) throw new Error(`no kind ${name}`);
  const metadata = { name: 'a', uid: 'u', resourceVersion: '1', creationTimestamp: new Date(createdMs).toISOString() };
  const table = tableOf(kind, [{ apiVersion: 'v1', kind: name, metadata, ...fields }], NOW);
  return Object.fromEntries(table.columnDefinitions.map((column, index) => [column.name, table.rows[0]?.cells[index]]));
}

describe('tableOf', () => {
  it.each([
    [
      'Deployment',
      { spec: { replicas: 3 }, status: { readyReplicas: 2, updatedReplicas: 3 } },
      { Ready: '2/3', 'Up-to-date': 3, Available: 0 },
    ],
    [
      'Pod',
      { spec: { containers: [{}, {}] }, status: { phase: 'Running', containerStatuses: [{ ready: true }, {}] } },
      { Ready: '1/2', Status: 'Running' },
    ],
    [
      'Service',
      { spec: { type: 'NodePort', ports: [{ port: 80, nodePort: 30001, protocol: 'TCP' }] } },
      { 'Port(s)': '80:30001/TCP', 'Cluster-IP': '<none>' },
    ],
    ['ConfigMap', { data: { a: '1', b: '2' } }, { Data: 2 }],
    ['Role', {}, { Name: 'a', Age: '5s' }],
  ])('shows a %s', (kind, fields, expected) => expect(cells(kind, fields)).toMatchObject(expected));

  it.each([
    [119, '119s'],
    [120, '2m'],
    [3 * 3600, '3h'],
    [48 * 3600, '2d'],
    [-5, '0s'],
  ])('shows an age of %i s as %s', (seconds, expected) => expect(cells('Role', {}, NOW - seconds * 1000).Age).toBe(expected));
});
