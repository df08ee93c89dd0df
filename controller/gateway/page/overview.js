// What stands around the tables: the summary, what somebody should know, infrastructures, docks and the last decisions.
import { age, h, list, one, outside, say } from './dom.js';
import { summaryOf } from './model.js';
import { badge } from './shapes.js';
import { breakable, count, number, short } from './words.js';

export function showHead({ environment, revision, tip, caasversion }) {
  say(one('#environment'), environment);
  const behind = tip !== null && tip !== revision ? `, its tip ${short(tip)} is not valid` : '';
  say(one('#revision'), revision === null ? 'no revision is in force' : `at ${short(revision)}${behind}`);
  say(one('#footer'), `rotterdam-sync ${caasversion}`);
}

export function showSummary(status) {
  list(
    one('#summary'),
    summaryOf(status),
    ({ noun }) => noun,
    ({ noun, total, states }) =>
      h(
        'li',
        {},
        h('strong', {}, count(total, noun)),
        states.map(([state, size]) => badge(state, `${number(size)} ${state}`)),
      ),
  );
}

/** What the controller can't do, and what is wrong with the documents. */
export function showNotices({ reason, conditions, issues }) {
  const notices = [
    ...(reason === undefined ? [] : [{ kind: 'bad', what: 'The controller can’t go on', why: reason }]),
    ...conditions.map(({ type, reason: why, since }) => ({ kind: 'look', what: type, why, since })),
    ...issues.map(({ severity, message, file, line, column }) => ({
      kind: severity === 'warning' ? 'look' : 'bad',
      what: `${severity === 'warning' ? 'Warning' : 'Error'} in ${[file, line, column].filter((known) => known !== undefined).join(':')}`,
      why: message,
    })),
  ];
  list(
    one('#notices'),
    notices.slice(0, 20).map((notice, at) => ({ ...notice, at })),
    ({ at }) => at,
    ({ kind, what, why, since }) =>
      h(
        'p',
        { class: `notice ${kind}` },
        badge(kind === 'bad' ? 'failed' : 'degraded', what),
        ' ',
        breakable(why),
        since && [' ', age(since, 'since ')],
      ),
  );
}

export function showInfrastructures({ infrastructures, tasks }) {
  say(one('#infrastructures .found'), infrastructures.length === 0 ? 'No infrastructure is declared yet.' : '');
  const size = (name) =>
    tasks.filter((task) => (task.infrastructures?.map((place) => place.name) ?? [task.infrastructure]).includes(name)).length;
  list(
    one('#infrastructures ul'),
    infrastructures.map((there) => ({ ...there, size: size(there.name) })),
    ({ name }) => name,
    ({ name, state, revision, appliedAt, reason, size: tasksThere }) =>
      h(
        'li',
        {},
        h('div', { class: 'split' }, h('strong', {}, breakable(name)), badge(state)),
        h(
          'div',
          { class: 'muted' },
          `${count(tasksThere, 'task')}, ${revision === null ? 'nothing applied yet' : `revision ${short(revision)}`}`,
          appliedAt && [', ', age(appliedAt, 'applied ')],
        ),
        reason && h('div', { class: 'reason' }, reason),
      ),
  );
}

/** @param docks undefined before they were read. */
export function showDocks(docks, tasks) {
  if (docks === undefined) return;
  const shown = docks.map(({ name, tasks: ids, infrastructures }) => {
    const own = tasks.filter(({ dock }) => dock === name);
    return { name, size: ids.length, infrastructures, ready: sum(own, 'ready'), desired: sum(own, 'desired') };
  });
  say(one('#docks .found'), docks.length === 0 ? 'There is no dock yet.' : '');
  list(
    one('#docks ul'),
    shown,
    ({ name }) => name,
    ({ name, size, infrastructures, ready, desired }) =>
      h(
        'li',
        {},
        h(
          'div',
          { class: 'split' },
          h('strong', {}, breakable(name)),
          h('span', { class: 'figure' }, `${number(ready)}/${number(desired)} ready`),
        ),
        h('div', { class: 'muted' }, `${count(size, 'task')} on ${infrastructures.join(', ') || 'no infrastructure'}`),
      ),
  );
}

function sum(tasks, what) {
  return tasks.reduce((total, { replicas }) => total + replicas[what], 0);
}

/**
 * @param decisions undefined before they were read
 * @param tasks those that are declared, which an id of a decision may be none of any more
 */
export function showDecisions(decisions, tasks) {
  if (decisions === undefined) return;
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  say(
    one('#decisions .found'),
    decisions.length === 0 ? 'Nothing was decided yet: no promise was broken so that something could be done.' : '',
  );
  list(
    one('#decisions ol'),
    decisions,
    ({ decision, commit }) => `${decision.id} ${commit.id}`,
    ({ task, from, to, decision, commit }) =>
      h(
        'li',
        {},
        h(
          'div',
          { class: 'split' },
          h(
            'strong',
            {},
            h(
              'a',
              { href: `#task/${encodeURIComponent(task)}`, 'data-key': `decision:${decision.id}` },
              breakable(names.get(task) ?? task),
            ),
            ` ${from} → ${to}`,
          ),
          h('span', { class: 'muted' }, age(commit.at)),
        ),
        h('div', { class: 'reason' }, breakable(decision.reason)),
        h('div', {}, commitLink(commit)),
      ),
  );
}

/** The commit here, and at its git host where that has a page of it. */
export function commitLink({ id, url }) {
  return h(
    'span',
    { class: 'commit' },
    h('a', { href: `#commit/${id}`, 'data-key': `commit:${id}`, 'aria-label': `commit ${short(id)}` }, h('code', {}, short(id))),
    url && [' ', outside(url, `${hostOf(url)} ↗`, `commit ${short(id)} at ${hostOf(url)}`)],
  );
}

function hostOf(url) {
  return URL.canParse(url) ? new URL(url).host : '';
}
