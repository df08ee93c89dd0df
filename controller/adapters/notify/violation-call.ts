import type { Clock, Notice, Notifier } from '../../ports.ts';
import { type Caller, caller } from './caller.ts';

/** Tells a Rotterdam of violations as its SLA Manager did. That call has no words for decisions. */
export function createViolationCall(options: Caller & { readonly clock: Clock }): Notifier {
  const root = new URL(options.url);
  const call = caller(options);
  return {
    name: `violation call ${root.origin}${root.pathname}`,
    send: async (notice, signal) => {
      if (notice.kind !== 'violation') return;
      const { id } = notice;
      await call(
        { url: urlOf(root, notice), id, contentType: 'application/json; charset=utf-8', body: JSON.stringify(bodyOf(notice)) },
        signal,
      );
    },
  };
}

function urlOf(root: URL, { task, guarantee }: Notice): URL {
  const url = new URL(root);
  url.pathname = `${root.pathname.replace(/\/+$/, '')}/api/v1/sla/tasks/${encodeURIComponent(task)}/guarantee/${encodeURIComponent(guarantee)}`;
  return url;
}

function bodyOf({ agreement, task, client, guarantee }: Notice & { readonly kind: 'violation' }) {
  return { Agreement_id: agreement, Status: 'violation', Client_id: task, Client_name: client, Guarantee: guarantee };
}
