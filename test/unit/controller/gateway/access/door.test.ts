import { describe, expect, it } from 'vitest';
import { listeningOf } from '../../../../../controller/cli/listening.ts';
import { startGateway } from '../../../../../controller/gateway/server.ts';
import { gatewayOptions } from '../../../../support/gateway.ts';

const TLS = { tlsCert: 'tls.crt', tlsKey: 'tls.key' };

describe('Where it listens', () => {
  it.each([
    { listen: '127.0.0.1:0' },
    { listen: '[::1]:8333', tokens: 't' },
    { listen: 'localhost:8333', ...TLS },
    { listen: '127.0.0.1:8333', tokens: 't', behindProxy: ['127.0.0.1'] },
    { listen: '0.0.0.0:8333', tokens: 't', ...TLS },
    { listen: '[::]:8333', tokens: 't', behindProxy: ['10.0.0.0/8', 'fd00::1'] },
  ])('may be so: $listen $tokens $tlsCert $behindProxy', (options) => expect(listeningOf(options)).toBeDefined());

  it.each([
    { options: { listen: '0.0.0.0:8333' }, says: 'Cannot listen on 0.0.0.0 without tokens: add --tokens FILE' },
    { options: { listen: '0.0.0.0:8333', ...TLS }, says: 'without tokens' },
    {
      options: { listen: '192.168.1.1:8333', tokens: 't' },
      says: 'Cannot listen on 192.168.1.1 in the clear: add --tls-cert FILE and --tls-key FILE, or',
    },
    { options: { listen: '127.0.0.1.evil.example:8333' }, says: 'without tokens' },
    { options: { listen: '127.0.0.1:8333', behindProxy: ['127.0.0.1'] }, says: 'Cannot be behind a proxy without tokens' },
    { options: { listen: '0.0.0.0:8333', tokens: 't', behindProxy: ['proxy.example'] }, says: 'Write an address or a network' },
    { options: { listen: '0.0.0.0:8333', tokens: 't', tlsCert: 'tls.crt' }, says: 'Give --tls-cert and --tls-key together' },
  ])('may not be so: $options', ({ options, says }) => expect(() => listeningOf(options)).toThrow(says));

  it('is looked at by the server itself, whoever starts it', async () => {
    await expect(startGateway({ ...gatewayOptions(), listen: { host: '0.0.0.0', port: 0 } })).rejects.toThrow('without tokens');
  });
});
