import { kubernetesName, taskId } from '../../constructs/spec/names.ts';
import { setReplicas } from '../../synth/edit.ts';
import { readFile, roomOf } from '../../synth/read-file.ts';
import type { Edit, SourceFile } from '../../synth/source.ts';
import { ConflictError, RefusedFiles, sentence } from '../errors.ts';
import type { Repository, Revision } from '../ports.ts';
import { groupBy } from '../sla/group-by.ts';
import type { DecisionRecord } from '../sla/trailer.ts';
import type { TaskDecision } from './decide.ts';
import { decisionMessage, type NamedDecision } from './message.ts';

export interface WriteInput {
  readonly repository: Repository;
  /** The branch's tip as it was read; the commit is refused when it has moved. */
  readonly tip: Revision;
  /** The environment's name. */
  readonly environment: string;
  readonly decisions: readonly TaskDecision[];
}

/** Decisions that couldn't be written as they stand: decide again. */
export interface Held {
  readonly task: string;
  readonly reason: string;
}

export type Written = { readonly held: readonly Held[] } & (
  | { readonly kind: 'written'; readonly revision: Revision; readonly decisions: readonly DecisionRecord[] }
  | { readonly kind: 'nothing' }
  /** The branch moved: judge and decide again on its new tip. */
  | { readonly kind: 'conflict' }
);

/**
 * Makes one commit of all decisions to scale, on `tip`. Changes the bytes of one value per decision; only the documents
 * touched must parse. Decisions on files that the repository refuses are held, and the others committed. Rejects with a Failure
 * when it can't be read or written, or refuses all of them.
 */
export async function writeDecisions({ repository, tip, environment, decisions }: WriteInput): Promise<Written> {
  const records = decisions.flatMap(({ record }) => (record === undefined ? [] : [record]));
  if (records.length === 0) return { kind: 'nothing', held: [] };
  const directory = `environments/${environment}`;
  const files = await repository.read(tip, directory);
  const refused: Held[] = [];
  for (let left = records; ; ) {
    const plan = planEdits(left, directory, files);
    const held = [...refused, ...plan.held];
    if (plan.decisions.length === 0) return { kind: 'nothing', held };
    try {
      const revision = await repository.commit(plan.edits, { parent: tip, message: decisionMessage(plan.decisions) });
      return { kind: 'written', revision, decisions: plan.decisions, held };
    } catch (error) {
      if (error instanceof ConflictError) return { kind: 'conflict', held };
      const isRefused = ({ path }: NamedDecision) => error instanceof RefusedFiles && error.paths.includes(path);
      if (!plan.decisions.some(isRefused) || plan.decisions.every(isRefused)) throw error;
      refused.push(...plan.decisions.filter(isRefused).map(({ task }) => ({ task, reason: sentence(error) })), ...plan.held);
      left = plan.decisions.filter((decision) => !isRefused(decision));
    }
  }
}

export interface EditPlan {
  readonly edits: readonly Edit[];
  readonly decisions: readonly NamedDecision[];
  readonly held: readonly Held[];
}

/** Pure: the edits that write `records` into the files of a tip, found by the tasks' names as documents may have moved. */
export function planEdits(records: readonly DecisionRecord[], directory: string, files: readonly SourceFile[]): EditPlan {
  const tasks = files.filter((file) => file.kind === 'file' && roomOfTask(directory, file) !== undefined);
  const named = placesOf(directory, tasks.filter(mentions(records)));
  // A name may be written with escapes: then every file is read.
  const places = records.every(({ task }) => named.has(task)) ? named : placesOf(directory, tasks);
  const texts = new Map<string, string>();
  const decisions: NamedDecision[] = [];
  const held: Held[] = [];
  for (const record of records) {
    const { task, from, to } = record;
    const place = places.get(task)?.[0];
    const why = whyNot(record, places.get(task) ?? []);
    if (why !== undefined || place === undefined) {
      held.push({ task, reason: why ?? '' });
      continue;
    }
    try {
      const text = texts.get(place.file.path) ?? textOf(place.file);
      texts.set(place.file.path, setReplicas(text, { file: place.file.path, index: place.index }, to));
      decisions.push({ ...record, name: place.name, path: place.file.path });
    } catch (error) {
      held.push({ task, reason: `Cannot write ${from} → ${to}: ${sentence(error)}` });
    }
  }
  return { edits: [...texts].map(([path, content]) => ({ path, content })), decisions, held };
}

interface PlaceOfTask {
  readonly task: string;
  readonly name: string;
  readonly replicas: number;
  readonly file: SourceFile;
  readonly index: number;
}

function placesOf(directory: string, files: readonly SourceFile[]): ReadonlyMap<string, readonly PlaceOfTask[]> {
  const places = files.flatMap((file) => {
    const room = roomOfTask(directory, file);
    if (room === undefined) return [];
    return readFile(file, room.folder, room.format).drafts.flatMap((draft) => {
      if (draft.kind !== 'Task') return [];
      const name = kubernetesName(draft.name);
      return [{ task: taskId(name), name, replicas: draft.spec.replicas, file, index: draft.spot.index }];
    });
  });
  return groupBy(places, ({ task }) => task);
}

function roomOfTask(directory: string, { path }: SourceFile) {
  const room = roomOf(path.slice(directory.length + 1));
  return typeof room === 'object' && 'folder' in room && room.folder === 'tasks' ? room : undefined;
}

/** Spares parsing the files that have no word in common with the names looked for. */
function mentions(records: readonly DecisionRecord[]): (file: SourceFile) => boolean {
  const wanted = new Set(records.map(({ task }) => task));
  return (file) =>
    textOf(file)
      .match(/[\w-]+/g)
      ?.some((word) => wanted.has(taskId(kubernetesName(word)))) ?? false;
}

function whyNot({ from, to }: DecisionRecord, places: readonly PlaceOfTask[]): string | undefined {
  const [place, other] = places;
  if (place === undefined) return 'No document of the tip that can be read declares it';
  if (other !== undefined) return `Several documents declare it: ${places.map(({ file }) => file.path).join(', ')}`;
  if (place.replicas !== from) return `Cannot scale ${from} → ${to} as the tip says ${place.replicas}`;
  return undefined;
}

function textOf(file: SourceFile): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.content);
}
