import type { SourceSpec } from '../../../constructs/spec/source.ts';
import type { Secrets } from '../../ports.ts';
import type { Login } from './request.ts';

type Spec = Omit<Extract<SourceSpec, { readonly type: 'prometheus' }>, 'type'>;

/** Reads what a source names: at each request, so that a rotated secret is seen. Rejects with a terminal Failure that names what is missing. */
export async function loginOf(
  { headers = {}, bearer, basic, ca, clientCertificate }: Spec,
  { read }: Pick<Secrets, 'read'>,
): Promise<Login> {
  const named = Object.entries(headers).map(async ([name, value]) => [name, typeof value === 'string' ? value : await read(value.secret)]);
  return {
    headers: {
      ...Object.fromEntries(await Promise.all(named)),
      ...(bearer === undefined ? {} : { authorization: `Bearer ${(await read(bearer.secret)).trim()}` }),
      ...(basic === undefined ? {} : { authorization: basicOf(basic.username, await read(basic.password.secret)) }),
    },
    ...(ca === undefined ? {} : { ca: await read(ca.secret) }),
    ...(clientCertificate === undefined
      ? {}
      : { certificate: await read(clientCertificate.certificate.secret), key: await read(clientCertificate.key.secret) }),
  };
}

export function basicOf(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
