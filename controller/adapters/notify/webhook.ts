import type { Clock, Notice, Notifier } from '../../ports.ts';
import { type Caller, caller } from './caller.ts';

const TYPES = { violation: 'dev.rotterdam.agreement.violated', decision: 'dev.rotterdam.decision.made' } as const;

/** Posts each notice as a CloudEvents 1.0 event in structured mode, signed. */
export function createWebhook(options: Caller & { readonly clock: Clock }): Notifier {
  const url = new URL(options.url);
  const call = caller(options);
  return {
    name: `webhook ${url.origin}${url.pathname}`,
    send: (notice, signal) =>
      call(
        { url, id: notice.id, contentType: 'application/cloudevents+json; charset=utf-8', body: JSON.stringify(cloudEvent(notice)) },
        signal,
      ),
  };
}

function cloudEvent({ id, kind, atMs, environment, task, agreement, guarantee, data }: Notice) {
  return {
    specversion: '1.0',
    id,
    source: `/rotterdam-sync/${encodeURIComponent(environment)}`,
    type: TYPES[kind],
    subject: task,
    time: new Date(atMs).toISOString(),
    datacontenttype: 'application/json',
    data: { environment, task, agreement, guarantee, ...data },
  };
}
