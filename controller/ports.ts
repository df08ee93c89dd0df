import type { Manifest, ObjectRef } from '../synth/manifest.ts';
import type { Edit, SourceFile } from '../synth/source.ts';

/** Time. Nothing outside the adapters asks the machine for it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after `durationMs`; rejects with the signal's reason when aborted first. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** One event per outcome: target, action, reason, durationMs, revision. Values that are secret never get here. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, event: string): void;
  info(fields: Readonly<Record<string, unknown>>, event: string): void;
  warn(fields: Readonly<Record<string, unknown>>, event: string): void;
  error(fields: Readonly<Record<string, unknown>>, event: string): void;
}

/** Named secrets: one file each, or a folder of files (`name/part`). */
export interface Secrets {
  /** The text of a secret. Rejects with a terminal Failure that names it when there is none. */
  read(name: string): Promise<string>;
  /** The file that holds it, for programs that take a path (ssh). Rejects like `read`. */
  path(name: string): Promise<string>;
  /** Calls back soon after a secret may have changed, where that can be seen. Returns what stops it. */
  watch(changed: () => void): () => void;
}

/** Secrets that can be given, too. */
export interface SecretStore extends Secrets {
  /** Makes or replaces a secret, whole or not at all. Rejects with a terminal Failure for a name that is none. */
  write(name: string, text: string): Promise<void>;
  /** Keeps a secret under a name that none had before, `label` in it. Rejects with a transient Failure when it can't be written. */
  keep(label: string, text: string): Promise<string>;
  /** Removes a secret that `keep` made, when it is there. One of another name stays. */
  forget(name: string): Promise<void>;
}

/** 40 (or 64) hexadecimal digits: a commit. */
export type Revision = string;

export interface Commit {
  readonly id: Revision;
  readonly parents: readonly Revision[];
  /** The committer's date. */
  readonly committedAtMs: number;
  readonly author: { readonly name: string; readonly email: string };
  readonly message: string;
  /** Against the first parent; `before` and `after` are blob ids, null when the file was not there. */
  readonly changes: readonly { readonly path: string; readonly before: string | null; readonly after: string | null }[];
}

/** Where decisions go that the branch itself doesn't take. */
export const DECISIONS_BRANCH = 'rotterdam/decisions';

/** A branch of a git repository. Reads never change it. */
export interface Repository {
  /** The branch's tip, fetched first when it is remote. Rejects with a Failure: terminal when there is no such branch. */
  head(signal?: AbortSignal): Promise<Revision>;
  /** The tip of {@link DECISIONS_BRANCH}, of a remote as the last `head` found it; undefined when there is none. */
  decisionsHead(signal?: AbortSignal): Promise<Revision | undefined>;
  /** The commit that a name stands for, as git reads it: an id, also a short one, a tag, a branch, `main~2`. Rejects with a terminal Failure. */
  resolve(name: string, signal?: AbortSignal): Promise<Revision>;
  /** All files below `directory`, sorted by path. */
  read(revision: Revision, directory: string, signal?: AbortSignal): Promise<readonly SourceFile[]>;
  /** The blobs' bytes, in the order asked. */
  blobs(ids: readonly string[], signal?: AbortSignal): Promise<readonly Uint8Array[]>;
  /** Commits that `to` reaches and `from` doesn't (all when undefined), oldest first, with their changes below `directory`. */
  history(to: Revision, from: Revision | undefined, directory: string, signal?: AbortSignal): Promise<readonly Commit[]>;
  /** The first commit of the branch's first-parent line: what tells one repository from another. */
  root(revision: Revision, signal?: AbortSignal): Promise<Revision>;
  /** Whether `revision` reaches `ancestor`; one that is not here is fetched. False when the repository has one of them no more. */
  isAncestor(ancestor: Revision, revision: Revision, signal?: AbortSignal): Promise<boolean>;
  /**
   * Makes one commit of `edits` on `parent` and moves the branch to it, in the remote as well.
   * Rejects with ConflictError when the branch is no longer at `parent`; nothing is changed then. Never merges.
   * Rejects with RefusedBranch when the remote takes none to this branch.
   */
  commit(edits: readonly Edit[], at: CommitPlace, signal?: AbortSignal): Promise<Revision>;
  /** Deletes {@link DECISIONS_BRANCH}, in the remote as well, when it is at `revision` and checked out nowhere. Rejects like `commit`. */
  dropDecisions(revision: Revision, signal?: AbortSignal): Promise<void>;
  /** Calls back soon after the branch may have moved, where that can be seen without asking. Returns what stops it. */
  watch(moved: () => void): () => void;
  close(): Promise<void>;
}

