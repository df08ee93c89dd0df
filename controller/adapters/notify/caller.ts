import { Failure, sentence } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { post } from './post.ts';
import { signatureHeaders } from './signature.ts';

export interface Caller {
  readonly url: string;
  /** Read for each call, so that a rotated secret is seen. */
  readonly secret: () => Promise<string>;
}

interface SignedCall {
  readonly url: URL;
  /** The notice's. */
  readonly id: string;
  readonly contentType: string;
  readonly body: string;
}

/** Posts what it is given, signed. Rejects as {@link post} does; a secret that can't be read is tried again. */
export function caller({ secret, clock }: Caller & { readonly clock: Clock }) {
  return async ({ url, id, contentType, body }: SignedCall, signal?: AbortSignal): Promise<void> => {
    const key = await secret().catch((error) => {
      throw new Failure('transient', sentence(error), { cause: error });
    });
    const timestamp = Math.floor(clock.now() / 1000);
    const headers = { 'content-type': contentType, ...signatureHeaders({ id, timestamp, body }, key) };
    await post({ name: `${url.origin}${url.pathname}`, url, headers, body }, clock, signal);
  };
}
