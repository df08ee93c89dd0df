import { ApiError, Failure } from '../../errors.ts';
import type { LiveObject, WatchEvent } from '../../ports.ts';

interface Line {
  readonly type: string;
  readonly object: LiveObject & { readonly code?: number; readonly reason?: string; readonly message?: string };
}

const MAX_LINE = 16 * 1024 * 1024;

/** Newline-delimited JSON as a watch sends it. An ERROR event rejects as the ApiError that it carries (410: relist). */
export async function* watchEvents(chunks: AsyncIterable<string>, peer: string): AsyncGenerator<WatchEvent> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) throw new Failure('transient', `Cannot watch ${peer} as one event is larger than ${MAX_LINE} characters`);
    for (const line of lines) if (line !== '') yield eventOf(line, peer);
  }
}

function eventOf(text: string, peer: string): WatchEvent {
  const { type, object } = parse(text, peer);
  if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') return { type, object };
  if (type === 'BOOKMARK') return { type, resourceVersion: object.metadata.resourceVersion };
  const status = object.code ?? 500;
  throw new ApiError(object.message ?? `The watch ended with ${status}`, { status, reason: object.reason ?? '' });
}

function parse(text: string, peer: string): Line {
  try {
    return JSON.parse(text) as Line;
  } catch (cause) {
    throw new Failure('transient', `Cannot watch ${peer} as an event is not JSON`, { cause });
  }
}
