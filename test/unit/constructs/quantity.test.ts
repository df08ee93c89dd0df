import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalQuantity } from '../../../constructs/quantity.ts';
import { CANONICAL } from '../../support/quantities.ts';

describe('canonicalQuantity', () => {
  it.each(CANONICAL)('turns %j into %s', (written, stored) => {
    expect(canonicalQuantity(written)).toBe(stored);
  });

  it('writes a small number without an exponent', () => {
    expect(canonicalQuantity(0.0000001)).toBe('1m');
  });

  it('leaves what it has made as it is', () => {
    const suffix = fc.constantFrom('', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti');
    const amount = fc.tuple(fc.nat(1_000_000), fc.constantFrom('', '.5', '.25', '.125'), suffix).map((parts) => parts.join(''));
    fc.assert(
      fc.property(amount, (written) => {
        const once = canonicalQuantity(written);
        expect(canonicalQuantity(once)).toBe(once);
      }),
    );
  });

  it.each(['', 'a', '-1', '1K', '1ki', '1 Gi', '1.', '.5', '1e3', '1mi'])('refuses %j', (written) => {
    expect(() => canonicalQuantity(written)).toThrow(`Write a quantity like 500m, 0.5 or 128Mi: ${JSON.stringify(written)}`);
  });
});
