import { constants, type NodeGCPerformanceDetail, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';

/** Of what is alive, what may be added before it is collected. V8's own measure is for haste: it lets a quarter more memory be resident. */
const GROWTH_PERCENT = 25;
/** More of a small heap: an evaluation of 10,000 agreements would be followed by a collection each time. */
const LEAST_GROWTH_BYTES = 32 * 1024 * 1024;

/** To be called before much is alive. */
export function keepHeapSmall(): void {
  setGrowth();
  new PerformanceObserver((list) => {
    if (list.getEntries().some(isWhole)) setGrowth();
  }).observe({ entryTypes: ['gc'] });
}

/** Of all that is there: what is alive is known best when it has just been collected. */
function isWhole(entry: PerformanceEntry): boolean {
  const { detail } = entry as PerformanceEntry & { readonly detail: NodeGCPerformanceDetail };
  return detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR;
}

function setGrowth(): void {
  const percent = Math.max(GROWTH_PERCENT, Math.round((100 * LEAST_GROWTH_BYTES) / getHeapStatistics().used_heap_size));
  setFlagsFromString(`--heap-growing-percent=${percent}`);
}
