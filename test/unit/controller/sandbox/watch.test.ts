import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { Kinds } from '../../../../controller/sandbox/kinds.ts';
import { Store } from '../../../../controller/sandbox/store.ts';
import { Timers } from '../../../../controller/sandbox/timers.ts';
import { watch } from '../../../../controller/sandbox/watch.ts';
import { fakeClock } from '../../../support/fake-clock.ts';

function setup(timeoutSeconds: number, bookmarks: boolean) {
  const clock = fakeClock();
  const store = new Store();
  const kind = new Kinds().find('', 'v1', 'configmaps');
  if (kind === undefined) throw new Error('no config maps');
  const sent: { type: string; object: { metadata: { resourceVersion: string } } }[] = [];
  const response = Object.assign(new EventEmitter(), {
    writableEnded: false,
    write: (line: string) => sent.push(JSON.parse(line)),
    end: () => {
      response.writableEnded = true;
      response.emit('close');
    },
  });
  const request = { kind, namespace: undefined, selector: () => true, present: (object: unknown) => object, timeoutSeconds, bookmarks };
  watch({ ...request, resourceVersion: String(store.current) }, store, new Timers(clock), response);
  const put = () =>
    store.put(kind, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', uid: 'u', resourceVersion: '', creationTimestamp: '' } });
  return { clock, store, sent, response, put };
}

describe('watch', () => {
  it('sends a bookmark each minute and 2 s before its end', async () => {
    const { clock, sent, response } = setup(150, true);
    const seen: number[] = [];
    for (let second = 1; second <= 150; second += 1) {
      await clock.advance(1000);
      if (sent.length > seen.length) seen.push(second);
    }
    expect(seen).toEqual([60, 120, 148]);
    expect(sent.every(({ type }) => type === 'BOOKMARK')).toBe(true);
    expect(response.writableEnded).toBe(true);
  });
  it('sends a bookmark of the newest version', async () => {
    const { clock, sent, put } = setup(10, true);
    const { metadata } = put();
    await clock.advance(9000);
    expect(sent.map(({ type, object }) => [type, object.metadata.resourceVersion])).toEqual([
      ['ADDED', metadata.resourceVersion],
      ['BOOKMARK', metadata.resourceVersion],
    ]);
  });
  it('sends nothing once the client left', async () => {
    const { clock, sent, response, put } = setup(100, true);
    response.emit('close');
    put();
    await clock.advance(200_000);
    expect([sent, response.writableEnded]).toEqual([[], false]);
  });
});
