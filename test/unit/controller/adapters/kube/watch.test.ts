import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watchEvents } from '../../../../../controller/adapters/kube/watch.ts';
import type { WatchEvent } from '../../../../../controller/ports.ts';

async function* chunked(chunks: readonly string[]) {
  yield* chunks;
}

async function read(...chunks: string[]): Promise<WatchEvent[]> {
  const events: WatchEvent[] = [];
  for await (const event of watchEvents(chunked(chunks), 'modena')) events.push(event);
  return events;
}

const line = (type: string, object: object) => `${JSON.stringify({ type, object })}\n`;
const added = line('ADDED', { metadata: { name: 'a–ö' } });
const bookmark = line('BOOKMARK', { metadata: { resourceVersion: '7' } });

describe('watchEvents', () => {
  it('gives the same events however the lines are cut', async () => {
    const text = added + bookmark + added;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length)), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const chunks = places.slice(1).map((end, at) => text.slice(places[at], end));
        expect((await read(...chunks)).map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK', 'ADDED']);
      }),
    );
  });

  it('gives a bookmark’s version', async () => {
    expect(await read(bookmark)).toEqual([{ type: 'BOOKMARK', resourceVersion: '7' }]);
  });

  it('rejects with what an ERROR event carries', async () => {
    const error = line('ERROR', { code: 410, reason: 'Expired', message: 'too old resource version' });
    await expect(read(added, error)).rejects.toMatchObject({ status: 410, reason: 'Expired', message: 'too old resource version' });
  });

  it('rejects a line that is not JSON as transient, without quoting it', async () => {
    await expect(read('{"type":"ADD', 'ED\n')).rejects.toMatchObject({
      outcome: 'transient',
      message: 'Cannot watch modena as an event is not JSON',
    });
  });

  it('leaves a last line that was cut off', async () => {
    expect(await read(added, '{"type":"MOD')).toHaveLength(1);
  });
});
