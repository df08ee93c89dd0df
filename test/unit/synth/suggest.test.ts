import { describe, expect, it } from 'vitest';
import { nearest, nearestOf, suggestion } from '../../../synth/suggest.ts';

describe('nearest', () => {
  it.each([
    ['replica', ['replicas', 'ports'], 'replicas'],
    ['prots', ['ports', 'protocol'], 'ports'],
    ['Replicas', ['replicas', 'replica'], 'replicas'],
    ['colour', ['replicas', 'ports'], undefined],
    ['abc', ['xyz'], undefined],
    ['ab', ['ac'], 'ac'],
    ['ab', ['cd'], undefined],
    ['x', [], undefined],
  ])('%s among %j is %s', (name, known, expected) => {
    expect(nearest(name, known)).toBe(expected);
  });
});

describe('nearestOf', () => {
  it.each([
    { names: ['requests_tota'], known: ['up', 'requests_total', 'request_total'], near: ['requests_total', 'request_total'] },
    { names: ['latency_hello', 'latency'], known: ['latencies', 'latency_helo', 'up'], near: ['latency_helo'] },
    { names: ['ab'], known: ['cd', 'ef'], near: [] },
    { names: [], known: ['a'], near: [] },
  ])('$names among $known are near $near', ({ names, known, near }) => {
    expect(nearestOf(names, known, 2)).toEqual(near);
  });

  it('looks through 20,000 names in a moment', () => {
    const known = Array.from({ length: 20_000 }, (_, at) => `some_application_metric_number_${at}_seconds_bucket`);
    const startMs = performance.now();
    expect(nearestOf(['some_aplication_metric_number_17777_seconds_bucket'], known, 1)).toEqual([known[17_777]]);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe('suggestion', () => {
  it('lists what is known when nothing is near, twelve at most', () => {
    const many = Array.from({ length: 14 }, (_, at) => `edge-${at}`);
    expect(suggestion('mars', ['modena', 'edge-1'], 'declared are')).toBe(': declared are modena, edge-1');
    expect(suggestion('mars', many, 'declared are')).toMatch(/edge-11 and 2 more$/);
  });
});
