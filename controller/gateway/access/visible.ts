import { agreementId, agreementKey } from '../../../constructs/spec/names.ts';
import type { Environment } from '../../../synth/environment.ts';
import type { FeedEvent } from '../../feed.ts';
import type { Status, View } from '../../status.ts';
import type { Chronicle } from '../../story/chronicle.ts';
import { type Caller, hasDock } from './grant.ts';

/** The newest of all docks are looked through for those of a few. */
const MOST_DECISIONS = 1_000;

/** Of `view` what the caller's docks show. What is not visible is not there: nothing tells it from what never was. */
export function visibleView(view: View & Chronicle, caller: Caller): View & Chronicle {
  if (caller.docks === undefined) return view;
  const environment = visibleEnvironment(view.environment, caller.docks);
  const ids = new Set([...environment.tasks.values()].map(({ id }) => id));
  return {
    ...view,
    environment,
    agreements: () => {
      const keys = agreementKeys(environment);
      return view.agreements().filter(({ id }) => keys.has(agreementKey(id)));
    },
    decisions: (most, only) =>
      view
        .decisions(MOST_DECISIONS, only)
        .filter(({ task }) => ids.has(task))
        .slice(0, most),
  };
}

export function visibleStatus(status: Status, caller: Caller): Status {
  if (caller.docks === undefined) return status;
  const { environment, revision, tip, infrastructures, tasks, functions } = status;
  return {
    environment,
    revision,
    tip,
    conditions: [],
    issues: [],
    // A reason may name what others run there.
    infrastructures: infrastructures.map(({ reason: _, ...one }) => one),
    tasks: tasks.filter(({ dock }) => hasDock(caller, dock)),
    functions: functions.filter(({ dock }) => hasDock(caller, dock)),
  };
}

/** Undefined when it is none of the caller's business. */
export function visibleEvent(event: FeedEvent, view: View | undefined, caller: Caller): FeedEvent | undefined {
  if (caller.docks === undefined) return event;
  const { task, revision, tip } = event.fields;
  if (event.event === 'revision') return { ...event, fields: { revision, tip } };
  const tasks = view === undefined ? [] : visibleEnvironment(view.environment, caller.docks).tasks.values();
  return typeof task === 'string' && [...tasks].some(({ id, name }) => task === id || task === name) ? event : undefined;
}

const known = new WeakMap<Environment, Map<string, Environment>>();

/** Made once for each revision and set of docks. */
export function visibleEnvironment(environment: Environment, docks: readonly string[]): Environment {
  const made = known.get(environment) ?? new Map<string, Environment>();
  known.set(environment, made);
  const key = docks.join(' ');
  const visible = made.get(key) ?? within(environment, docks);
  made.set(key, visible);
  return visible;
}

function within(environment: Environment, docks: readonly string[]): Environment {
  const tasks = only(environment.tasks, ({ dock }) => docks.includes(dock));
  return {
    ...environment,
    tasks,
    docks: only(environment.docks, ({ name }) => docks.includes(name)),
    functions: only(environment.functions, ({ dock }) => docks.includes(dock)),
    agreements: only(environment.agreements, ({ task }) => tasks.has(task)),
    manifests: [],
    issues: [],
  };
}

function only<One>(all: ReadonlyMap<string, One>, isVisible: (one: One) => boolean): ReadonlyMap<string, One> {
  return new Map([...all].filter(([, one]) => isVisible(one)));
}

function agreementKeys({ tasks, agreements }: Environment): ReadonlySet<string> {
  const generated = [...tasks.values()].flatMap(({ id, qos }) => qos.map(({ name }) => agreementId(id, name)));
  return new Set([...generated, ...agreements.keys()].map(agreementKey));
}
