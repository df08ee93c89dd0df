// Small drawings. Each state has a shape of its own and a word beside it, so that nobody needs its colour.
import { h, svg } from './dom.js';
import { drawn } from './trend.js';
import { number, span } from './words.js';

const CIRCLE = 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2z';
const RING = `${CIRCLE}M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z`;
/** A shape, and what it means: good, bad, something to look at, under way, nothing to say. */
const STATES = {
  ready: [`${CIRCLE}M4.6 8.2l2.3 2.3 4.4-4.6-.9-.9-3.5 3.7-1.4-1.4z`, 'good'],
  met: [`${CIRCLE}M4.6 8.2l2.3 2.3 4.4-4.6-.9-.9-3.5 3.7-1.4-1.4z`, 'good'],
  progressing: [`${RING}M8 3.5v9a4.5 4.5 0 0 0 0-9z`, 'busy'],
  removing: [`${RING}M8 3.5v9a4.5 4.5 0 0 0 0-9z`, 'busy'],
  waiting: [`${RING}M7.2 5v3.4l2.4 1.6.8-1.2L8.7 7.6V5z`, 'busy'],
  held: ['M2 2h12v12H2zM4.5 7h7v2h-7z', 'look'],
  suspended: ['M3 2h3.5v12H3zM9.5 2H13v12H9.5z', 'quiet'],
  stopped: ['M3 2h3.5v12H3zM9.5 2H13v12H9.5z', 'quiet'],
  terminated: ['M2.5 2.5h11v11h-11z', 'quiet'],
  degraded: ['M8 1.5L15 14H1zM7.2 6v4h1.6V6zM7.2 11.2v1.6h1.6v-1.6z', 'look'],
  violated: ['M8 1.5L15 14H1zM7.2 6v4h1.6V6zM7.2 11.2v1.6h1.6v-1.6z', 'bad'],
  failed: ['M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5zM5.2 6.2L7 8 5.2 9.8l1 1L8 9l1.8 1.8 1-1L9 8l1.8-1.8-1-1L8 7 6.2 5.2z', 'bad'],
  unreachable: ['M5 1.5h6L14.5 5v6L11 14.5H5L1.5 11V5zM5.2 6.2L7 8 5.2 9.8l1 1L8 9l1.8 1.8 1-1L9 8l1.8-1.8-1-1L8 7 6.2 5.2z', 'bad'],
};
const OTHER = [
  `${RING}M7.2 10.6h1.6v1.4H7.2zM5.8 6.6C5.8 5.2 6.8 4.4 8 4.4s2.2.8 2.2 2c0 1.6-1.5 1.6-1.5 3.2H7.3c0-2.2 1.5-2.2 1.5-3.2 0-.4-.3-.7-.8-.7s-.9.3-.9.9z`,
  'quiet',
];

/** A state: its shape, and its word. */
export function badge(state, word = state) {
  const [path, kind] = STATES[state] ?? OTHER;
  return h(
    'span',
    { class: `badge ${kind}` },
    svg('svg', { viewBox: '0 0 16 16', 'aria-hidden': 'true' }, svg('path', { d: path, 'fill-rule': 'evenodd' })),
    word,
  );
}

const MOST_PIPS = 12;

/** `2/3`, and a box for each replica: full when it is ready. */
export function replicas({ ready, desired }) {
  const size = Math.max(ready, desired);
  const boxes = Array.from({ length: Math.min(size, MOST_PIPS) }, (_, at) =>
    svg('rect', {
      x: at * 8 + 1,
      y: 1,
      width: 5,
      height: 8,
      rx: 1,
      class: at < (size > MOST_PIPS ? Math.round((ready / size) * MOST_PIPS) : ready) ? 'full' : 'empty',
    }),
  );
  return h(
    'span',
    { class: 'replicas' },
    h('span', { class: 'figure' }, `${number(ready)}/${number(desired)}`),
    svg(
      'svg',
      {
        class: 'pips',
        viewBox: `0 0 ${Math.max(8, boxes.length * 8)} 10`,
        width: Math.max(8, boxes.length * 8),
        height: 10,
        'aria-hidden': 'true',
      },
      boxes,
    ),
  );
}

const SIZE = { width: 132, height: 30 };

/** A trend against its limit, as a line with what was violated marked; told in words to those who don't see it. */
export function sparkline(points, limit, nowMs) {
  if (points.length === 0) return h('span', { class: 'muted' }, 'nothing seen yet');
  const { line, limit: at, violated, end, sinceMs, low, high } = drawn(points, limit, nowMs, SIZE);
  const values = points.map(({ value }) => value);
  const told = `${number(Math.min(...values))} to ${number(Math.max(...values))} over the last ${span(nowMs - sinceMs)}${typeof limit === 'number' ? `, limit ${number(limit)}` : ''}${violated.length > 0 ? `, violated ${violated.length} times` : ''}`;
  const isFlat = low === high;
  return svg(
    'svg',
    {
      class: 'sparkline',
      viewBox: `0 0 ${SIZE.width} ${SIZE.height}`,
      width: SIZE.width,
      height: SIZE.height,
      role: 'img',
      'aria-label': told,
    },
    svg('title', {}, told),
    at !== undefined && !isFlat && svg('path', { class: 'limit', d: `M0 ${at}H${SIZE.width}` }),
    svg('path', { class: 'line', d: line }),
    violated.map(({ x, y }) => svg('path', { class: 'violated', d: `M${x} ${y - 4}l4 7h-8z` })),
    end !== undefined && svg('circle', { class: 'end', cx: end.x, cy: end.y, r: 2.5 }),
  );
}
