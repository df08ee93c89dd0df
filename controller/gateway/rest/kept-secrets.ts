import type { SecretField } from '../../../synth/original/secrets.ts';
import { keptNamesIn } from '../../../synth/original/secrets.ts';
import type { Change, Documents, Written } from '../../changes/change.ts';
import { textOf } from '../../changes/plan.ts';
import { Failure, sentence } from '../../errors.ts';
import type { Log, SecretStore } from '../../ports.ts';

type Store = Pick<SecretStore, 'keep' | 'forget'>;

/** Names of secrets by the fields of the document that refers to them. */
export type Kept = ReadonlyMap<SecretField, string>;

/**
 * Secrets that came by REST. Each is there before the commit that refers to it, under a name of its own, and goes once no document does: whoever is
 * stopped in between leaves at most one that nobody refers to. A secret that others put there is never touched.
 */
export class KeptSecrets {
  readonly #store: Store;
  readonly #log: Log;
  /** Of commits of which nobody knows whether they were made: the next one tells. */
  readonly #doubtful = new Set<string>();

  constructor(store: Store, log: Log) {
    this.#store = store;
    this.#log = log;
  }

  /** All of them, or none. Rejects with a Failure when they can't be kept. */
  async keep(label: string, texts: ReadonlyMap<SecretField, string>): Promise<Kept> {
    const kept = new Map<SecretField, string>();
    try {
      for (const [field, text] of texts) kept.set(field, await this.#store.keep(label, text));
      return kept;
    } catch (error) {
      await this.#forget(kept.values());
      throw error;
    }
  }

  /** Commits what refers to `kept`. What the documents refer to no more is forgotten after it; `kept` itself, when it is not to be committed. */
  async commit(kept: Kept, write: (seen: NonNullable<Change['seen']>) => Promise<Written>): Promise<Written> {
    let unused: readonly string[] = [];
    try {
      const written = await write((before, after) => {
        unused = this.#unused(before, after);
      });
      await this.#forget(written.repeated ? kept.values() : unused);
      return written;
    } catch (error) {
      if (error instanceof Failure) for (const name of kept.values()) this.#doubtful.add(name);
      else await this.#forget(kept.values());
      throw error;
    }
  }

  #unused(before: Documents, after: Documents): readonly string[] {
    const changed = [...before.files.values()].filter(({ path, id }) => after.files.get(path)?.id !== id);
    const named = new Set([...changed.flatMap(({ path }) => keptNamesIn(textOf(before, path) ?? '')), ...this.#doubtful]);
    if (named.size === 0) return [];
    for (const path of after.files.keys()) for (const name of keptNamesIn(textOf(after, path) ?? '')) named.delete(name);
    return [...named];
  }

  /** The commit stands, or doesn't, whatever becomes of the file. */
  async #forget(names: Iterable<string>): Promise<void> {
    for (const secret of names) {
      try {
        await this.#store.forget(secret);
        this.#doubtful.delete(secret);
      } catch (error) {
        this.#log.warn({ secret, reason: sentence(error) }, 'secret');
        this.#doubtful.add(secret);
      }
    }
  }
}
