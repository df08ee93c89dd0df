import { z } from 'zod';
import { duration } from './units.ts';
import { httpUrl } from './url.ts';

const secret = z
  .strictObject({
    secret: z
      .string()
      .regex(
        /^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(\/[A-Za-z0-9._-]+)?$/,
        'Name a file of the secrets directory, or one in a folder of it: name/part',
      ),
  })
  .describe('By the name of its secret.');

const headers = z.record(
  z
    .string()
    .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'Write the name of a header')
    .refine((name) => !/^(authorization|host|content-.*|transfer-encoding|connection)$/i.test(name), {
      error: 'This header is not yours to set: credentials go into bearer or basic',
    }),
  z.union([z.string().regex(/^[\x20-\x7e]*$/, 'Write printable ASCII'), secret]),
);

const url = httpUrl.refine((text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === '', {
  error: 'Remove the credentials from the URL: name their secret in basic',
});

const prometheusSource = z.strictObject({
  type: z.literal('prometheus').describe('A Prometheus, or what answers like one: Thanos, Mimir.'),
  url: url.describe('Its root, with the path prefix if it has one.'),
  headers: headers.optional().describe('Sent with each request, e.g. `X-Scope-OrgID: city`; a value may be `{secret: NAME}`.'),
  bearer: secret.optional().describe('A token, by the name of its secret.'),
  basic: z
    .strictObject({ username: z.string().min(1), password: secret.describe('By the name of its secret.') })
    .optional()
    .describe('A user and a password. Not beside `bearer`.'),
  ca: secret.optional().describe("Certificates in PEM that its certificate is checked against. Default: the system's."),
  clientCertificate: z
    .strictObject({
      certificate: secret.describe('In PEM, by the name of its secret.'),
      key: secret.describe('In PEM, by the name of its secret.'),
    })
    .optional()
    .describe('What it is shown (mTLS).'),
  timeout: duration
    .refine((ms) => ms > 0, 'Write a duration above 0s')
    .prefault('10s')
    .describe('An answer that takes longer is given up.'),
});

const embeddedSource = z.strictObject({ type: z.literal('embedded').describe("The controller's own push source.") });

const constantSource = z.strictObject({
  type: z.literal('constant').describe('For trying templates: every metric has one value.'),
  value: z.number().describe('What every series of it has, always.'),
});

/** Where metrics are asked for: one shape per type. */
export const sourceSpec = z.discriminatedUnion('type', [prometheusSource, embeddedSource, constantSource]).superRefine((spec, context) => {
  if (spec.type !== 'prometheus') return;
  if (spec.bearer !== undefined && spec.basic !== undefined) {
    context.addIssue({ code: 'custom', path: ['basic'], message: 'Name one way to log in: bearer or basic' });
  }
  const tls = spec.ca === undefined ? 'clientCertificate' : 'ca';
  if (spec.url.startsWith('http:') && spec[tls] !== undefined) {
    context.addIssue({ code: 'custom', path: [tls], message: `Write an https:// URL, or leave out ${tls}` });
  }
});

export type SourceInput = z.input<typeof sourceSpec>;
/** `timeout` is milliseconds. */
export type SourceSpec = z.output<typeof sourceSpec>;