export interface CommitPlace {
  readonly parent: Revision;
  readonly message: string;
  readonly author?: { readonly name: string; readonly email: string };
  /** {@link DECISIONS_BRANCH} is moved instead, from this tip wherever `parent` is; null: there must be none yet. */
  readonly decisionsAt?: Revision | null;
}

/** An object as an API server returns it. */
export interface LiveObject extends Manifest {
  readonly metadata: Manifest['metadata'] & {
    readonly uid: string;
    readonly resourceVersion: string;
    readonly generation?: number;
    readonly creationTimestamp?: string;
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
    readonly ownerReferences?: readonly {
      readonly apiVersion?: string;
      readonly uid: string;
      readonly kind: string;
      readonly name: string;
    }[];
    readonly managedFields?: readonly ManagedFields[];
  };
}

export interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time?: string;
  readonly subresource?: string;
  readonly fieldsType?: string;
  readonly fieldsV1?: Readonly<Record<string, unknown>>;
}

export interface ResourceType {
  readonly apiVersion: string;
  readonly kind: string;
  /** `deployments` */
  readonly plural: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: LiveObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string };

export interface ListOptions {
  readonly namespace?: string | undefined;
  /** `key=value,key2` as the API server takes it. */
  readonly labelSelector?: string | undefined;
  /** Objects come without anything but their metadata. */
  readonly metadataOnly?: boolean | undefined;
}

/** What a role grants, as RBAC writes it. */
export interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

export interface ApplyOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
  /** Gets what the server warns of, in its words: a version that is deprecated, a policy that only warns. */
  readonly warned?: (warning: string) => void;
}

/**
 * One API server. Every call rejects with a Failure: ApiError for its answers, transient when it can't be reached,
 * terminal when the credentials are refused or unusable.
 */
