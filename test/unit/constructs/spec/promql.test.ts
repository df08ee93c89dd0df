import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyOf, escaped } from '../../../../constructs/spec/promql.ts';

/** As PromQL's lexer reads a string: it ends at the first quote that no backslash precedes. */
function read(text: string): string {
  const [, body = '', rest] = /^"((?:[^"\\\n]|\\[\\"n])*)"(.*)$/s.exec(text) ?? [];
  if (rest !== '') throw new Error(`no string, or more than one: ${text}`);
  return body.replaceAll(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character));
}

const awkward = fc.string({ unit: fc.constantFrom(...['"', '\\', '\n', '{', '}', '|', '.', '*', 'a', '$', '(', ')', 'é', '[', ']', '^']) });

describe('escaped', () => {
  it('makes one string of any value, and never anything else', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), awkward), (value) => read(`"${escaped(value)}"`) === value));
  });
});

describe('anyOf', () => {
  it('matches its values and nothing else', () => {
    fc.assert(
      fc.property(fc.array(awkward, { minLength: 1, maxLength: 5 }), awkward, (values, other) => {
        const matches = (value: string) => new RegExp(`^(?:${read(anyOf(values))})$`, 's').test(value);
        expect(values.every(matches)).toBe(true);
        expect(matches(other)).toBe(values.includes(other));
      }),
    );
  });
});
