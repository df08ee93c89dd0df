import type { readFile } from '../../synth/read-file.ts';
import { ConflictError, RefusedFiles, sentence } from '../errors.ts';
import type { Repository, Revision } from '../ports.ts';
import type { DecisionRecord } from '../sla/trailer.ts';
import type { TaskDecision } from './decide.ts';
import { decisionMessage, type NamedDecision } from './message.ts';
import { type Held, planEdits } from './plan-edits.ts';

export interface WriteInput {
  readonly repository: Repository;
  /** What the commit is made on, as it was read; it is refused when that has moved. */
  readonly tip: Revision;
  /** The decisions branch is moved instead, as in {@link CommitPlace}. */
  readonly decisionsAt?: Revision | null;
  /** The environment's name. */
  readonly environment: string;
  readonly decisions: readonly TaskDecision[];
  /** Reads a file, or knows what it read of it before. */
  readonly readFile?: typeof readFile;
}

export type Written = { readonly held: readonly Held[] } & (
  | { readonly kind: 'written'; readonly revision: Revision; readonly decisions: readonly DecisionRecord[] }
  | { readonly kind: 'nothing' }
  /** The branch moved: judge and decide again on its new tip, after a while. */
  | { readonly kind: 'conflict'; readonly afterMs: number }
);

/**
 * Makes one commit of all decisions to scale, on `tip`. Changes the bytes of one value per decision; only the documents
 * touched must parse. Decisions on files that the repository refuses are held, and the others committed. Rejects with a Failure
 * when it can't be read or written, or refuses all of them.
 */
export async function writeDecisions(input: WriteInput): Promise<Written> {
  const { repository, tip, environment, decisions, decisionsAt, readFile: read } = input;
  const records = decisions.flatMap(({ record }) => (record === undefined ? [] : [record]));
  if (records.length === 0) return { kind: 'nothing', held: [] };
  const directory = `environments/${environment}`;
  const files = await repository.read(tip, directory);
  const refused: Held[] = [];
  for (let left = records; ; ) {
    const plan = planEdits(left, directory, files, read);
    const held = [...refused, ...plan.held];
    if (plan.decisions.length === 0) return { kind: 'nothing', held };
    try {
      const place = { parent: tip, message: decisionMessage(plan.decisions), ...(decisionsAt === undefined ? {} : { decisionsAt }) };
      const revision = await repository.commit(plan.edits, place);
      return { kind: 'written', revision, decisions: plan.decisions, held };
    } catch (error) {
      if (error instanceof ConflictError) return { kind: 'conflict', held, afterMs: error.afterMs ?? 0 };
      const isRefused = ({ path }: NamedDecision) => error instanceof RefusedFiles && error.paths.includes(path);
      if (!plan.decisions.some(isRefused) || plan.decisions.every(isRefused)) throw error;
      refused.push(...plan.decisions.filter(isRefused).map(({ task }) => ({ task, reason: sentence(error) })), ...plan.held);
      left = plan.decisions.filter((decision) => !isRefused(decision));
    }
  }
}
