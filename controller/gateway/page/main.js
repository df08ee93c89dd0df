// Shows what the controller has seen. The state is always read whole by REST; events only say "look again", and what was before.
import { showAgreements } from './agreements.js';
import { h, one, say, tick } from './dom.js';
import { follow } from './events.js';
import { filtered, needsLook, promisedBy, sortedAgreements, sortedTasks } from './model.js';
import { showDecisions, showDocks, showHead, showInfrastructures, showNotices, showSummary } from './overview.js';
import { forgetToken, hasToken, keepToken, read } from './rest.js';
import { badge } from './shapes.js';
import { showStory } from './story.js';
import { showTasks } from './tasks.js';
import { createTrends } from './trend.js';
import { span } from './words.js';

/** Reading anew costs who serves it something: not more often, and never more than a tenth of the time. */
const LEAST_MS = 700;
/** While something is under way, events don't tell all of it. */
const BUSY_MS = 2_000;
const IDLE_MS = 20_000;
const DECISIONS = 30;

const main = one('main');
const connection = one('#connection');
const filter = one('#filter');
const look = one('#look');
const login = one('#login');
const trends = createTrends();

let seen;
let stop = () => undefined;
let heardMs = Date.now();
let isLive = false;
let timer;
let readMs = 0;
let isReading = false;
let isAskedAgain = false;

function start() {
  stop();
  stop = follow({
    opened: () => soon(0),
    heard: () => {
      heardMs = Date.now();
      if (!isLive) connected();
    },
    told: ({ event, data }) => {
      if (event === 'verdict') trends.event(data);
      if (seen !== undefined) announce(told(event, data));
      soon(100);
    },
    lost: (error) => {
      disconnected(error);
      return error?.status !== 401;
    },
  });
}

/** Reads everything, at most `afterMs` from now. */
function soon(afterMs) {
  if (login.open) return;
  if (isReading) {
    isAskedAgain = true;
    return;
  }
  const dueMs = Math.max(Date.now() + afterMs, readMs);
  if (timer !== undefined && timer.dueMs <= dueMs) return;
  clearTimeout(timer?.id);
  timer = { dueMs, id: setTimeout(readAll, dueMs - Date.now()) };
}

async function readAll() {
  timer = undefined;
  isReading = true;
  const startMs = Date.now();
  try {
    const status = await read('/api/v1/status');
    const revisions = `${status.revision} ${status.tip}`;
    show({ ...seen, status });
    if (seen.revisions !== revisions) show({ ...(await readDocuments(status)), revisions, status });
    heardMs = Date.now();
    connected();
  } catch (error) {
    disconnected(error);
  }
  readMs = Date.now() + Math.max(LEAST_MS, 9 * (Date.now() - startMs));
  isReading = false;
  const isBusy =
    seen === undefined ||
    seen.status.tasks.some(({ health }) => health !== 'ready') ||
    seen.status.infrastructures.some(({ state }) => state !== 'ready');
  soon(isAskedAgain ? 0 : isBusy ? BUSY_MS : IDLE_MS);
  isAskedAgain = false;
}

/** What follows from the documents and from the history alone. */
async function readDocuments({ revision }) {
  if (revision === null) return {};
  const [{ docks }, { decisions }, agreements] = await Promise.all([
    read('/api/v1/docks'),
    read(`/api/v1/decisions?limit=${DECISIONS}`),
    read('/sla/v1/agreements'),
  ]);
  return { docks, decisions, promised: promisedBy(agreements) };
}

function show(all) {
  seen = all;
  const { status, docks, decisions } = all;
  const nowMs = Date.now();
  for (const { agreements } of status.tasks) for (const one of agreements) trends.seen(one, nowMs);
  showHead(status);
  showNotices(status);
  showSummary(status);
  showFiltered();
  showDecisions(decisions, status.tasks);
  showInfrastructures(status);
  showDocks(docks, status.tasks);
  const broken = status.tasks.filter(needsLook).length;
  document.title = `${broken === 0 ? '' : `(${broken}) `}${status.environment} · rotterdam-sync`;
  main.setAttribute('aria-busy', 'false');
  if (document.body.dataset.shown === undefined) performance.mark('shown');
  document.body.dataset.shown = status.revision ?? '';
  if (location.hash !== '') showStory();
}

function showFiltered() {
  if (seen === undefined) return;
  const { status, promised = new Map() } = seen;
  const tasks = filtered(sortedTasks(status.tasks), filter.value, look.checked);
  showTasks(tasks, status.tasks.length);
  const total = status.tasks.reduce((size, { agreements }) => size + agreements.length, 0);
  showAgreements(sortedAgreements(tasks, promised), total, trends);
}

function connected() {
  if (isLive) return;
  isLive = true;
  if (connection.dataset.state === 'lost') announce('Connected again');
  connection.dataset.state = 'live';
  connection.replaceChildren(badge('ready', 'Live'));
}

function disconnected(error) {
  const wasLive = isLive;
  isLive = false;
  if (error?.status === 401) {
    askForToken(hasToken() ? error.message : '');
    return;
  }
  if (wasLive) announce('Connection lost');
  connection.dataset.state = 'lost';
  connection.dataset.why = error?.status > 0 ? error.message : '';
  tellLost();
}

/** A connection that was never there was not lost. */
function tellLost() {
  if (connection.dataset.state !== 'lost') return;
  const what = seen === undefined ? 'No connection yet' : `Connection lost, last seen ${span(Date.now() - heardMs)} ago`;
  const text = connection.dataset.why ? `${what}: ${connection.dataset.why}` : what;
  if (connection.textContent !== text) connection.replaceChildren(badge('unreachable', text));
}

function askForToken(reason) {
  if (login.open) return;
  stop();
  clearTimeout(timer?.id);
  timer = undefined;
  connection.dataset.state = 'token';
  connection.replaceChildren(badge('held', 'A token is needed'));
  say(one('#login-reason'), reason === '' ? 'This controller answers only those who have one.' : `It was refused: ${reason}`);
  login.showModal();
}

login.addEventListener('cancel', (event) => event.preventDefault());
login.querySelector('form').addEventListener('submit', () => {
  const token = one('#token');
  forgetToken();
  keepToken(token.value.trim());
  token.value = '';
  connection.dataset.state = 'connecting';
  connection.replaceChildren(h('span', {}, 'Connecting'));
  start();
});

/** What those hear who don't see the page. */
function told(event, { task, from, to, reason, agreement, state }) {
  if (event === 'decision') return `${task}: ${from} → ${to} replicas, ${reason}`;
  return event === 'verdict' && state === 'violated' ? `${agreement} is violated` : '';
}

function announce(text) {
  if (text !== '') say(one('#said'), text);
}

filter.addEventListener('input', showFiltered);
look.addEventListener('change', showFiltered);
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && soon(0));
setInterval(tellLost, 1_000);
setInterval(tick, 5_000);
start();