export interface Cluster {
  /** The server's version, `v1.36.0`: the cheapest question that proves that it answers us. */
  version(signal?: AbortSignal): Promise<string>;
  /** What the credentials may do: the status of a review of authorization.k8s.io/v1. Everybody may ask, on most servers. */
  review(
    kind: 'SelfSubjectAccessReview' | 'SelfSubjectRulesReview',
    spec: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<unknown>;
  /** The kind as the server serves it; undefined when it doesn't. Discovery is cached; a kind not found is asked for again. */
  resource(apiVersion: string, kind: string, signal?: AbortSignal): Promise<ResourceType | undefined>;
  /** Every kind that can be listed, in the preferred version of its group. */
  resources(signal?: AbortSignal): Promise<readonly ResourceType[]>;
  /** The object, or undefined. */
  get(ref: ObjectRef, signal?: AbortSignal): Promise<LiveObject | undefined>;
  /** All pages, with the resourceVersion to watch from. No more of a page than `project` makes of its objects stays in memory. */
  list<T = LiveObject>(
    type: ResourceType,
    options?: ListOptions & { readonly project?: (object: LiveObject) => T },
    signal?: AbortSignal,
  ): Promise<{ readonly items: readonly T[]; readonly resourceVersion: string }>;
  /** The resourceVersion that objects of this kind are at: less than one seen before when the server was set back to an older state. */
  versionOf(type: ResourceType, options?: ListOptions, signal?: AbortSignal): Promise<string>;
  /**
   * Resolves when the server begins to answer, with the events from `resourceVersion` on; they end when the server ends them.
   * Either rejects with ApiError 410 when that version is too old.
   */
  watch(type: ResourceType, resourceVersion: string, options?: ListOptions, signal?: AbortSignal): Promise<AsyncIterable<WatchEvent>>;
  /** Server-side apply as manager `rotterdam-sync`. Conflicts reject with ApiError 409 and causes of reason FieldManagerConflict. */
  apply(manifest: Manifest, options?: ApplyOptions, signal?: AbortSignal): Promise<LiveObject>;
  /** POST; rejects with ApiError 409 AlreadyExists. */
  create(manifest: Manifest, signal?: AbortSignal): Promise<LiveObject>;
  /** PUT; with metadata.resourceVersion set it rejects with ApiError 409 when the object moved. */
  replace(manifest: Manifest, signal?: AbortSignal): Promise<LiveObject>;
  /**
   * DELETE with a UID precondition, foreground propagation. The object as long as something holds it, undefined when it is gone, also
   * when it was before; another UID is ApiError 409.
   */
  remove(ref: ObjectRef, precondition: { readonly uid: string }, signal?: AbortSignal): Promise<LiveObject | undefined>;
  /** Drops kept connections. */
  close(): void;
}

export interface Sample {
  readonly atMs: number;
  readonly value: number;
}

export interface Series {
  /** Without `__name__`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When it was sampled, oldest first. Flat lists take a seventh of what a list of samples does. */
  readonly timesMs: readonly number[];
  /** Of each sample; may be NaN or infinite: the reader decides. */
  readonly values: readonly number[];
}

/**
 * Where metrics come from. Rejects with a Failure when it can't be asked or answers an error; warnings make an answer partial. A
 * QueryError says that it is the query.
 */
export interface MetricSource {
  /** For messages and status: `prometheus http://…`, `push`. Never holds credentials. */
  readonly name: string;
  /** Raw samples in (fromMs, toMs] of every series whose metric name is one of `names`, and whose label `task` is one of `tasks` where given. */
  samples(
    names: readonly string[],
    fromMs: number,
    toMs: number,
    signal?: AbortSignal,
    tasks?: readonly string[],
  ): Promise<readonly Series[]>;
  /**
   * One PromQL expression at one time. The push source refuses it (terminal).
   * @param maxAgeMs samples that are older don't count, where the source can be told so; ranges in the expression stand.
   */
  instant(expression: string, atMs: number, signal?: AbortSignal, maxAgeMs?: number): Promise<readonly Series[]>;
  /** The names of all metrics that it knows; absent where it can't tell. */
  names?(signal?: AbortSignal): Promise<readonly string[]>;
}

/** The embedded source, where the controller keeps what no other source could tell it again after a restart. */
export interface Keep {
  readonly source: MetricSource;
  /** As a Pushgateway takes it; resolves once it is on disk, rejects when it isn't there. */
  push(method: 'POST' | 'DELETE', groupPath: string, text: string): Promise<unknown>;
}

/** Something that others asked to be told. The same happening has the same id, whoever tells it and however often. */
export type Notice = {
  readonly id: string;
  readonly atMs: number;
  /** The environment's name; the others are ids and names as judged. */
  readonly environment: string;
  readonly task: string;
  readonly agreement: string;
  readonly guarantee: string;
  /** Of a violation what was seen and promised, of a decision what git keeps of it. */
  readonly data: Readonly<Record<string, unknown>>;
} & (
  | {
      readonly kind: 'violation';
      /** The agreement's, as the original names it: `compss_task_<id>`. */
      readonly client: string;
    }
  | { readonly kind: 'decision' }
);

/** Somebody who is told. */
export interface Notifier {
  /** For messages: `webhook https://…`. Never holds credentials. */
  readonly name: string;
  /**
   * Resolves once the other side has taken it, or when there are no words for it there. Rejects with a Failure: transient to be
   * tried again, terminal when this notice will never be taken.
   */
  send(notice: Notice, signal?: AbortSignal): Promise<void>;
}
