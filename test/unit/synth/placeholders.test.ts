import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { badPlaceholders, fillPlaceholders, type Json } from '../../../synth/placeholders.ts';

describe('fillPlaceholders', () => {
  it.each<{ why: string; template: Json; parameters: Json; value: Json }>([
    { why: 'a text that is one becomes the value', template: { a: '{{.n}}' }, parameters: { n: 5 }, value: { a: 5 } },
    { why: 'of any type', template: ['{{ .list }}'], parameters: { list: [1, { b: null }] }, value: [[1, { b: null }]] },
    {
      why: 'within a text it is text',
      template: 'Agreement of {{.who.name}}',
      parameters: { who: { name: 'Ann' } },
      value: 'Agreement of Ann',
    },
    {
      why: 'a constraint takes a number',
      template: { constraint: 'latency < {{.limit}}' },
      parameters: { limit: 0.5 },
      value: { constraint: 'latency < 0.5' },
    },
    { why: 'and a metric', template: { constraint: '{{.m}} < 1' }, parameters: { m: 'errors' }, value: { constraint: 'errors < 1' } },
    { why: 'what has none stays', template: { a: [true, null, 1.5, 'x'] }, parameters: {}, value: { a: [true, null, 1.5, 'x'] } },
  ])('$why', ({ template, parameters, value }) => {
    expect(fillPlaceholders(template, parameters)).toEqual({ value, faults: [] });
  });

  it.each<{ why: string; template: Json; parameters: Json; path: readonly PropertyKey[]; message: RegExp }>([
    {
      why: 'what is not given',
      template: { a: { b: '{{.x}}' } },
      parameters: {},
      path: ['a', 'b'],
      message: /^Give parameter 'x': nothing was given/,
    },
    { why: 'a part that is not given', template: 'is {{.x.y}}', parameters: { x: 1 }, path: [], message: /^Give parameter 'x\.y'/ },
    {
      why: 'what every object has, and nobody gave',
      template: '{{.constructor}}',
      parameters: {},
      path: [],
      message: /^Give parameter 'constructor'/,
    },
    { why: 'a list within a text', template: 'a {{.x}}', parameters: { x: [] }, path: [], message: /as text or a number/ },
    {
      why: 'more than a number in a constraint',
      template: { constraint: 'latency < {{.limit}}' },
      parameters: { limit: '1 or 1 < 2' },
      path: ['constraint'],
      message: /^Give parameter 'limit' as a number or the name of a metric/,
    },
    {
      why: 'more than a name in a query',
      template: { query: 'sum(rate({{.m}}[5m]))' },
      parameters: { m: 'a[5m])) or vector(0' },
      path: ['query'],
      message: /within a query$/,
    },
    { why: 'what computes', template: '{{if .x}}a{{end}}', parameters: { x: 1 }, path: [], message: /^Write a placeholder as/ },
  ])('$why is a fault at its place', ({ template, parameters, path, message }) => {
    expect(fillPlaceholders(template, parameters).faults).toContainEqual({ path, message: expect.stringMatching(message) });
  });

  it('never reads a value again: whatever is given stays one value of its own', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (given) => {
        const value = given as Json;
        const filled = fillPlaceholders({ name: '{{.v}}', more: 'x' }, { v: value });
        expect(filled).toEqual({ value: { name: value, more: 'x' }, faults: [] });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const filled = fillPlaceholders({ name: 'a {{.v}} b' }, { v: text });
        expect(filled.value).toEqual({ name: `a ${text} b` });
      }),
    );
  });
});

it('badPlaceholders: what looks like one and is none', () => {
  expect(badPlaceholders({ a: '{{.ok}} and {{.ok.too}}', b: ['{{ x }}'], c: '{{.open' }).map(({ path }) => path)).toEqual([
    ['b', 0],
    ['c'],
  ]);
});
