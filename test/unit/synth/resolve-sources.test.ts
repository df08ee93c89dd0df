import { describe, expect, it, test } from 'vitest';
import { printIssue } from '../../../constructs/spec/issue.ts';
import { loadEnvironment } from '../../../synth/load.ts';
import { sourcesFor } from '../../../synth/resolve-sources.ts';
import { cityFiles } from '../../support/source-files.ts';

const document = (kind: string, name: string, spec: object) => ({
  apiVersion: 'rotterdam.dev/v1alpha1',
  kind,
  metadata: { name },
  spec,
});
const infrastructure = (spec: object = {}) => document('Infrastructure', 'edge', { type: 'kubernetes', ...spec });
const source = (spec: object, name = 'mimir') => document('Source', name, spec);
const template = (guarantee: object) =>
  document('QosTemplate', 'fast', { type: 'app', guarantees: [{ name: 'g', constraint: 'response_time < 0.25', ...guarantee }] });
const prometheus = { type: 'prometheus', url: 'https://mimir.example/prometheus' };

const load = (files: Readonly<Record<string, object>>) =>
  loadEnvironment('city', cityFiles({ 'infrastructures/edge.json': infrastructure(), ...files }));

/** Issues without their file and place. */
const issues = (files: Readonly<Record<string, object>>) =>
  load(files).issues.map((issue) => printIssue(issue).replace(/^\S+:\d+:\d+ /, ''));

describe('Source', () => {
  it('takes all that a Prometheus may ask for, by the names of secrets', () => {
    const secret = { secret: 'mimir/token' };
    const spec = {
      ...prometheus,
      headers: { 'X-Scope-OrgID': 'city', 'X-Key': secret },
      bearer: secret,
      ca: secret,
      clientCertificate: { certificate: secret, key: secret },
      timeout: '2s',
    };
    const { sources, issues: none } = load({ 'sla/mimir.json': source(spec) });
    expect(none).toEqual([]);
    expect(sources.get('mimir')).toEqual({ ...spec, name: 'mimir', timeout: 2_000 });
  });

  test.each<[reason: string, spec: object, expected: string]>([
    ['no type', {}, "Add the field 'type' in spec: prometheus, embedded, constant"],
    [
      'an unknown type',
      { type: 'promteheus' },
      `Write spec.type as one of prometheus, embedded, constant: found "promteheus", did you mean 'prometheus'?`,
    ],
    ["another type's field", { type: 'embedded', url: 'http://a' }, "Unknown field 'url' in spec"],
    ['a password in the URL', { ...prometheus, url: 'http://a:b@c' }, 'Remove the credentials from the URL: name their secret in basic'],
    ['a path for a secret', { ...prometheus, bearer: { secret: '../x' } }, 'Name a file of the secrets directory'],
    ['a header that logs in', { ...prometheus, headers: { Authorization: 'x' } }, 'credentials go into bearer or basic'],
    ['a header that breaks lines', { ...prometheus, headers: { 'X-A': 'a\r\nX-B: c' } }, 'Write printable ASCII'],
    [
      'two ways to log in',
      { ...prometheus, bearer: { secret: 'a' }, basic: { username: 'u', password: { secret: 'b' } } },
      'Name one way to log in: bearer or basic',
    ],
    ['TLS without https', { ...prometheus, url: 'http://a', ca: { secret: 'a' } }, 'Write an https:// URL, or leave out ca'],
    ['no time at all', { ...prometheus, timeout: '0s' }, 'Write a duration above 0s'],
    ['a constant without a value', { type: 'constant' }, "Add the field 'value' in spec"],
  ])('refuses %s', (_, spec, expected) => {
    expect(issues({ 'sla/a.json': source(spec) })).toEqual([expect.stringContaining(expected)]);
  });

  it('must be declared to be named, once', () => {
    const declared = { 'sla/a.json': source(prometheus), 'qos/fast.json': template({ source: 'mimri' }) };
    expect(issues(declared)).toEqual(["Cannot ask source 'mimri' for guarantee 'g' of QoS 'fast': did you mean 'mimir'?"]);
    expect(issues({ 'infrastructures/edge.json': infrastructure({ sources: ['thanos'] }), 'sla/a.json': source(prometheus) })).toEqual([
      "Cannot ask source 'thanos' for infrastructure 'edge': declared are mimir",
    ]);
    expect(issues({ 'sla/a.json': source(prometheus), 'sla/b.json': source(prometheus) })).toEqual([
      expect.stringContaining("Cannot declare source 'mimir' again"),
    ]);
  });

  it('that cannot be read is not reported as missing', () => {
    expect(issues({ 'sla/a.json': source({ type: 'x' }), 'qos/fast.json': template({ source: 'mimir' }) })).toHaveLength(1);
  });
});

describe('sourcesFor', () => {
  it('asks what was pushed first, then the Prometheus, then what is named', () => {
    const spec = { prometheus: { url: 'http://p' }, pushgateway: { url: 'embedded' }, sources: ['mimir'] };
    const environment = load({
      'infrastructures/edge.json': infrastructure(spec),
      'sla/a.json': source(prometheus),
    });
    expect(sourcesFor(environment, 'edge', 'mimir')).toMatchObject([{ name: 'mimir' }]);
    expect(sourcesFor(environment, 'edge')).toMatchObject([
      { type: 'embedded' },
      { type: 'prometheus', url: 'http://p' },
      { type: 'prometheus', name: 'mimir' },
    ]);
  });
});

describe('Metric', () => {
  const metric = document('Metric', 'response_time', { query: 'avg by (task) (response_seconds)' });

  it('measures the guarantees whose constraint is on its name', () => {
    const tasks = { 'tasks/t.json': document('Task', 't', { containers: [{ image: 'x' }], qos: ['fast'] }) };
    const loaded = load({ 'sla/m.json': metric, 'qos/fast.json': template({}), ...tasks });
    expect(loaded.issues).toEqual([]);
    expect(loaded.tasks.get('t')?.qos[0]?.guarantees).toMatchObject([{ query: 'avg by (task) (response_seconds)', by: 'task' }]);
  });

  it('gives way to a query of the guarantee itself', () => {
    const tasks = { 'tasks/t.json': document('Task', 't', { containers: [{ image: 'x' }], qos: ['fast'] }) };
    const loaded = load({ 'sla/m.json': metric, 'qos/fast.json': template({ query: 'x', by: 'pod' }), ...tasks });
    expect(loaded.tasks.get('t')?.qos[0]?.guarantees).toMatchObject([{ query: 'x', by: 'pod' }]);
  });

  test.each([
    ['a name that no constraint can have', { 'sla/m.json': document('Metric', 'a-b', { query: 'x' }) }, "Cannot use the name 'a-b'"],
    ['a label that is none', { 'sla/m.json': document('Metric', 'a', { query: 'x', by: 'a-b' }) }, 'Write the name of a label'],
    ['by without a query', { 'qos/q.json': template({ by: 'task' }) }, "Give guarantee 'g' of QoS 'fast' a query, or leave out by"],
    [
      'a query of what was pushed',
      { 'sla/s.json': source({ type: 'embedded' }), 'qos/q.json': template({ query: 'x', source: 'mimir' }) },
      "Cannot ask the embedded source 'mimir' for guarantee 'g' of QoS 'fast', as it knows no PromQL",
    ],
  ])('refuses %s', (_, files, expected) => {
    expect(issues(files)).toEqual([expect.stringContaining(expected)]);
  });
});
