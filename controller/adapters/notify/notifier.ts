import type { NotificationSpec } from '../../../constructs/spec/notification.ts';
import type { Clock, Notifier, Secrets } from '../../ports.ts';
import type { Caller } from './caller.ts';
import { createViolationCall } from './violation-call.ts';
import { createWebhook } from './webhook.ts';

const CREATE: Readonly<Record<NotificationSpec['format'], (options: Caller & { readonly clock: Clock }) => Notifier>> = {
  cloudevents: createWebhook,
  violation: createViolationCall,
};

/** What makes a notifier of what the Defaults say of it. */
export function createNotifier(secrets: Secrets, clock: Clock): (spec: NotificationSpec) => Notifier {
  return ({ format, url, secret }) => CREATE[format]({ url, secret: () => secrets.read(secret), clock });
}
