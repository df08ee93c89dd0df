/** Whether an address lies in one of the networks: `10.0.0.0/8`, `fd00::/8`, or an address alone. IPv4 in IPv6's clothes is IPv4. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  const bits = bitsOf(address);
  return bits !== undefined && networks.some((network) => contains(network, bits));
}

export function isNetwork(text: string): boolean {
  return prefixOf(text) !== undefined;
}

export function isAddress(text: string): boolean {
  return bitsOf(text) !== undefined;
}

function contains(network: string, address: string): boolean {
  const prefix = prefixOf(network);
  return prefix !== undefined && prefix.family === address.length && address.startsWith(prefix.bits);
}

function prefixOf(network: string): { readonly family: number; readonly bits: string } | undefined {
  const [address = '', length, more] = network.split('/');
  const bits = bitsOf(address);
  if (bits === undefined || more !== undefined) return undefined;
  if (length === undefined) return { family: bits.length, bits };
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits.length) return undefined;
  return { family: bits.length, bits: bits.slice(0, Number(length)) };
}

/** 32 or 128 digits, 0 or 1; undefined when it is no address. */
function bitsOf(address: string): string | undefined {
  const text = address.replace(/^\[|\]$|%.*$/g, '');
  const bits = text.includes(':') ? ipv6(text) : ipv4(text);
  return bits?.startsWith(MAPPED) && bits.length === 128 ? bits.slice(96) : bits;
}

const MAPPED = `${'0'.repeat(80)}${'1'.repeat(16)}`;

function ipv4(text: string): string | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return undefined;
  return parts.map((part) => binary(Number(part), 8)).join('');
}

function ipv6(text: string): string | undefined {
  const last = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  const inner = last === null ? '' : ipv4(last[2] ?? '');
  if (inner === undefined) return undefined;
  const [head = '', tail, more] = (last?.[1]?.replace(/([^:]):$/, '$1') ?? text).split('::');
  if (more !== undefined) return undefined;
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  if (before === undefined || after === undefined) return undefined;
  const missing = 128 - before.length - after.length - inner.length;
  if (tail === undefined ? missing !== 0 : missing < 16) return undefined;
  return `${before}${'0'.repeat(missing)}${after}${inner}`;
}

function groupsOf(text: string): string | undefined {
  if (text === '') return '';
  const groups = text.split(':');
  if (groups.some((group) => !/^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  return groups.map((group) => binary(Number.parseInt(group, 16), 16)).join('');
}

function binary(value: number, digits: number): string {
  return value.toString(2).padStart(digits, '0');
}
