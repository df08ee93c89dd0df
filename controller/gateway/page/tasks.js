// The table of tasks.
import { cell, h, long, one, outside, rowHead, say, wideCell } from './dom.js';
import { worstOf } from './model.js';
import { badge, replicas } from './shapes.js';
import { breakable, count, number } from './words.js';

const section = one('#tasks');
const body = one('tbody', section);
const found = one('.found', section);

/** @param tasks those to be shown, in their order; @param total how many there are. */
export function showTasks(tasks, total) {
  one('table', section).hidden = tasks.length === 0;
  say(
    found,
    total === 0
      ? 'No task is declared yet: commit a document to the folder tasks of the environment, or POST one to /api/v1/tasks.'
      : tasks.length === total
        ? ''
        : `${number(tasks.length)} of ${count(total, 'task')}`,
  );
  long(body, tasks, ({ id }) => id, row);
}

function row({ id, name, dock, infrastructure, infrastructures, replicas: wanted, health, scaledBy, reason, url, agreements }) {
  const places = infrastructures?.map((place) => place.name) ?? [infrastructure];
  const worst = worstOf(agreements);
  return h(
    'tr',
    { 'data-id': id },
    rowHead(
      h('a', { href: `#task/${encodeURIComponent(id)}`, 'data-key': `task:${id}` }, breakable(name)),
      url && h('span', { class: 'aside' }, outside(url, 'open ↗', `open ${name}`)),
    ),
    cell('Dock', breakable(dock)),
    cell('Infrastructure', breakable(places.join(', '))),
    cell('Ready', replicas(wanted), scaledBy && h('span', { class: 'aside' }, `by ${scaledBy}`)),
    wideCell('Health', badge(health), reason && h('span', { class: 'reason' }, breakable(reason))),
    cell(
      'Promises',
      worst === undefined
        ? h('span', { class: 'muted' }, 'none')
        : badge(worst, agreements.length === 1 ? worst : `${worst} (${agreements.length})`),
    ),
  );
}
