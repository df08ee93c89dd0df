import { describe, expect, it } from 'vitest';
import { unlessAborted } from '../../../../../controller/sync/watch/unless-aborted.ts';

describe('unlessAborted', () => {
  const never = new Promise<string>(() => undefined);

  it('is what the work comes to', async () => {
    const { signal } = new AbortController();
    await expect(unlessAborted(Promise.resolve('done'), signal)).resolves.toBe('done');
    await expect(unlessAborted(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken');
  });

  it("gives up with the signal's reason, before it or meanwhile", async () => {
    const abort = new AbortController();
    const waiting = unlessAborted(never, abort.signal);
    abort.abort(new Error('something newer'));
    await expect(waiting).rejects.toThrow('something newer');
    await expect(unlessAborted(never, abort.signal)).rejects.toThrow('something newer');
  });

  it('lets no failure of the work that nobody waits for end the process', async () => {
    const unheard: unknown[] = [];
    const hear = (error: unknown) => unheard.push(error);
    process.on('unhandledRejection', hear);
    let fail = (_: Error) => {};
    const work = new Promise<never>((_, reject) => {
      fail = reject;
    });
    await expect(unlessAborted(work, AbortSignal.abort(new Error('something newer')))).rejects.toThrow('something newer');
    fail(new Error('broken'));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(unheard).toEqual([]);
  });
});
