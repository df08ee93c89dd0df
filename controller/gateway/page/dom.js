// Makes and updates elements. Whatever a text says stays a text: there is no way here from a string to markup.
import { ago } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The one element of the page, or of a part of it, that a selector names.
 * @returns {any}
 */
export function one(selector, within = document) {
  return within.querySelector(selector);
}

/** An element with attributes (undefined and false ones are left out) and children: nodes, texts, nothing, or lists of them. */
export function h(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

function filled(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false));
  return element;
}

/** A link to another site, or its text alone where that is none of the web. */
export function outside(url, text, label) {
  if (!/^https?:\/\//i.test(url)) return h('span', {}, text);
  return h('a', { href: url, rel: 'noopener noreferrer', target: '_blank', 'aria-label': label }, text);
}

/** How long ago a time was; {@link tick} keeps it true. */
export function age(iso, lead = '') {
  return h('time', { datetime: iso, title: iso, 'data-lead': lead }, `${lead}${ago(Date.parse(iso), Date.now())}`);
}

/** Tells all ages on the page anew. */
export function tick() {
  const nowMs = Date.now();
  for (const time of document.querySelectorAll('time[datetime]')) {
    const text = `${time.getAttribute('data-lead') ?? ''}${ago(Date.parse(time.getAttribute('datetime') ?? ''), nowMs)}`;
    if (time.textContent !== text) time.textContent = text;
  }
}

/** A text that changes only when it must: screen readers and selections stay where they are. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** What each list shows: by key the element, and what it was made of. */
const SHOWN = new WeakMap();

/**
 * Makes a parent's children those of `items`, in their order. What is unchanged is left alone, and what has the focus keeps it:
 * elements that can have it carry `data-key`.
 * @param make gives the element of an item; it is asked again only when `of(item)` says something else.
 */
export function list(parent, items, key, make, of = (item) => JSON.stringify(item)) {
  const before = SHOWN.get(parent) ?? new Map();
  const focused = parent.contains(document.activeElement) ? document.activeElement?.getAttribute('data-key') : undefined;
  const after = new Map();
  for (const item of items) {
    const name = key(item);
    const made = of(item);
    const known = before.get(name);
    const element = known?.made === made ? known.element : make(item);
    if (known !== undefined && known.element !== element) known.element.replaceWith(element);
    after.set(name, { element, made });
  }
  for (const [name, { element }] of before) if (!after.has(name)) element.remove();
  let next = parent.firstElementChild;
  for (const { element } of after.values()) {
    if (element === next) next = next.nextElementSibling;
    else parent.insertBefore(element, next);
  }
  SHOWN.set(parent, after);
  if (focused && document.activeElement?.getAttribute('data-key') !== focused) {
    one(`[data-key="${CSS.escape(focused)}"]`, parent)?.focus({ preventScroll: true });
  }
}

/** A table's cell; on a narrow screen its label stands beside it. */
export function cell(label, ...children) {
  return h('td', { 'data-label': label }, ...children);
}

/** One whose text may be long. */
export function wideCell(label, ...children) {
  return h('td', { 'data-label': label, class: 'wide' }, ...children);
}

export function rowHead(...children) {
  return h('th', { scope: 'row' }, ...children);
}

const FIRST = 100;
const MORE = 200;
/** Elements that more rows come after, and how many each list may show. */
const ALLOWED = new WeakMap();

/** Shows the first of many items, and more as the reader comes to their end. */
export function long(parent, items, key, make, of) {
  const most = ALLOWED.get(parent) ?? FIRST;
  list(parent, items.slice(0, most), key, make, of);
  const table = parent.closest('table') ?? parent;
  table.nextElementSibling?.matches('.more') && table.nextElementSibling.remove();
  if (items.length <= most) return;
  const more = h('button', { type: 'button', class: 'more' }, `Show more: ${items.length - most} left`);
  const show = () => {
    watcher.disconnect();
    ALLOWED.set(parent, most + MORE);
    long(parent, items, key, make, of);
  };
  const watcher = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && show(), { rootMargin: '600px' });
  more.addEventListener('click', show);
  table.after(more);
  watcher.observe(more);
}
