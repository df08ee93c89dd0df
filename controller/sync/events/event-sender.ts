import type { Manifest } from '../../../synth/manifest.ts';
import { ApiError, sentence } from '../../errors.ts';
import type { Cluster, Log } from '../../ports.ts';

/** Sends Kubernetes Events behind everything else. What can't be sent is dropped: they are told for people, nothing depends on them. */
export interface EventSender {
  /** Returns at once. */
  send(cluster: Cluster, events: readonly Manifest[]): void;
}

/** So many wait at most, and so many are remembered as sent. */
const MOST_WAITING = 200;
const MOST_REMEMBERED = 1_000;

/** One event at a time. A missing right is said once, and then no more are sent. */
export function createEventSender({ infrastructure, log }: { readonly infrastructure: string; readonly log: Log }): EventSender {
  const waiting: { readonly cluster: Cluster; readonly event: Manifest }[] = [];
  const sent = new Set<string>();
  let isForbidden = false;
  let isSending = false;

  const sendAll = async () => {
    isSending = true;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await next.cluster.create(next.event).catch(noteRefusal);
    }
    isSending = false;
  };

  const noteRefusal = (error: unknown) => {
    if (!isMissingRight(error)) return;
    isForbidden = true;
    waiting.length = 0;
    log.warn({ infrastructure, reason: `Cannot tell of changes by Kubernetes Events: ${sentence(error)}` }, 'events');
  };

  return {
    send(cluster, events) {
      if (isForbidden) return;
      for (const event of events) {
        if (waiting.length >= MOST_WAITING || sent.has(event.metadata.name)) continue;
        remember(sent, event.metadata.name);
        waiting.push({ cluster, event });
      }
      if (!isSending) void sendAll();
    },
  };
}

/** What is refused as its namespace is being deleted is nobody's right. */
function isMissingRight(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && !/being terminated/.test(error.message);
}

function remember(sent: Set<string>, name: string): void {
  sent.add(name);
  if (sent.size <= MOST_REMEMBERED) return;
  for (const oldest of sent) {
    sent.delete(oldest);
    break;
  }
}
