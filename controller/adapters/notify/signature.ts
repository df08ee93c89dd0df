import { createHmac } from 'node:crypto';

const PREFIX = 'whsec_';

export interface Signed {
  readonly id: string;
  /** Seconds since 1970, of this attempt. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * Headers of a signed call as Standard Webhooks (standardwebhooks.com) has them: HMAC-SHA256 of id, time and body, so that a call can be neither
 * changed nor sent again later.
 * @param secret the key itself, or `whsec_` and its base64.
 */
export function signatureHeaders({ id, timestamp, body }: Signed, secret: string): Readonly<Record<string, string>> {
  const key = secret.startsWith(PREFIX) ? Buffer.from(secret.slice(PREFIX.length), 'base64') : Buffer.from(secret, 'utf8');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${digest}` };
}
