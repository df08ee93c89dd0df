import { kubernetesName, taskId } from '../../constructs/spec/names.ts';
import { type Edited, editReplicas } from '../../synth/edit.ts';
import type { Span } from '../../synth/parse.ts';
import { readFile, roomOf } from '../../synth/read-file.ts';
import type { Edit, SourceFile } from '../../synth/source.ts';
import { groupBy } from '../sla/group-by.ts';
import type { DecisionRecord } from '../sla/trailer.ts';
import type { NamedDecision } from './message.ts';

/** A decision that couldn't be written as it stands: decide again. */
export interface Held {
  readonly task: string;
  readonly reason: string;
}

export interface EditPlan {
  readonly edits: readonly Edit[];
  readonly decisions: readonly NamedDecision[];
  readonly held: readonly Held[];
}

/**
 * Pure: the edits that write `records` into the files of a tip, found by the tasks' names as documents may have moved. `read` may know
 * what it read before.
 */
export function planEdits(records: readonly DecisionRecord[], directory: string, files: readonly SourceFile[], read = readFile): EditPlan {
  const places = placesOf(directory, files, read);
  const changes = records.map((record) => changeOf(record, places.get(record.task) ?? []));
  const possible = changes.filter((change) => 'place' in change);
  const edited = new Map([...groupBy(possible, ({ place }) => place.file.path)].map(([path, all]) => [path, editFile(path, all)]));
  const refusals = changes.map((change) =>
    'held' in change ? change.held : refusalOf(change, edited.get(change.place.file.path)?.refused.get(change.place.index)),
  );
  const decisions = changes.flatMap((change, at) => (refusals[at] === undefined && 'place' in change ? [named(change)] : []));
  const touched = new Set(decisions.map(({ path }) => path));
  const edits = [...edited].flatMap(([path, { text }]) => (touched.has(path) ? [{ path, content: text }] : []));
  return { edits, decisions, held: refusals.filter((held) => held !== undefined) };
}

interface PlaceOfTask {
  readonly task: string;
  readonly name: string;
  readonly replicas: number;
  readonly file: SourceFile;
  readonly index: number;
  readonly at: Span | undefined;
}

interface Change {
  readonly record: DecisionRecord;
  readonly place: PlaceOfTask;
}

function placesOf(directory: string, files: readonly SourceFile[], read: typeof readFile): ReadonlyMap<string, readonly PlaceOfTask[]> {
  const places = files.flatMap((file) => {
    const room = roomOf(file.path.slice(directory.length + 1));
    if (file.kind !== 'file' || typeof room !== 'object' || !('folder' in room) || room.folder !== 'tasks') return [];
    return read(file, room.folder, room.format).drafts.flatMap((draft): readonly PlaceOfTask[] => {
      if (draft.kind !== 'Task') return [];
      const name = kubernetesName(draft.name);
      return [{ task: taskId(name), name, replicas: draft.spec.replicas, file, index: draft.spot.index, at: draft.replicasAt }];
    });
  });
  return groupBy(places, ({ task }) => task);
}

function changeOf(record: DecisionRecord, [place, ...others]: readonly PlaceOfTask[]): Change | { readonly held: Held } {
  const { task, from, to } = record;
  const held = (reason: string) => ({ held: { task, reason } });
  if (place === undefined) return held('No document of the tip that can be read declares it');
  if (others.length > 0) return held(`Several documents declare it: ${[place, ...others].map(({ file }) => file.path).join(', ')}`);
  if (place.replicas !== from) return held(`Cannot scale ${from} → ${to} as the tip says ${place.replicas}`);
  return { record, place };
}

function editFile(path: string, changes: readonly Change[]): Edited {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(changes[0]?.place.file.content);
  const replicas = changes.map(({ place: { index, at }, record: { from, to } }) => ({ index, at, from, to }));
  return editReplicas(text, path, replicas);
}

function refusalOf({ record: { task, from, to } }: Change, refusal: string | undefined): Held | undefined {
  return refusal === undefined ? undefined : { task, reason: `Cannot write ${from} → ${to}: ${refusal}` };
}

function named({ record, place }: Change): NamedDecision {
  return { ...record, name: place.name, path: place.file.path };
}
