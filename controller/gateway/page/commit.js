import { age, h, outside } from './dom.js';
import { breakable } from './words.js';

/** A commit's message, and what it changed. */
export function commitParts({ id, message, author, at, files, url }) {
  const [subject = '', ...rest] = message.split('\n');
  return [
    h('p', {}, h('strong', {}, subject)),
    h('p', { class: 'muted' }, `${author}, `, age(at), url && [', ', outside(url, `see it at ${new URL(url).host} ↗`)]),
    rest.join('\n').trim() !== '' && h('pre', { tabindex: 0 }, rest.join('\n').trim()),
    ...files.map(({ path, lines }) =>
      h(
        'section',
        { class: 'file', 'aria-label': path },
        h('h3', {}, breakable(path)),
        lines === undefined ? h('p', { class: 'muted' }, 'What it holds may be secret, and is not shown here.') : diff(lines),
      ),
    ),
    h('p', { class: 'muted' }, h('code', {}, breakable(id.replaceAll(/(.{8})/g, '$1:')).replaceAll(':', ''))),
  ];
}

const MARKS = { '-': ['del', 'removed'], '+': ['ins', 'added'] };

function diff(lines) {
  return h(
    'pre',
    { class: 'diff', tabindex: 0 },
    lines.map(({ mark, text }) => h(MARKS[mark]?.[0] ?? 'span', {}, `${mark} ${text}\n`)),
  );
}
