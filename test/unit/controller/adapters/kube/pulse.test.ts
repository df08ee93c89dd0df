import { describe, expect, it } from 'vitest';
import { createPulse } from '../../../../../controller/adapters/kube/pulse.ts';

/** Of a connection over which one byte came. */
function alive() {
  const pulse = createPulse();
  pulse.tick(1, 1);
  return pulse;
}

/** What each tick says while nothing more is read. */
function ticks(count: number, requests: number, pulse = alive()): string[] {
  return Array.from({ length: count }, () => pulse.tick(1, requests));
}

describe('createPulse', () => {
  it('asks after two silent ticks while somebody waits for an answer, and gives up after three more', () => {
    expect(ticks(5, 1)).toEqual(['nothing', 'ask', 'nothing', 'nothing', 'give up']);
  });
  it('leaves watches alone for ten silent ticks', () => {
    expect(ticks(13, 0)).toEqual([...Array(9).fill('nothing'), 'ask', 'nothing', 'nothing', 'give up']);
  });
  it('asks at once where nothing was ever read', () => {
    const pulse = createPulse();
    expect(Array.from({ length: 4 }, () => pulse.tick(0, 1))).toEqual(['ask', 'nothing', 'nothing', 'give up']);
  });
  it('any byte is a sign of life', () => {
    const pulse = alive();
    ticks(3, 1, pulse);
    expect(pulse.isDoubtful).toBe(true);
    expect(pulse.tick(17, 1)).toBe('nothing');
    expect([pulse.isDoubtful, pulse.isUneasy]).toEqual([false, false]);
    expect(pulse.tick(17, 1)).toBe('nothing');
    expect(pulse.tick(17, 1)).toBe('ask');
  });
  it('is not doubtful as soon as it asks, but one tick later', () => {
    const pulse = alive();
    expect([...ticks(2, 1, pulse), pulse.isDoubtful]).toEqual(['nothing', 'ask', false]);
    expect([...ticks(1, 1, pulse), pulse.isDoubtful]).toEqual(['nothing', true]);
  });
  it('asks at once when somebody left without having heard anything, though nothing is outstanding', () => {
    const pulse = alive();
    pulse.doubt();
    expect(pulse.isUneasy).toBe(true);
    expect(ticks(4, 0, pulse)).toEqual(['ask', 'nothing', 'nothing', 'give up']);
  });
});
