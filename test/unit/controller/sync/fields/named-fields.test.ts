import { describe, expect, it } from 'vitest';
import { namedFields } from '../../../../../controller/sync/fields/named-fields.ts';
import { diffFields, printPath } from '../../../../../controller/sync/show/field-diff.ts';

const changes = (live: unknown, wanted: unknown, owned?: Readonly<Record<string, unknown>>) =>
  diffFields(namedFields(live, wanted, owned), wanted).map(
    ({ path, before, after }) => `${printPath(path)}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`,
  );
const containers = (...list: object[]) => ({ spec: { containers: list } });

describe('namedFields', () => {
  it.each([
    { reason: 'nothing of what the server filled in', live: { spec: { a: 1, filled: true } }, wanted: { spec: { a: 1 } }, told: [] },
    { reason: 'what is different', live: { spec: { a: 1 } }, wanted: { spec: { a: 2 } }, told: ['.spec.a: 1 → 2'] },
    { reason: 'what is missing', live: { spec: {} }, wanted: { spec: { a: 2 } }, told: ['.spec.a: undefined → 2'] },
    {
      reason: 'items by their name, with others around them',
      live: containers({ name: 'injected' }, { name: 'app', image: 'x:1', pullPolicy: 'Always' }),
      wanted: containers({ name: 'app', image: 'x:2' }),
      told: ['.spec.containers[name="app"].image: "x:1" → "x:2"'],
    },
    {
      reason: 'ports whose protocol is left to the server',
      live: { ports: [{ containerPort: 80, protocol: 'TCP' }] },
      wanted: { ports: [{ containerPort: 80 }] },
      told: [],
    },
    {
      reason: 'quantities in other words',
      live: { limits: { cpu: '500m', memory: '1Gi' }, emptyDir: { sizeLimit: '1Gi' } },
      wanted: { limits: { cpu: 0.5, memory: '1024Mi' }, emptyDir: { sizeLimit: '1024Mi' } },
      told: [],
    },
    {
      reason: 'texts that only look like quantities',
      live: { data: { a: '1000' } },
      wanted: { data: { a: '1k' } },
      told: ['.data.a: "1000" → "1k"'],
    },
    { reason: 'fields that hold nothing as not there', live: {}, wanted: { a: null, b: {}, c: [], d: false, e: '' }, told: [] },
    { reason: 'an empty label as one', live: { labels: { b: '1' } }, wanted: { labels: { a: '' } }, told: ['.labels.a: undefined → ""'] },
    { reason: 'lists without names as they are', live: { args: ['a', 'b'] }, wanted: { args: ['b'] }, told: ['.args: ["a","b"] → ["b"]'] },
    {
      reason: 'a field of ours that the manifest names no more',
      live: { data: { ours: '1', theirs: '2' } },
      wanted: { data: {} },
      owned: { 'f:data': { 'f:ours': {} } },
      told: ['.data.ours: "1" → undefined'],
    },
    {
      reason: 'an item of ours that the manifest names no more',
      live: containers({ name: 'app' }, { name: 'old', image: 'y' }, { name: 'injected' }),
      wanted: containers({ name: 'app' }),
      owned: { 'f:spec': { 'f:containers': { 'k:{"name":"app"}': {}, 'k:{"name":"old"}': { 'f:image': {} } } } },
      told: ['.spec.containers[name="old"]: {"name":"old","image":"y"} → undefined'],
    },
  ])('tells $reason', ({ live, wanted, owned, told }) => {
    expect(changes(live, wanted, owned)).toEqual(told);
  });
});
