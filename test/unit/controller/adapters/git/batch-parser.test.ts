import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchParser, type GitObject } from '../../../../../controller/adapters/git/batch-parser.ts';
import { MAX_FILE_BYTES } from '../../../../../synth/source.ts';

const ID = 'a'.repeat(40);

function parse(chunks: readonly Buffer[]): (GitObject | undefined)[] {
  const answers: (GitObject | undefined)[] = [];
  const parser = new BatchParser((object) => answers.push(object));
  for (const chunk of chunks) parser.feed(chunk);
  return answers;
}

describe('BatchParser', () => {
  it('finds the same answers however the output is cut', () => {
    const answer = fc.option(fc.uint8Array({ maxLength: 20 }), { nil: undefined });
    fc.assert(
      fc.property(fc.array(answer), fc.array(fc.nat(60)), (answers, sizes) => {
        const whole = Buffer.concat(
          answers.map((bytes) =>
            bytes ? Buffer.concat([Buffer.from(`${ID} blob ${bytes.length}\n`), bytes, Buffer.from('\n')]) : Buffer.from(`${ID} missing\n`),
          ),
        );
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(whole.subarray(at, at + size));
          at += size;
        }
        const found = parse([...chunks, whole.subarray(at)]);
        expect(found).toEqual(answers.map((bytes) => bytes && { id: ID, type: 'blob', content: Buffer.from(bytes) }));
      }),
    );
  });

  it.each([
    { size: MAX_FILE_BYTES, kept: MAX_FILE_BYTES, reason: 'the limit itself is allowed' },
    { size: 10 * MAX_FILE_BYTES, kept: 0, reason: 'a large object is read over' },
  ])('keeps $kept of $size bytes: $reason', ({ size, kept }) => {
    const [large, next] = parse([Buffer.from(`${ID} blob ${size}\n`), Buffer.alloc(size), Buffer.from(`\n${ID} blob 1\nx\n`)]);
    expect([large?.content.length, Buffer.from(next?.content ?? []).toString()]).toEqual([kept, 'x']);
  });
});
