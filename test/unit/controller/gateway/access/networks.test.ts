import { describe, expect, it } from 'vitest';
import { isAddress, isNetwork, isWithin } from '../../../../../controller/gateway/access/networks.ts';

describe('isWithin', () => {
  it.each([
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.4', '10.1.2.3', false],
    ['192.168.1.130', '192.168.1.128/25', true],
    ['192.168.1.127', '192.168.1.128/25', false],
    ['203.0.113.9', '0.0.0.0/0', true],
    ['fe80::1', '0.0.0.0/0', false],
    ['::ffff:10.1.2.3', '10.0.0.0/8', true],
    ['::ffff:a01:203', '10.0.0.0/8', true],
    ['10.1.2.3', '::ffff:10.1.2.3', true],
    ['fd00::12', 'fd00::/8', true],
    ['fe80::1%eth0', 'fe80::/10', true],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1', true],
    ['2001:db8::2', '2001:db8::1/127', false],
    ['::1', '::/128', false],
    ['nonsense', '0.0.0.0/0', false],
    ['', '0.0.0.0/0', false],
  ])('%s in %s: %s', (address, network, expected) => expect(isWithin(address, [network])).toBe(expected));
});

describe('isNetwork', () => {
  it.each(['10.0.0.0/8', '10.0.0.1', '::/0', 'fd00::/8'])('takes %s', (text) => expect(isNetwork(text)).toBe(true));

  it.each([
    '10.0.0.0/33',
    '10.0.0/8',
    '10.0.0.256',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    ':::/8',
    '1::2::3',
    '12345::',
    'city.example',
    '',
    '::/129',
  ])('refuses %j', (text) => expect(isNetwork(text)).toBe(false));
});

describe('isAddress', () => {
  it.each([
    ['10.0.0.1', true],
    ['[::1]', true],
    ['10.0.0.1.evil.example', false],
    ['localhost', false],
  ])('%s: %s', (host, expected) => expect(isAddress(host)).toBe(expected));
});
