import { PerformanceObserver } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';

/** Of what is alive, what may be added before it is collected. V8's own measure is for haste: it lets a quarter more memory be resident. */
const GROWTH_PERCENT = 25;
/** More of a small heap: an evaluation of 10,000 agreements would be followed by a collection each time. */
const LEAST_GROWTH_BYTES = 32 * 1024 * 1024;

/** To be called before much is alive. */
export function keepHeapSmall(): void {
  setGrowth();
  new PerformanceObserver(setGrowth).observe({ entryTypes: ['gc'] });
}

/** What is alive is known best when it has just been collected. */
function setGrowth(): void {
  const percent = Math.max(GROWTH_PERCENT, Math.round((100 * LEAST_GROWTH_BYTES) / process.memoryUsage().heapUsed));
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
