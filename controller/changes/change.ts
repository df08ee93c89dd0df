import { type Issue, printIssue } from '../../constructs/spec/issue.ts';
import type { Environment } from '../../synth/environment.ts';
import type { Edit, SourceFile } from '../../synth/source.ts';
import type { Revision } from '../ports.ts';

export interface Author {
  readonly name: string;
  readonly email: string;
}

/** The documents of one environment, as of one revision. */
export interface Documents {
  /** `environments/city` */
  readonly directory: string;
  /** By path. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly environment: Environment;
}

/** A write that somebody asked for: what it makes of the documents, whatever they are by the time it is made. */
export interface Change {
  readonly author: Author;
  /** Tells a request that its author repeats from a new one. Its commit carries it. */
  readonly request?: RequestKey;
  /** Made on documents that are not valid already, too: it must not wait until others mend them. It may add no fault. */
  readonly isUrgent?: true;
  /**
   * Pure.
   * @throws Refusal when the documents can't be changed so.
   */
  make(documents: Documents): Made;
  /**
   * Pure: whether who asks may change what differs.
   * @throws Refusal when not.
   */
  permit?(before: Documents, after: Documents): void;
  /** Is told what the commit that is about to be made makes of the documents. The last call counts. */
  seen?(before: Documents, after: Documents): void;
}

export interface RequestKey {
  readonly key: string;
  /** Of what was asked for: another request with the same key is a mistake. */
  readonly hash: string;
}

export interface Made {
  /** First line of the commit when it is alone in it: `Create task web`. */
  readonly subject: string;
  readonly edits: readonly Edit[];
  /** Lines for the end of the commit's message. */
  readonly trailers?: readonly string[];
  /** The document that was written or removed, by its name. */
  readonly name: string;
}

export interface Written {
  readonly name: string;
  readonly revision: Revision;
  /** The same request was carried out before, in that revision. */
  readonly repeated: boolean;
  /** What is to be said of the documents that were written. */
  readonly warnings: readonly Issue[];
}

/**
 * Why a change is not made. `missing`: there is no such document. `conflict`: the documents that are there stand in its way. `stale`: it was meant for
 * an older text. `invalid`: what is to be written is not valid. `forbidden`: the repository refuses it.
 */
export type RefusalKind = 'missing' | 'conflict' | 'stale' | 'invalid' | 'forbidden';

export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly kind: RefusalKind;
  readonly issues: readonly Issue[];

  constructor(kind: RefusalKind, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.kind = kind;
    this.issues = issues;
  }
}

/** The documents are not valid, or would not be: `why`. */
export class InvalidDocuments extends Refusal {
  readonly why: string;

  constructor(kind: RefusalKind, why: string, issues: readonly [Issue, ...Issue[]]) {
    super(kind, `Refused as ${why}: ${printIssue(issues[0])}`, issues);
    this.why = why;
  }
}
