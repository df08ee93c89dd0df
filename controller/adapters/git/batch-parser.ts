import { MAX_FILE_BYTES } from '../../../synth/source.ts';

export interface GitObject {
  readonly id: string;
  readonly type: string;
  /** Empty when the object is larger than {@link MAX_FILE_BYTES}: it is read over, never held. */
  readonly content: Uint8Array;
}

interface Body {
  readonly id: string;
  readonly type: string;
  readonly size: number;
  left: number;
  readonly chunks: Buffer[];
}

const LINE_FEED = 10;

/** Cuts the output of `git cat-file --batch` into answers; undefined stands for an object that is missing. */
export class BatchParser {
  readonly #answer: (object: GitObject | undefined) => void;
  #line = '';
  #body: Body | undefined;

  constructor(answer: (object: GitObject | undefined) => void) {
    this.#answer = answer;
  }

  feed(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#body === undefined ? this.#takeLine(rest) : this.#takeBody(this.#body, rest);
  }

  /** `<id> <type> <size>` or `<name> missing`. */
  #takeLine(chunk: Buffer): Buffer {
    const end = chunk.indexOf(LINE_FEED);
    this.#line += chunk.toString('latin1', 0, end < 0 ? chunk.length : end);
    if (end < 0) return chunk.subarray(chunk.length);
    const [id = '', type = '', size] = this.#line.split(' ');
    this.#line = '';
    if (size === undefined) this.#answer(undefined);
    else this.#body = { id, type, size: Number(size), left: Number(size) + 1, chunks: [] };
    return chunk.subarray(end + 1);
  }

  /** The object's bytes, and one line feed. */
  #takeBody(body: Body, chunk: Buffer): Buffer {
    const taken = chunk.subarray(0, body.left);
    body.left -= taken.length;
    if (body.size <= MAX_FILE_BYTES) body.chunks.push(taken);
    if (body.left === 0) {
      this.#body = undefined;
      const { id, type, chunks, size } = body;
      this.#answer({ id, type, content: Buffer.concat(chunks).subarray(0, size) });
    }
    return chunk.subarray(taken.length);
  }
}
