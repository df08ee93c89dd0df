import { z } from 'zod';
import { secretName } from './infrastructure.ts';
import { httpUrl } from './url.ts';

export const NOTIFICATION_FORMATS = ['cloudevents', 'violation'] as const;

export const notificationSpec = z.strictObject({
  url: httpUrl
    .refine(hasNoCredentials, 'Put no user or password into the URL: calls are signed with the secret')
    .describe('Where calls go; redirects are not followed. For `violation` the root of a Rotterdam.'),
  secret: secretName.describe('What calls are signed with: the file of this name in the secrets directory.'),
  format: z
    .enum(NOTIFICATION_FORMATS)
    .default('cloudevents')
    .describe("`cloudevents`: violations and decisions as CloudEvents 1.0. `violation`: the original's call, of violations alone."),
});

export type NotificationSpec = z.output<typeof notificationSpec>;

function hasNoCredentials(url: string): boolean {
  if (!URL.canParse(url)) return true;
  const { username, password } = new URL(url);
  return username === '' && password === '';
}
