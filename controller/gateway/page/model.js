// What the answers of the gateway come to. Pure.

const HEALTH = [
  'failed',
  'missing',
  'degraded',
  'unreachable',
  'unknown',
  'held',
  'waiting',
  'removing',
  'progressing',
  'suspended',
  'ready',
];
const NAMES = new Intl.Collator('en', { numeric: true });
const VERDICTS = ['violated', 'unknown', 'met', 'stopped', 'terminated'];

/** Whether somebody should look at a task: it doesn't run as wanted, or a promise of it is broken. */
export function needsLook({ health, agreements }) {
  return (health !== 'ready' && health !== 'suspended') || agreements.some(({ state }) => state === 'violated');
}

/** What needs a look first, then by name. */
export function sortedTasks(tasks) {
  const rank = (task) => (needsLook(task) ? 0 : 100) + HEALTH.indexOf(task.health);
  return [...tasks].sort((a, b) => rank(a) - rank(b) || NAMES.compare(a.name, b.name));
}

/**
 * Each guarantee of each task, the broken first.
 * @param promised constraints by agreement and guarantee, as written
 */
export function sortedAgreements(tasks, promised) {
  return tasks
    .flatMap((task) =>
      task.agreements.map((one) => ({
        ...one,
        task: task.name,
        taskId: task.id,
        promise: promised.get(`${one.id} ${one.guarantee}`) ?? one.guarantee,
      })),
    )
    .sort((a, b) => VERDICTS.indexOf(a.state) - VERDICTS.indexOf(b.state) || NAMES.compare(a.id, b.id));
}

/** `id guarantee` → `deadlines_missed < 1` */
export function promisedBy(agreements) {
  return new Map(
    agreements.flatMap(({ id, details }) => (details?.guarantees ?? []).map(({ name, constraint }) => [`${id} ${name}`, constraint])),
  );
}

/** Tasks that all words of a text are found in. */
export function filtered(tasks, text, onlyLook) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return tasks.filter((task) => (!onlyLook || needsLook(task)) && words.every((word) => hayOf(task).includes(word)));
}

const HAY = new WeakMap();

function hayOf(task) {
  const known = HAY.get(task);
  if (known !== undefined) return known;
  const { id, name, dock, infrastructure, infrastructures = [], health, agreements } = task;
  const parts = [
    id,
    name,
    dock,
    infrastructure,
    health,
    ...infrastructures.map((one) => one.name),
    ...agreements.flatMap((one) => [one.id, one.state]),
  ];
  const hay = parts.join(' ').toLowerCase();
  HAY.set(task, hay);
  return hay;
}

/** How many there are of each state, in the order of `states`, those without any left out. */
function tally(items, states) {
  const counts = new Map();
  for (const state of items) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => states.indexOf(a) - states.indexOf(b));
}

/** What the top of the page counts: kind, and how many of each state. */
export function summaryOf({ infrastructures, tasks }) {
  const verdicts = tasks.flatMap(({ agreements }) => agreements.map(({ state }) => state));
  return [
    {
      noun: 'task',
      total: tasks.length,
      states: tally(
        tasks.map(({ health }) => health),
        HEALTH,
      ),
    },
    { noun: 'promise', total: verdicts.length, states: tally(verdicts, VERDICTS) },
    {
      noun: 'infrastructure',
      total: infrastructures.length,
      states: tally(
        infrastructures.map(({ state }) => state),
        HEALTH,
      ),
    },
  ];
}

/** The worst of a task's promises, and how many there are. */
export function worstOf(agreements) {
  return tally(
    agreements.map(({ state }) => state),
    VERDICTS,
  )[0]?.[0];
}
