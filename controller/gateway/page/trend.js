// What each guarantee was worth lately: as far as events tell that are kept, and as this page has seen since. Pure.

const MOST = 60;

/** `web_deadlines misses`: an agreement's guarantee. */
export function trendKey({ id, guarantee }) {
  return `${id} ${guarantee}`;
}

export function createTrends() {
  const trends = new Map();
  const note = (key, point) => {
    const points = trends.get(key) ?? [];
    trends.set(key, points);
    const last = points.at(-1);
    if (typeof point.value !== 'number' || (last !== undefined && last.atMs > point.atMs)) return;
    if (last?.value === point.value && last.isViolated === point.isViolated) return;
    points.push(point);
    if (points.length > MOST) points.shift();
  };
  return {
    /** A verdict as the server told it. */
    event: ({ at, agreement, guarantee, state, value }) =>
      note(trendKey({ id: agreement, guarantee }), { atMs: Date.parse(at), value, isViolated: state === 'violated' }),
    /** As it stands now. */
    seen: (agreement, nowMs) =>
      note(trendKey(agreement), { atMs: nowMs, value: agreement.value, isViolated: agreement.state === 'violated' }),
    of: (agreement) => trends.get(trendKey(agreement)) ?? [],
  };
}

/** Where a drawing of `width` × `height` has the points of a trend: a line of steps until now, the limit, and what was violated. */
export function drawn(points, limit, nowMs, { width, height }) {
  const values = [...points.map(({ value }) => value), ...(typeof limit === 'number' ? [limit] : [])];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const fromMs = Math.min(points[0]?.atMs ?? nowMs, nowMs - 60_000);
  const x = (atMs) => round(((atMs - fromMs) / Math.max(1, nowMs - fromMs)) * (width - 8) + 4);
  const y = (value) => round(height - 4 - ((value - low) / (high - low || 1)) * (height - 8));
  const steps = points.map(({ atMs, value }, at) => `${at === 0 ? `M${x(atMs)} ${y(value)}` : `H${x(atMs)}V${y(value)}`}`);
  return {
    line: points.length === 0 ? '' : `${steps.join('')}H${x(nowMs)}`,
    limit: typeof limit === 'number' ? y(limit) : undefined,
    violated: points.filter(({ isViolated }) => isViolated).map(({ atMs, value }) => ({ x: x(atMs), y: y(value) })),
    end: points.length === 0 ? undefined : { x: x(nowMs), y: y(points.at(-1).value) },
    sinceMs: fromMs,
    low,
    high,
  };
}

function round(value) {
  return Math.round(value * 10) / 10;
}
