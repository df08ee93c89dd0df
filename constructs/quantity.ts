const POWER_OF_TEN = { m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 } as const;
const DECIMAL = Object.keys(POWER_OF_TEN);
const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
const QUANTITY = /^(\d+)(?:\.(\d+))?(m|[kMGTPE]|[KMGTPE]i)?$/;

/**
 * The text that an API server keeps: `1000m` → `1`, `0.5` → `500m`, `2048Mi` → `2Gi`. Anything else would differ from the live object for
 * ever. After Quantity.CanonicalizeBytes of k8s.io/apimachinery; as for resources there, what is less than a thousandth is rounded up.
 * @throws Error when `value` is not a quantity
 */
export function canonicalQuantity(value: string | number): string {
  const { amount, isBinary } = read(value);
  if (amount === 0n) return '0';
  // What has no binary suffix left is read back as a decimal number.
  return isBinary && amount % 1_024_000n === 0n ? withSuffix(amount / 1000n, 1024n, BINARY) : withSuffix(amount, 1000n, DECIMAL);
}

/**
 * A quantity as a number of thousandths: `0.5` → 500.
 * @throws Error when `value` is not a quantity
 */
export function thousandths(value: string | number): bigint {
  return read(value).amount;
}

function read(value: string | number): { readonly amount: bigint; readonly isBinary: boolean } {
  const match = QUANTITY.exec(typeof value === 'number' ? decimalText(value) : value);
  if (!match) throw new Error(`Write a quantity like 500m, 0.5 or 128Mi: ${JSON.stringify(value)}`);
  const [, whole = '', fraction = '', suffix = ''] = match;
  const binary = BINARY.indexOf(suffix);
  const factor = binary > 0 ? 1000n * 1024n ** BigInt(binary) : 10n ** BigInt(POWER_OF_TEN[suffix as keyof typeof POWER_OF_TEN] + 3);
  return { amount: ceilDivide(BigInt(whole + fraction) * factor, 10n ** BigInt(fraction.length)), isBinary: binary > 0 };
}

function decimalText(value: number): string {
  const text = String(value);
  return text.includes('e-') ? value.toFixed(9) : text;
}

/** The largest suffix that leaves a whole number. */
function withSuffix(amount: bigint, base: bigint, suffixes: readonly string[]): string {
  let rest = amount;
  let at = 0;
  for (; rest % base === 0n && at < suffixes.length - 1; at += 1) rest /= base;
  return `${rest}${suffixes[at]}`;
}

function ceilDivide(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
