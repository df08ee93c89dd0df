import type { Environment } from '../../../synth/environment.ts';
import { Refusal } from '../../changes/change.ts';

/** `prometheus.example`, at any port, or `prometheus.example:9090`. */
export type AllowedHosts = readonly string[];

/**
 * What is written by REST may have the controller fetch from no other host than those that the operator allowed, or that the documents name already.
 * @throws Refusal that names the first one that isn't.
 */
export function checkHosts(before: Environment, after: Environment, allowed: AllowedHosts): void {
  const known = new Set(urlsOf(before).map(hostOf));
  for (const url of urlsOf(after)) if (!known.has(hostOf(url))) checkHost(url, allowed);
}

/** @throws Refusal when `url` is not http(s), or its host is none that the operator allowed. */
export function checkHost(url: string, allowed: AllowedHosts): void {
  const host = hostOf(url);
  if (host === undefined) throw new Refusal('invalid', 'Write an http:// or https:// URL');
  if (allowed.some((one) => isAllowed(one, host))) return;
  throw new Refusal(
    'forbidden',
    `Refused to ask ${host} for anything: start with --allow-host ${host}, or commit the document to the repository`,
  );
}

/** All that the controller asks or calls as the documents say. */
function urlsOf({ infrastructures, sources, defaults }: Environment): readonly string[] {
  const own = [...infrastructures.values()].flatMap(({ prometheus, pushgateway }) => [prometheus?.url, pushgateway?.url]);
  const named = [...sources.values()].map((source) => (source.type === 'prometheus' ? source.url : undefined));
  const told = defaults.notifications.map(({ url }) => url);
  return [...own, ...named, ...told].filter((url) => url !== undefined && url !== 'embedded') as string[];
}

/** Host and port, as a client takes them. */
function hostOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, host, port } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  return port === '' ? `${host}:${protocol === 'https:' ? 443 : 80}` : host;
}

function isAllowed(allowed: string, host: string): boolean {
  const name = allowed.toLowerCase();
  return name === host || name === host.replace(/:\d+$/, '');
}
