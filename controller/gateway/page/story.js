// A task's story, and a commit, in a dialog that the address names: #task/<id>, #commit/<id>.
import { commitParts } from './commit.js';
import { age, h, one } from './dom.js';
import { commitLink } from './overview.js';
import { read } from './rest.js';
import { badge } from './shapes.js';
import { breakable, count, decided, number, short } from './words.js';

const dialog = one('#story');
const title = one('h2', dialog);
const body = one('.body', dialog);
/** The address that is shown, and what was told of it. */
let shown = '';
let drawn = '';

one('.close', dialog).addEventListener('click', () => dialog.close());
dialog.addEventListener('close', () => {
  shown = '';
  if (asked() !== undefined) history.replaceState(null, '', location.pathname + location.search);
});
dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
addEventListener('hashchange', () => showStory());

function asked() {
  const [, kind, id] = /^#(task|commit)\/([\w-]+)$/.exec(location.hash) ?? [];
  return kind === undefined ? undefined : { kind, id };
}

/** Shows what the address asks for, anew when it is shown already. */
export async function showStory() {
  const wanted = asked();
  if (wanted === undefined) {
    if (dialog.open) dialog.close();
    return;
  }
  const { kind, id } = wanted;
  const mine = location.hash;
  if (shown !== mine) {
    shown = mine;
    drawn = '';
    title.textContent = kind === 'task' ? id.replaceAll('_', '-') : `Commit ${short(id)}`;
    body.replaceChildren(h('p', { class: 'muted' }, 'One moment…'));
  }
  if (!dialog.open) dialog.showModal();
  const told = await TOLD[kind].read(id).catch(({ message }) => ({ failed: message }));
  if (shown !== mine || !dialog.open) return;
  const made = JSON.stringify({ ...told, at: undefined });
  if (made === drawn) return;
  drawn = made;
  replace(
    told.failed === undefined
      ? TOLD[kind].parts(told)
      : [h('p', { class: 'notice bad' }, badge('failed', 'Not to be had'), ' ', told.failed)],
  );
}

const TOLD = {
  task: { read: async (id) => (await read(`/api/v1/tasks/${id}/story`)).story, parts: storyParts },
  commit: { read: async (id) => (await read(`/api/v1/commits/${id}`)).commit, parts: commitParts },
};

/** What has the focus, and where the reader was, stays. */
function replace(parts) {
  const key = document.activeElement?.getAttribute('data-key');
  const { scrollTop } = dialog;
  body.replaceChildren(...parts.filter(Boolean));
  dialog.scrollTop = scrollTop;
  if (key && !body.contains(document.activeElement)) one(`[data-key="${CSS.escape(key)}"]`, body)?.focus({ preventScroll: true });
}

function storyParts({ declaredAt, revision, replicas, promises, idle, decision, rollout, actions }) {
  return [
    h(
      'p',
      { class: 'muted' },
      `${count(replicas, 'replica')}, declared at `,
      h('code', {}, breakable(declaredAt)),
      ` in ${short(revision)}`,
    ),
    h('h3', {}, 'How it runs'),
    h('ul', { class: 'facts' }, rollout.map(rolloutOf)),
    h('h3', {}, 'What is promised'),
    promises.length + idle.length === 0 && h('p', { class: 'muted' }, 'Nothing.'),
    ...promises.map((promise) => promiseOf(promise, promises.length > 1)),
    ...idle.map(({ agreement, state, reason }) => h('p', {}, badge(state, `${agreement} is ${state}`), ' ', reason)),
    decision &&
      h(
        'p',
        { class: 'decision' },
        h('strong', {}, decision.kind === 'scale' ? 'Decided: ' : 'Nothing is done: '),
        breakable(decided(decision)),
      ),
    h('h3', {}, 'How it came here'),
    actions.length === 0
      ? h('p', { class: 'muted' }, 'Nobody has changed its replicas yet.')
      : h('ol', { class: 'actions' }, actions.slice(0, 50).map(actionOf)),
    actions.length > 50 && h('p', { class: 'muted' }, `${count(actions.length - 50, 'older change')} not shown`),
  ];
}

function rolloutOf({ infrastructure, applied, desired, ready, health, since, failed }) {
  const [state, ...why] = health.split(': ');
  return h(
    'li',
    {},
    h('strong', {}, breakable(infrastructure)),
    ' ',
    badge(state),
    desired === undefined ? '' : ` ${number(ready)} of ${number(desired)} ready`,
    applied && [' at ', h('code', {}, short(applied))],
    since && [', ', age(since, 'as it is since ')],
    (why.length > 0 || failed) && h('span', { class: 'reason' }, breakable(failed ?? why.join(': '))),
  );
}

function promiseOf({ agreement, promise, answer, since, kind, queries, series, evidence, verdict, reason, violations, decision }, several) {
  return h(
    'div',
    { class: 'promise' },
    h('p', {}, badge(verdict), ' ', h('strong', {}, breakable(promise)), `, else ${answer}`),
    h('dl', {}, [
      pair(
        'agreement',
        breakable(agreement),
        since && [', since ', h('a', { href: `#commit/${since.commit}` }, h('code', {}, short(since.commit))), ' ', age(since.at)],
      ),
      evidence === undefined
        ? pair('evidence', breakable(reason ?? 'none'))
        : pair(
            'evidence',
            h('strong', {}, number(evidence.value)),
            kind === 'counter' ? ' new' : '',
            ` against ${number(evidence.limit)}, `,
            age(evidence.at),
            ` in ${evidence.source}, ${series} series`,
          ),
      verdict === 'violated' && pair('violations', `${number(violations)} within the window`),
      queries.map((query) => pair('query', h('code', {}, breakable(query)))),
      several && pair('alone', breakable(decided(decision))),
    ]),
  );
}

function pair(term, ...told) {
  return [h('dt', {}, term), h('dd', {}, ...told)];
}

function actionOf({ from, to, commit, decision }) {
  const { author, subject, at } = commit;
  const what =
    decision === undefined
      ? 'by hand'
      : `as ${decision.guarantee} of ${decision.agreement} was ${decision.fallback ? 'unknown' : 'violated'}`;
  return h(
    'li',
    {},
    h('div', { class: 'split' }, h('strong', {}, `${from} → ${to} `, h('span', { class: 'plain' }, breakable(what))), age(at)),
    decision && h('div', { class: 'reason' }, breakable(decision.reason)),
    decision &&
      !decision.fallback &&
      h(
        'div',
        { class: 'muted' },
        `evidence ${number(decision.evidence.value)} against ${number(decision.evidence.limit)}, `,
        age(decision.evidence.at),
        ` in ${decision.evidence.source}`,
      ),
    decision?.limitedBy && h('div', { class: 'muted' }, `limited by ${decision.limitedBy}`),
    h('div', {}, commitLink(commit), subject && ` ${subject}`, author && h('span', { class: 'muted' }, ` by ${author}`)),
  );
}
