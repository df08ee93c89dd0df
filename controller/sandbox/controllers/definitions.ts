import { recordAt } from '../json.ts';
import { definedKinds, type Kind } from '../kinds.ts';
import { type KubeObject, timestamp } from '../object.ts';
import type { StoreEvent } from '../store.ts';
import { type Bench, type Controller, DEFINITIONS } from './controller.ts';

/** CustomResourceDefinition → its kinds are served; without it they are gone, with their objects. */
export class Definitions implements Controller {
  private readonly bench: Bench;
  private readonly served = new Map<string, Pick<Kind, 'group' | 'plural'>>();

  constructor(bench: Bench) {
    this.bench = bench;
  }

  keys({ storage, object }: StoreEvent): readonly string[] {
    return storage === DEFINITIONS ? [object.metadata.name] : [];
  }

  reconcile(name: string): void {
    const definition = this.bench.store.get({ group: 'apiextensions.k8s.io', plural: 'customresourcedefinitions' }, undefined, name);
    if (definition === undefined) this.withdraw(name);
    else this.establish(definition);
  }

  private establish(definition: KubeObject): void {
    const { group, names, versions } = recordAt(definition, 'spec');
    const served = { group: String(group), plural: String(recordAt(names).plural) };
    this.served.set(definition.metadata.name, served);
    this.bench.kinds.define(served.group, served.plural, definedKinds(definition));
    this.bench.store.begin(served);
    const lastTransitionTime = definition.metadata.creationTimestamp ?? timestamp(this.bench.timers.now());
    const conditions = [
      { type: 'NamesAccepted', status: 'True', lastTransitionTime, reason: 'NoConflicts', message: 'no conflicts found' },
      {
        type: 'Established',
        status: 'True',
        lastTransitionTime,
        reason: 'InitialNamesAccepted',
        message: 'the initial names have been accepted',
      },
    ];
    const stored = (Array.isArray(versions) ? versions : []).filter((version) => version.storage === true).map((version) => version.name);
    this.bench.writeStatus(DEFINITIONS, definition, { conditions, acceptedNames: names, storedVersions: stored });
  }

  private withdraw(name: string): void {
    const served = this.served.get(name);
    if (served === undefined) return;
    this.served.delete(name);
    for (const object of this.bench.store.list(served)) this.bench.store.remove(served, object);
    this.bench.kinds.define(served.group, served.plural, []);
  }
}
