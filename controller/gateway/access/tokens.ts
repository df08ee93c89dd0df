import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { parse, parseDocument } from 'yaml';
import { z } from 'zod';
import { kubernetesName } from '../../../constructs/spec/names.ts';
import { Failure } from '../../errors.ts';
import { type Grant, SCOPES } from './grant.ts';
import { isNetwork } from './networks.ts';

const READING = { schema: 'core', merge: false } as const;
const TOKEN_BYTES = 32;
/** What tells a token from other texts, wherever it is found. */
const PREFIX = 'rotterdam_';

const some = <T extends z.ZodType>(element: T) => z.array(element).min(1, 'Name at least one, or leave it out').max(1_000);

const grant = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'Write a name of letters, digits and . _ -'),
    scope: z.enum(SCOPES),
    docks: some(z.string().min(1).transform(kubernetesName)).optional(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'Write the 64 hexadecimal digits that `token create` wrote')
      .optional(),
    networks: some(z.string().refine(isNetwork, 'Write a network such as 10.0.0.0/8')).optional(),
    hosts: some(z.string().min(1).toLowerCase()).optional(),
    created: z.iso.datetime({ offset: true }).optional(),
    expires: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ sha256, networks }) => sha256 !== undefined || networks !== undefined, 'Give it a sha256, or networks that need no token')
  .refine(({ scope, docks }) => scope !== 'admin' || docks === undefined, 'Leave out docks: an admin is not limited to any')
  .refine(({ scope, sha256 }) => scope !== 'admin' || sha256 !== undefined, 'An admin needs a token');

const file = z.strictObject({ grants: z.array(grant).max(10_000) }).superRefine(({ grants }, context) => {
  const seen = new Set<string>();
  for (const [at, { name }] of grants.entries()) {
    if (seen.has(name)) context.addIssue({ code: 'custom', path: ['grants', at, 'name'], message: `There are two of the name ${name}` });
    seen.add(name);
  }
});

/** Reads a tokens file: YAML with `grants`. Throws a terminal Failure that names the place, and no value. */
export function parseGrants(text: string): readonly Grant[] {
  const { success, data, error } = file.safeParse(read(text));
  if (success) return data.grants as readonly Grant[];
  const [issue] = error.issues;
  throw new Failure('terminal', `Cannot read the tokens file: ${issue?.path.join('.') || 'it'}: ${issue?.message}`);
}

/** The text of a tokens file with one more grant; its comments stay. Throws like {@link parseGrants}, also when the name is taken. */
export function withGrant(text: string, grant: Grant): string {
  const document = parseDocument(text.trim() === '' ? 'grants: []\n' : text, READING);
  document.addIn(['grants'], document.createNode(grant));
  const grown = document.toString({ flowCollectionPadding: false });
  parseGrants(grown);
  return grown;
}

/** The same without a grant; undefined when there is none of the name. */
export function withoutGrant(text: string, name: string): string | undefined {
  const at = parseGrants(text).findIndex((grant) => grant.name === name);
  const document = parseDocument(text, READING);
  return document.deleteIn(['grants', at]) ? document.toString({ flowCollectionPadding: false }) : undefined;
}

/** A new token, and what is kept of it. */
export function makeToken(): { readonly token: string; readonly sha256: string } {
  const token = `${PREFIX}${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  return { token, sha256: hashOf(token).toString('hex') };
}

/** What a token grants. All are compared, each in a time that tells nothing of where it differs. */
export function grantOf(token: string, grants: readonly Grant[]): Grant | undefined {
  const hash = hashOf(token);
  return grants.filter(({ sha256 }) => sha256 !== undefined && timingSafeEqual(Buffer.from(sha256, 'hex'), hash))[0];
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function read(text: string): unknown {
  try {
    return parse(text, { ...READING, maxAliasCount: 0 });
  } catch {
    throw new Failure('terminal', 'Cannot read the tokens file: it is no YAML');
  }
}
