import { describe, expect, it } from 'vitest';
import { nearest, suggestion } from '../../../synth/suggest.ts';

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

describe('suggestion', () => {
  it('lists what is known when nothing is near, twelve at most', () => {
    const many = Array.from({ length: 14 }, (_, at) => `edge-${at}`);
    expect(suggestion('mars', ['modena', 'edge-1'], 'declared are')).toBe(': declared are modena, edge-1');
    expect(suggestion('mars', many, 'declared are')).toMatch(/edge-11 and 2 more$/);
  });
});
