import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createParser } from '../../../../../controller/gateway/page/events.js';

const STREAM =
  ': \n\nid: a-1\nevent: verdict\ndata: {"task":"web","value":2}\n\nevent: reset\ndata: {}\n\n: \n\nid: a-2\nevent: odd\ndata: {"not\n\n';
const TOLD = [
  { id: 'a-1', event: 'verdict', data: { task: 'web', value: 2 } },
  { id: undefined, event: 'reset', data: {} },
  { id: 'a-2', event: 'odd', data: {} },
];

describe('createParser', () => {
  it('reads the same events however the stream is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
        const told: unknown[] = [];
        const parse = createParser((event: unknown) => told.push(event));
        const at = [0, ...cuts.sort((a, b) => a - b), STREAM.length];
        for (let n = 1; n < at.length; n += 1) parse(STREAM.slice(at[n - 1], at[n]));
        expect(told).toEqual(TOLD);
      }),
    );
  });
});
