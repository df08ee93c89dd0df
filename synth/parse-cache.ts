import type { Draft } from './draft.ts';
import type { Environment } from './environment.ts';
import type { Format } from './parse.ts';
import { type ReadFile, type Room, readFile } from './read-file.ts';
import type { Located } from './report.ts';
import type { SourceFile } from './source.ts';

/**
 * What was read before: a file of the same bytes isn't read again, and the same files are the same Environment. Holds what the last load of each
 * environment used.
 */
export class ParseCache {
  readonly #environments = new Map<string, Loaded>();

  /** As {@link readFile}; what the last load of the environment used isn't read again. */
  readFile(environment: string, file: SourceFile, folder: string, format: Format): ReadFile {
    return this.last(environment)?.read(file)?.read ?? readFile(file, folder, format);
  }

  last(environment: string): Loaded | undefined {
    return this.#environments.get(environment);
  }

  keep(loaded: Loaded): void {
    this.#environments.set(loaded.environment.name, loaded);
  }
}

/** An environment, and what it was loaded from. */
export class Loaded {
  readonly environment: Environment;
  /** In the order of their paths. */
  readonly #documents: ReadonlyMap<string, Documents>;

  constructor(environment: Environment, documents: readonly Documents[]) {
    this.environment = environment;
    this.#documents = new Map(documents.map((one) => [one.path, one]));
  }

  /** Its documents, if it was the same file. */
  read({ path, id, kind }: SourceFile): Documents | undefined {
    const known = this.#documents.get(path);
    return known?.id === id && known.kind === kind ? known : undefined;
  }

  isOf(files: readonly SourceFile[]): boolean {
    return files.length === this.#documents.size && files.every((file) => this.read(file) !== undefined);
  }
}

/** What a file holds. */
export interface Documents extends Pick<SourceFile, 'path' | 'id' | 'kind'> {
  readonly room: Room;
  /** Of a file that is one, in a folder of documents. */
  readonly read: ReadFile | undefined;
  readonly drafts: readonly Located<Draft>[];
}
