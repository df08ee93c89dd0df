import { afterEach, describe, expect, it, vi } from 'vitest';
import { runningWatch } from '../../../../controller/cli/running-watch.ts';
import { createServer } from '../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../support/gateway.ts';
import { hold } from '../../../support/tokens.ts';

const ADA = hold('ada', 'write');

let close: () => Promise<void> = async () => undefined;
afterEach(async () => {
  vi.unstubAllEnvs();
  await close();
});

async function watch() {
  const server = createServer(gatewayOptions({ grants: () => [ADA.grant] }));
  close = () => server.close();
  return runningWatch({ address: await server.listen({ host: '127.0.0.1', port: 0 }) });
}

describe('A running watch', () => {
  it('that asks for a token is shown the one of the environment', async () => {
    vi.stubEnv('ROTTERDAM_TOKEN', ADA.token);
    const { status, reconcile } = await watch();
    expect([await status(), await reconcile([])]).toMatchObject([{ environment: 'city' }, { environment: 'city' }]);
  });

  it.each([
    { token: undefined, says: 'Send a token as Authorization: Bearer TOKEN (commands take it from --token-file or ROTTERDAM_TOKEN)' },
    { token: 'wrong', says: 'Refused the token' },
  ])('refuses $token, and says how to give one', async ({ token, says }) => {
    vi.stubEnv('ROTTERDAM_TOKEN', token);
    const { status } = await watch();
    await expect(status()).rejects.toThrow(says);
  });
});
