const NANO_PER = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const;
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'] as const;
const QUANTITY = /^(\d+)(?:\.(\d+))?(m|[kMGTPE]|[KMGTPE]i)?$/;
const NANO = 1_000_000_000n;

/**
 * The text that an API server would store: `1000m` → `1`, `0.5` → `500m`, `2048Mi` → `2Gi`. Anything else would differ from the live
 * object for ever. After Quantity.CanonicalizeBytes of k8s.io/apimachinery; what is finer than it keeps is rounded up.
 * @throws Error when `value` is not a quantity
 */
export function canonicalQuantity(value: string | number): string {
  const text = typeof value === 'number' ? decimalText(value) : value;
  const match = QUANTITY.exec(text);
  if (!match) throw new Error(`Write a quantity like 500m, 0.5 or 128Mi: ${JSON.stringify(value)}`);
  const [, whole = '', fraction = '', suffix = ''] = match;
  const digits = BigInt(whole + fraction);
  const binary = BINARY.indexOf(suffix as (typeof BINARY)[number]);
  if (binary <= 0) return decimal(digits, NANO_PER[suffix as keyof typeof NANO_PER] - fraction.length);
  const bytes = ceilDivide(digits * 1024n ** BigInt(binary), 10n ** BigInt(fraction.length));
  // Without a binary suffix the server reads it back as a decimal number.
  return bytes % 1024n === 0n && bytes > 0n ? reduce(bytes, 1024n, BINARY, 0) : decimal(bytes, 0);
}

function decimalText(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(9).replace(/\.?0+$/, '') : text;
}

/** `digits` × 10^`exponent`, with the largest suffix that keeps the number whole. */
function decimal(digits: bigint, exponent: number): string {
  const nano = exponent >= -9 ? digits * 10n ** BigInt(exponent + 9) : ceilDivide(digits, 10n ** BigInt(-9 - exponent));
  if (nano === 0n) return '0';
  return nano % NANO === 0n ? reduce(nano / NANO, 1000n, Object.keys(NANO_PER), 3) : reduce(nano, 1000n, Object.keys(NANO_PER), 0);
}

function reduce(amount: bigint, base: bigint, suffixes: readonly string[], from: number): string {
  let rest = amount;
  let at = from;
  while (rest % base === 0n && at < suffixes.length - 1) {
    rest /= base;
    at += 1;
  }
  return `${rest}${suffixes[at]}`;
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
