import { describe, expect, it } from 'vitest';
import type { Grant } from '../../../../../controller/gateway/access/grant.ts';
import { grantOf, makeToken, parseGrants, withGrant, withoutGrant } from '../../../../../controller/gateway/access/tokens.ts';
import { hold } from '../../../../support/tokens.ts';

const HASH = 'a'.repeat(64);

describe('A tokens file', () => {
  it('is read as it was written', () => {
    const grants: readonly Grant[] = [
      hold('ada', 'admin').grant,
      hold('class', 'write', ['class'], { created: '2026-01-31T12:00:00.000Z', expires: '2027-01-31T12:00:00.000Z' }).grant,
      { name: 'masters', scope: 'write', docks: ['class'], networks: ['10.0.0.0/8'], hosts: ['rotterdam.city.example'] },
    ];
    expect(parseGrants(grants.reduce(withGrant, ''))).toEqual(grants);
  });

  it('keeps its comments when one comes or goes, and takes no name twice', () => {
    const text = `# Of the city.\ngrants:\n  # Of Ada.\n  - name: ada\n    scope: read\n    sha256: ${HASH}\n`;
    const two = withGrant(text, { name: 'bob', scope: 'read', networks: ['10.0.0.0/8'] });
    expect(parseGrants(two).map(({ name }) => name)).toEqual(['ada', 'bob']);
    expect(withoutGrant(two, 'bob')).toBe(text);
    expect(withoutGrant(two, 'carl')).toBeUndefined();
    expect(() => withGrant(text, { name: 'ada', scope: 'read', sha256: HASH })).toThrow('There are two of the name ada');
  });

  it('names docks as tasks do', () => {
    expect(parseGrants(`grants: [{name: a, scope: read, docks: [Class_1], sha256: ${HASH}}]`)).toMatchObject([{ docks: ['class-1'] }]);
  });

  it.each([
    { reason: 'no YAML', text: 'grants: [', says: 'it is no YAML' },
    { reason: 'nothing', text: '', says: 'expected object' },
    { reason: 'a scope that is none', text: `grants: [{name: a, scope: all, sha256: ${HASH}}]`, says: 'grants.0.scope' },
    { reason: 'neither a token nor a network', text: 'grants: [{name: a, scope: read}]', says: 'Give it a sha256, or networks' },
    { reason: 'a token itself', text: 'grants: [{name: a, scope: read, token: hunter2}]', says: 'grants.0' },
    { reason: 'a network that is none', text: 'grants: [{name: a, scope: read, networks: [10/8]}]', says: 'grants.0.networks.0' },
    { reason: 'no dock at all', text: `grants: [{name: a, scope: read, docks: [], sha256: ${HASH}}]`, says: 'grants.0.docks' },
    {
      reason: 'an admin of a dock',
      text: `grants: [{name: a, scope: admin, docks: [class], sha256: ${HASH}}]`,
      says: 'an admin is not limited',
    },
    {
      reason: 'an admin without a token',
      text: 'grants: [{name: a, scope: admin, networks: [10.0.0.0/8]}]',
      says: 'An admin needs a token',
    },
    {
      reason: 'a name of two',
      text: `grants: [{name: a, scope: read, sha256: ${HASH}}, {name: a, scope: read, sha256: ${HASH}}]`,
      says: 'There are two',
    },
    { reason: 'a name for a trailer', text: `grants: [{name: "a\\nb", scope: read, sha256: ${HASH}}]`, says: 'grants.0.name' },
  ])('is refused with $reason, without a value', ({ text, says }) => {
    expect(() => parseGrants(text)).toThrow(says);
    expect(() => parseGrants(text)).not.toThrow('hunter2');
  });
});

describe('A token', () => {
  it('has 256 random bits, and is found by its hash alone', () => {
    const { token, sha256 } = makeToken();
    expect(token).toMatch(/^rotterdam_[A-Za-z0-9_-]{43}$/);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(makeToken().token).not.toBe(token);
    const grants: readonly Grant[] = [hold('other', 'read').grant, { name: 'ada', scope: 'admin', sha256 }];
    expect(grantOf(token, grants)?.name).toBe('ada');
  });

  it.each(['', 'rotterdam_', HASH, 'x'.repeat(10_000)])('is none: %j', (token) => {
    expect(
      grantOf(token, [
        { name: 'a', scope: 'read', sha256: HASH },
        { name: 'open', scope: 'read', networks: ['::/0'] },
      ]),
    ).toBeUndefined();
  });
});
