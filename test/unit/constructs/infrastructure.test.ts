import { App } from 'cdk8s';
import { describe, expect, it } from 'vitest';
import { Infrastructure, type InfrastructureProps } from '../../../constructs/index.ts';

describe('Infrastructure', () => {
  it('fills in what the schema of its document does', () => {
    const modena = new Infrastructure(new App(), 'modena', { type: 'openshift' });
    expect(modena.name).toBe('modena');
    expect(modena.spec).toEqual({ type: 'openshift', default: false, expose: 'clusterIP', suspend: false });
  });

  it.each<[string, InfrastructureProps, string]>([
    [
      'no address to be reached under',
      { type: 'kubernetes', expose: 'externalIP' },
      "Cannot make infrastructure 'modena': expose: externalIP needs an address",
    ],
    ['no gateway to be reached by', { type: 'kubernetes', expose: 'gateway' }, 'expose: gateway needs an address'],
    ['a name in capitals', { type: 'kubernetes', name: 'Modena' }, "Cannot make infrastructure 'Modena': name it with small letters"],
    ['a URL that is none', { type: 'kubernetes', prometheus: { url: 'prometheus' } }, 'prometheus.url: Write an http:// or https:// URL'],
  ])('refuses %s', (_, props, message) => {
    expect(() => new Infrastructure(new App(), 'modena', props)).toThrow(message);
  });
});
