import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { Failure } from '../../errors.ts';
import { BatchParser, type GitObject } from './batch-parser.ts';
import { LOCAL_TIMEOUT_MS, startGit, stopGit } from './run.ts';

interface Request {
  readonly name: string;
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: unknown) => void;
  /** How many processes have ended over it. */
  deaths: number;
}

/** One `git cat-file --batch` that lives as long as the repository is open, started at the first question and again when it dies. */
export class Batch {
  readonly #gitDir: string;
  #child: ChildProcessWithoutNullStreams | undefined;
  #requests: Request[] = [];

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  /** The objects of these ids or full ref names, in the order asked; undefined for what is missing. */
  async ask(names: readonly string[], signal?: AbortSignal): Promise<readonly (GitObject | undefined)[]> {
    signal?.throwIfAborted();
    const answers = Promise.all(names.map((name) => this.#request(name)));
    return new Promise((resolve, reject) => {
      const aborted = () => reject(signal?.reason);
      signal?.addEventListener('abort', aborted, { once: true });
      const timer = setInterval(() => this.close(), LOCAL_TIMEOUT_MS);
      answers.then(resolve, reject).finally(() => {
        clearInterval(timer);
        signal?.removeEventListener('abort', aborted);
      });
    });
  }

  /** Ends the process; the next question starts another. What waits for an answer is asked once more, then rejected. */
  close(): void {
    if (this.#child === undefined) return;
    this.#child.stdout.removeAllListeners('data').resume();
    stopGit(this.#child);
  }

  #request(name: string): Promise<GitObject | undefined> {
    return new Promise((resolve, reject) => this.#send({ name, resolve, reject, deaths: 0 }));
  }

  #send(request: Request): void {
    this.#requests.push(request);
    this.#child ??= this.#start();
    this.#child.stdin.write(`${request.name}\n`);
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = startGit(['cat-file', '--batch'], { gitDir: this.#gitDir });
    const parser = new BatchParser((object) => this.#requests.shift()?.resolve(object));
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => parser.feed(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      stderr = `${stderr}${chunk}`.slice(-1000);
    });
    child.on('error', (error) => {
      stderr = error.message;
    });
    child.on('close', () => this.#ended(stderr.trim()));
    return child;
  }

  #ended(stderr: string): void {
    this.#child = undefined;
    const left = this.#requests;
    this.#requests = [];
    for (const request of left) {
      request.deaths += 1;
      if (request.deaths < 2) this.#send(request);
      else request.reject(new Failure('transient', `Cannot read ${request.name} from ${this.#gitDir}: ${stderr || 'git ended'}`));
    }
  }
}
