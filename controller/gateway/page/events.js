// Follows server-sent events by fetch, as EventSource can't send a token.
import { ask } from './rest.js';

/** The server says something each 15 s. */
const SILENT_MS = 40_000;
const LONGEST_WAIT_MS = 10_000;

/** Cuts a stream of text into events; comments and what nobody uses are left out. Pure. */
export function createParser(told) {
  let rest = '';
  return (chunk) => {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').flatMap((line) => {
          const at = line.indexOf(': ');
          return at > 0 ? [[line.slice(0, at), line.slice(at + 2)]] : [];
        }),
      );
      const event = fields.get('event');
      if (event !== undefined) told({ id: fields.get('id'), event, ...dataOf(fields.get('data')) });
    }
  };
}

function dataOf(text) {
  try {
    return { data: JSON.parse(text ?? '{}') };
  } catch {
    return { data: {} };
  }
}

/**
 * Tells of events until it is stopped, and connects again when the connection ends, with `Last-Event-ID`.
 * @param told called with each event, also `reset`: something was missed
 * @param opened called when a connection stands
 * @param heard called when anything came
 * @param lost called with why there is no connection; false from it ends the following
 */
export function follow({ told, opened, heard, lost }) {
  const stopped = new AbortController();
  let last;
  const once = async () => {
    const silent = new AbortController();
    let timer = setTimeout(() => silent.abort(), SILENT_MS);
    try {
      const headers = last === undefined ? { accept: 'text/event-stream' } : { accept: 'text/event-stream', 'last-event-id': last };
      const response = await ask(last === undefined ? '/api/v1/events?kept=1000' : '/api/v1/events', {
        headers,
        signal: AbortSignal.any([stopped.signal, silent.signal]),
      });
      opened();
      const parse = createParser((event) => {
        last = event.id ?? last;
        told(event);
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => silent.abort(), SILENT_MS);
        heard();
        parse(value);
      }
    } finally {
      clearTimeout(timer);
    }
  };
  const run = async () => {
    for (let waitMs = 500; !stopped.signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
      const startMs = Date.now();
      const error = await once().catch((reason) => reason);
      if (stopped.signal.aborted || lost(error) === false) return;
      if (Date.now() - startMs > LONGEST_WAIT_MS) waitMs = 500;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  };
  run();
  return () => stopped.abort();
}
