import { describe, expect, it } from 'vitest';
import { createTransport } from '../../../../../controller/adapters/kube/transport.ts';
import { fakeClock } from '../../../../support/fake-clock.ts';

describe('createTransport', () => {
  it('connects no more once it is closed', async () => {
    const access = { server: new URL('https://127.0.0.1:1'), token: 'secret' };
    const transport = createTransport({ name: "infrastructure 'dev'", access, clock: fakeClock(), requestTimeoutMs: 1000 });
    transport.close();
    const sentence = "Cannot reach infrastructure 'dev' as its connection was closed";
    await expect(transport.send({ method: 'GET', path: '/version' })).rejects.toThrow(sentence);
    await expect(transport.open({ method: 'GET', path: '/version' }, 1000)).rejects.toThrow(sentence);
  });
});
