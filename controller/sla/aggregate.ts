import type { Guarantee } from '../../synth/environment.ts';

/** How several values become one. NaN when one of them is. */
export function aggregated(how: Guarantee['aggregate'], values: readonly number[]): number {
  if (values.length === 1) return values[0] ?? Number.NaN;
  if (values.some(Number.isNaN)) return Number.NaN;
  const sum = values.reduce((total, value) => total + value, 0);
  switch (how) {
    case 'sum':
      return sum;
    case 'avg':
      return sum / values.length;
    case 'max':
      return values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'min':
      return values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  }
}
