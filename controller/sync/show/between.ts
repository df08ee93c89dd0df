import { ANNOTATION } from '../../../constructs/labels.ts';
import { identity, type Manifest, refOf } from '../../../synth/manifest.ts';
import { stageOf } from '../order.ts';
import { countsOf } from '../plan.ts';
import { fieldsOfNew } from './differ.ts';
import { diffFields } from './field-diff.ts';
import { hide } from './hidden.ts';
import type { PlannedChange } from './preview.ts';
import type { NamedPlan } from './print.ts';

/**
 * What would change on an infrastructure that is as `before` says, field by field; undefined where it isn't declared. What runs on one
 * that is no longer declared stays, unless `onRemoval` is `prune`. Pure.
 */
export function planBetween(
  before: readonly Manifest[] | undefined,
  after: readonly Manifest[] | undefined,
  onRemoval?: string,
): NamedPlan['plan'] {
  const [was, will] = [byIdentity(before ?? []), byIdentity(after ?? [])];
  const apply = [...will].flatMap(([key, manifest]) => applied(was.get(key), manifest));
  const gone = [...was].flatMap(([key, manifest]) =>
    will.has(key) ? [] : [removed(manifest, after === undefined && onRemoval !== 'prune')],
  );
  apply.sort((a, b) => stageOf(a.ref) - stageOf(b.ref));
  gone.sort((a, b) => stageOf(b.ref) - stageOf(a.ref));
  return { changes: [...apply, ...gone], counts: { ...countsOf([...apply, ...gone]), unchanged: will.size - apply.length }, ending: [] };
}

function byIdentity(manifests: readonly Manifest[]): ReadonlyMap<string, Manifest> {
  return new Map(manifests.map((manifest) => [identity(refOf(manifest)), manifest]));
}

function applied(before: Manifest | undefined, after: Manifest): PlannedChange[] {
  const ref = refOf(after);
  if (before === undefined) return [{ op: 'create', ref, reason: 'new', fields: fieldsOfNew(after) }];
  const fields = diffFields(hide(before), hide(after));
  return fields.length === 0 ? [] : [{ op: 'update', ref, reason: 'its document changed', fields }];
}

function removed(manifest: Manifest, stays: boolean): PlannedChange {
  const ref = refOf(manifest);
  if (stays) return { op: 'keep', ref, reason: 'its infrastructure is no longer declared: what runs there stays' };
  if (manifest.metadata.annotations?.[ANNOTATION.prune] === 'never')
    return { op: 'keep', ref, reason: 'annotation rotterdam.dev/prune: never' };
  return { op: 'delete', ref, reason: 'no longer declared' };
}
