import { functionSpec } from '../../constructs/spec/function.ts';
import { MAX_TASK_NAME } from '../../constructs/spec/names.ts';
import { check } from '../check.ts';
import type { ReadDraft } from '../native.ts';
import type { ParsedDocument } from '../parse.ts';
import { base, converted, present } from './base.ts';
import { serverlessFunction } from './schemas.ts';

/** A function as it was posted to `/functions`; its timeout was a text. */
export function readFunction(document: ParsedDocument): ReadDraft {
  const { value, problems } = check(serverlessFunction, document, true);
  if (value === undefined) return { problems };
  const { named, problems: badName } = base(document, value.name, ['name'], MAX_TASK_NAME);
  const input = {
    runtime: value.runtime,
    source: value.function,
    ...present({ infrastructure: value.cluster, dock: value.dock, handler: value.handler }),
    ...(value.timeout === undefined ? {} : { timeout: Number(value.timeout) }),
  };
  const { spec, problems: refused } = converted(functionSpec, input, (path) => document.place(path));
  if (spec === undefined) return { problems: [...problems, ...badName, ...refused] };
  const places = { infrastructure: document.place(['cluster']), dock: document.place(['dock']) };
  return { draft: { kind: 'Function', ...named, spec, places }, problems: [...problems, ...badName] };
}
