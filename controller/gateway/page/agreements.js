// The table of agreements: each guarantee with its value against its limit, and how that was lately.
import { age, cell, h, long, one, rowHead, say, wideCell } from './dom.js';
import { badge, sparkline } from './shapes.js';
import { trendKey } from './trend.js';
import { breakable, count, decided, number } from './words.js';

const section = one('#agreements');
const body = one('tbody', section);

/** @param agreements those to be shown; @param total how many there are; @param trends what was seen of them. */
export function showAgreements(agreements, total, trends) {
  one('table', section).hidden = agreements.length === 0;
  const none = 'Nothing is promised yet: a task is bound to a QoS template by its field qos.';
  say(
    one('.found', section),
    total === 0 ? none : agreements.length === total ? '' : `${number(agreements.length)} of ${count(total, 'guarantee')}`,
  );
  long(
    body,
    agreements,
    trendKey,
    (agreement) => row(agreement, trends),
    (agreement) => made(agreement, trends),
  );
}

/** The line of a trend goes on while nothing changes: it is drawn anew each minute. */
function made(agreement, trends) {
  const points = trends.of(agreement);
  return JSON.stringify([agreement, points.length, points.at(-1), Math.floor(Date.now() / 60_000)]);
}

function row(agreement, trends) {
  const { id, guarantee, task, taskId, promise, state, value, limit, evidenceAt, source, decision, reason, budgetRemaining } = agreement;
  const isKnown = typeof value === 'number';
  return h(
    'tr',
    {},
    rowHead(
      h(
        'a',
        { href: `#task/${encodeURIComponent(taskId)}`, 'data-key': `agreement:${id} ${guarantee}`, 'aria-label': `${id}, of task ${task}` },
        breakable(id),
      ),
      h('span', { class: 'reason' }, breakable(promise)),
    ),
    cell('State', badge(state)),
    cell(
      'Value / limit',
      isKnown ? h('span', { class: 'figure' }, h('strong', {}, number(value)), ` / ${number(limit)}`) : h('span', { class: 'muted' }, '–'),
      budgetRemaining !== undefined &&
        h('span', { class: 'aside' }, `${number(Math.round(budgetRemaining * 1000) / 10)} % of the budget left`),
    ),
    cell('Trend', sparkline(trends.of(agreement), limit, Date.now())),
    cell(
      'Evidence',
      evidenceAt === undefined ? h('span', { class: 'muted' }, 'none') : age(evidenceAt),
      source && h('span', { class: 'reason' }, breakable(source)),
    ),
    wideCell(
      'What is done',
      h(
        'span',
        { class: state === 'violated' ? '' : 'muted' },
        breakable(state === 'violated' ? decided(decision) || reason || '' : (reason ?? 'nothing')),
      ),
    ),
  );
}
