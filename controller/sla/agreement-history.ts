import type { AgreementState } from '../../constructs/spec/agreement.ts';
import type { Commit } from '../ports.ts';
import { groupBy } from './group-by.ts';
import type { Happening } from './happening.ts';

/** An agreement as a document of its own declares it. */
export interface AgreementDocument {
  /** Its id's key. */
  readonly key: string;
  readonly state: AgreementState;
  readonly expiresAtMs?: number;
}

/** The agreements that a blob declares, or undefined when it doesn't parse. Blobs without any give an empty list. */
export type AgreementsIn = (path: string, blobId: string) => readonly AgreementDocument[] | undefined;

/** What commits did to the documents of one agreement. */
export interface AgreementHistory {
  /** How many documents declare it: two while it moves from one to the other. */
  readonly documents: number;
  /** As it was declared last; an agreement without a document of its own counts as started. */
  readonly state: AgreementState;
  readonly expiresAtMs?: number;
  /** When its document came. */
  readonly created: Happening;
  /** When it was last started after it had been stopped. */
  readonly started?: Happening;
  /** When it last was terminated, or was changed after it had expired. */
  readonly ended?: Happening;
}

/** What is folded of agreements' documents; both maps are changed in place. */
export interface AgreementFolds {
  readonly agreements: Map<string, AgreementHistory>;
  /** What each file declared when it last parsed. */
  readonly agreementFiles: Map<string, readonly AgreementDocument[]>;
}

/** A file that doesn't parse counts as unchanged, as it isn't in force either. */
export function foldAgreements(
  folds: AgreementFolds,
  { changes, committedAtMs }: Commit,
  happening: Happening,
  agreementsIn: AgreementsIn,
): void {
  const was: AgreementDocument[] = [];
  const now: AgreementDocument[] = [];
  for (const { path, after } of changes) {
    const declared = after === null ? [] : agreementsIn(path, after);
    if (declared === undefined) continue;
    was.push(...(folds.agreementFiles.get(path) ?? []));
    now.push(...declared);
    if (declared.length > 0) folds.agreementFiles.set(path, declared);
    else folds.agreementFiles.delete(path);
  }
  const [before, after] = [was, now].map((all) => groupBy(all, ({ key }) => key));
  for (const key of new Set([...was, ...now].map((one) => one.key))) {
    const documents = { before: before?.get(key) ?? [], after: after?.get(key) ?? [] };
    folds.agreements.set(key, changed(folds.agreements.get(key), documents, happening, committedAtMs));
  }
}

interface Documents {
  readonly before: readonly AgreementDocument[];
  readonly after: readonly AgreementDocument[];
}

function changed(known: AgreementHistory | undefined, { before, after }: Documents, happening: Happening, atMs: number): AgreementHistory {
  const documents = (known?.documents ?? 0) + after.length - before.length;
  const wasThere = known !== undefined && known.documents > 0;
  const { state, expiresAtMs } = after.at(-1) ?? (wasThere && documents > 0 ? known : { state: 'started' as const });
  const was = wasThere ? known.state : 'started';
  const expired = wasThere && known.expiresAtMs !== undefined && known.expiresAtMs <= atMs;
  const ended = endOf(known, expired, state === 'terminated' && was !== 'terminated', happening);
  const started = state === 'started' && was === 'stopped' ? happening : known?.started;
  return {
    documents,
    state,
    created: wasThere ? known.created : happening,
    ...(expiresAtMs === undefined ? {} : { expiresAtMs }),
    ...(started === undefined ? {} : { started }),
    ...(ended === undefined ? {} : { ended }),
  };
}

function endOf(known: AgreementHistory | undefined, expired: boolean, terminated: boolean, happening: Happening): Happening | undefined {
  // It had ended before this commit.
  if (expired) return { ...happening, order: happening.order - 1, atMs: known?.expiresAtMs ?? happening.atMs };
  return terminated ? happening : known?.ended;
}
