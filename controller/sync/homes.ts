import { groupOf, type ObjectRef, printRef } from '../../synth/manifest.ts';
import type { ResourceType } from '../ports.ts';
import { isHome } from './inventory/contents.ts';
import { kindOf } from './kinds.ts';

/** What this reads of steps and of what was observed. */
interface Deleting {
  readonly key: string;
  readonly change: { readonly ref: ObjectRef };
}
interface Seen {
  readonly inventory: { readonly entries: ReadonlyMap<string, { readonly ref: ObjectRef }> };
  readonly desired: readonly { readonly ref: ObjectRef }[];
  /** The kinds served, by `kindOf`. */
  readonly types: ReadonlyMap<string, Pick<ResourceType, 'plural'>>;
  members(): Iterable<readonly [string, { readonly ending: unknown; readonly health: { readonly ref: ObjectRef } }]>;
}

/**
 * What lives in a namespace, or is of a definition's kind, goes when that is deleted. Of those `steps` with somebody who isn't among the
 * `going`: the first such, as it is shown. Both by identity. Pure.
 */
export function tenantsOf(steps: readonly Deleting[], going: ReadonlySet<string>, observed: Seen): ReadonlyMap<string, string> {
  const homes = steps.filter(({ change }) => isHome(change.ref));
  if (homes.length === 0) return new Map();
  const tenants = byHome(staying(going, observed), observed);
  return new Map(
    homes.flatMap(({ key, change: { ref } }) => {
      const tenant = tenants.get(`${kindOf(ref)} ${ref.name}`);
      return tenant === undefined ? [] : [[key, printRef(tenant)] as const];
    }),
  );
}

/** The steps without those that would take with them what is not to go with them. */
export function withoutTenants<S extends Deleting>(steps: readonly S[], gone: readonly string[], observed: Seen): readonly S[] {
  const tenants = tenantsOf(steps, new Set([...steps.map(({ key }) => key), ...gone]), observed);
  return steps.filter(({ key }) => !tenants.has(key));
}

/** All that we want or have, and what somebody put our label on: that is not ours to delete. */
function staying(going: ReadonlySet<string>, { inventory, desired, members }: Seen): ObjectRef[] {
  const recorded = [...inventory.entries].flatMap(([key, { ref }]) => (going.has(key) ? [] : [ref]));
  const others = [...members()].flatMap(([key, { ending, health }]) =>
    ending === undefined && !inventory.entries.has(key) ? [health.ref] : [],
  );
  return [...others, ...recorded, ...desired.map(({ ref }) => ref)];
}

function byHome(refs: readonly ObjectRef[], { types }: Seen): ReadonlyMap<string, ObjectRef> {
  const tenants = new Map<string, ObjectRef>();
  for (const ref of refs) {
    const plural = types.get(kindOf(ref))?.plural;
    if (ref.namespace !== undefined) tenants.set(`/Namespace ${ref.namespace}`, ref);
    if (plural !== undefined) tenants.set(`${DEFINITION} ${plural}.${groupOf(ref.apiVersion)}`, ref);
  }
  return tenants;
}

const DEFINITION = 'apiextensions.k8s.io/CustomResourceDefinition';
