import { type FileHandle, mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, sentence } from '../../errors.ts';
import type { Clock, Log, MetricSource } from '../../ports.ts';
import { parseExposition } from './exposition.ts';
import { parseGroupPath } from './group-path.ts';
import { printHeader, printRecord, readJournal } from './journal-text.ts';
import { type PushMethod, PushStore } from './store.ts';

const FILE = 'pushes.jsonl';
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** A journal that has grown to this, and to twice what it was compacted to, is compacted. */
const COMPACT_BYTES = 16 * 1024 * 1024;
/** Not on disk yet, as the disk is full: more is refused. */
const MAX_BACKLOG_BYTES = 64 * 1024 * 1024;

export interface PushJournal {
  /**
   * Takes what a Pushgateway takes under `groupPath`, `/metrics/job/<job>{/<label>/<value>}`. Resolves once it is on disk, with
   * the metric names that it says something about. Rejects with a Failure: terminal for what can't be read, transient when the
   * disk takes nothing.
   */
  push(method: PushMethod, groupPath: string, text: string): Promise<{ readonly names: readonly string[] }>;
  source(): MetricSource;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

/** Opens the journal in `directory`, made when it isn't there. What a crash left half written at its end is dropped, and said. */
export async function openPushJournal(options: { directory: string; clock: Clock; log: Log }): Promise<PushJournal> {
  const { directory, clock, log } = options;
  const path = join(directory, FILE);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const store = await replay(path, clock, log);
  const file = await JournalFile.create(path, store, options);
  return {
    push: async (method, groupPath, text) => {
      const group = parseGroupPath(groupPath);
      if (text.length > MAX_BODY_BYTES)
        throw new Failure('terminal', `Cannot take a push of more than ${MAX_BODY_BYTES} bytes: ${text.length}`);
      const samples = method === 'DELETE' ? [] : parseExposition(text);
      file.checkRoom();
      const record = store.plan(method, group, samples, store.stamp(clock.now()));
      store.apply(record);
      // Also when nothing changed: it tells how old the evidence is.
      await file.append(store.has(group) ? printRecord(record) : undefined);
      return { names: [...new Set([...samples, ...record.changes].map(({ name }) => name))] };
    },
    source: () => sourceOf(store),
    close: () => file.close(),
  };
}

/** What was pushed up to now, read from the journal in `directory`, also beside a controller that writes it. */
export async function readPushes(directory: string, clock: Clock): Promise<MetricSource> {
  const quiet = () => undefined;
  return sourceOf(await replay(join(directory, FILE), clock, { debug: quiet, info: quiet, warn: quiet, error: quiet }));
}

function sourceOf(store: PushStore): MetricSource {
  return {
    name: 'push',
    names: async () => store.names(),
    samples: async (names, fromMs, toMs, _, tasks) => {
      const series = store.samples(names, fromMs, toMs);
      return tasks === undefined ? series : series.filter(({ labels }) => tasks.includes(labels.task ?? ''));
    },
    instant: async () => {
      throw new Failure('terminal', 'The push source knows no PromQL: give the infrastructure a prometheus.url');
    },
  };
}

async function replay(path: string, clock: Clock, log: Log): Promise<PushStore> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new Failure('terminal', `Cannot read the journal of pushes ${path}: ${sentence(error)}`, { cause: error });
  });
  const { header, records, damaged, torn } = readJournal(text);
  // What is pushed in the millisecond of the start is new.
  const store = new PushStore(header?.sinceMs ?? clock.now() - 1);
  for (const record of records) store.apply(record);
  if (torn) log.warn({ file: path, reason: 'its last record was half written when the controller ended' }, 'push dropped');
  if (damaged.length > 0) log.error({ file: path, lines: damaged, reason: 'these lines of the journal cannot be read' }, 'pushes lost');
  return store;
}

