import create, { type Client } from 'openapi-fetch';
import type { paths } from './schema.ts';

export type * from './schema.ts';

export type RotterdamClient = Client<paths>;

/**
 * Speaks to a running controller at `url`, such as `http://127.0.0.1:8333`, with the types of its OpenAPI document:
 * `const { data, error } = await client.GET('/api/v1/tasks/{id}', { params: { path: { id: 'web' } } })`.
 * Rejects only when nobody answers: an error that is answered is in `error`.
 * @param token of `rotterdam-sync token create`; loopback needs none.
 */
export function createClient(url: string, token?: string): RotterdamClient {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  // A controller may be set to answer errors under 200, as the original did.
  return create<paths>({ baseUrl: url, headers: { prefer: 'rotterdam-status=true', ...authorization } });
}