/** Appends lines, several at a time when they come faster than the disk. */
class JournalFile {
  readonly #path: string;
  readonly #store: PushStore;
  readonly #clock: Clock;
  readonly #log: Log;
  #handle: FileHandle;
  #sizeBytes: number;
  #compactedBytes: number;
  #backlog: string[] = [];
  #backlogBytes = 0;
  #asked = 0;
  #written = 0;
  #running: Promise<void> | undefined;

  private constructor(path: string, store: PushStore, { clock, log }: { clock: Clock; log: Log }, written: Whole) {
    this.#path = path;
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#handle = written.handle;
    this.#sizeBytes = written.sizeBytes;
    this.#compactedBytes = written.sizeBytes;
  }

  /** Writes the store anew, so that the file is whole whatever it was. */
  static async create(path: string, store: PushStore, options: { clock: Clock; log: Log }): Promise<JournalFile> {
    return new JournalFile(path, store, options, await writeWhole(path, store, options.clock.now()));
  }

  checkRoom(): void {
    if (this.#backlogBytes > MAX_BACKLOG_BYTES)
      throw new Failure('transient', `Cannot take more pushes until the disk of ${this.#path} takes them`);
  }

  /** Resolves once `line` and all before it are on disk; without a line, once all before are. */
  async append(line: string | undefined): Promise<void> {
    if (line !== undefined) {
      this.#backlog.push(line);
      this.#backlogBytes += line.length;
      this.#asked += 1;
    }
    const mine = this.#asked;
    while (this.#written < mine) {
      this.#running ??= this.#flush().finally(() => {
        this.#running = undefined;
      });
      await this.#running;
    }
  }

  async close(): Promise<void> {
    await this.append(undefined).catch(() => undefined);
    await this.#handle.close();
  }

  async #flush(): Promise<void> {
    const lines = [...this.#backlog];
    const bytes = Buffer.from(lines.join(''), 'utf8');
    try {
      await this.#handle.truncate(this.#sizeBytes);
      await this.#handle.write(bytes, 0, bytes.length, this.#sizeBytes);
      await this.#handle.datasync();
    } catch (error) {
      throw new Failure('transient', `Cannot write the journal of pushes ${this.#path}: ${sentence(error)}`, { cause: error });
    }
    this.#sizeBytes += bytes.length;
    this.#backlog = this.#backlog.slice(lines.length);
    this.#backlogBytes = this.#backlog.reduce((sum, { length }) => sum + length, 0);
    this.#written += lines.length;
    if (this.#sizeBytes > COMPACT_BYTES && this.#sizeBytes > 2 * this.#compactedBytes) await this.#compact();
  }

  async #compact(): Promise<void> {
    try {
      const before = this.#handle;
      const { handle, sizeBytes } = await writeWhole(this.#path, this.#store, this.#clock.now());
      this.#handle = handle;
      this.#sizeBytes = sizeBytes;
      this.#compactedBytes = sizeBytes;
      await before.close();
    } catch (error) {
      this.#log.warn({ file: this.#path, reason: sentence(error) }, 'journal not compacted');
    }
  }
}

interface Whole {
  readonly handle: FileHandle;
  readonly sizeBytes: number;
}

/** Replaces the file in one step, so that a crash leaves the old one or the new one. */
async function writeWhole(path: string, store: PushStore, nowMs: number): Promise<Whole> {
  store.forget(nowMs);
  const bytes = Buffer.from([printHeader({ sinceMs: store.sinceMs }), ...store.records().map(printRecord)].join(''), 'utf8');
  const handle = await open(`${path}.new`, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
    await rename(`${path}.new`, path);
    const directory = await open(join(path, '..'), 'r');
    await directory.sync().finally(() => directory.close());
    return { handle, sizeBytes: bytes.length };
  } catch (error) {
    await handle.close();
    throw new Failure('transient', `Cannot write the journal of pushes ${path}: ${sentence(error)}`, { cause: error });
  }
}
