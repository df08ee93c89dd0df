import type { Author } from './change.ts';
import type { PlannedChange } from './plan.ts';
import { printRequest } from './requests.ts';

/** Subject and body for people, then the trailers of all. The first one's author is the commit's. */
export function changeMessage(environment: string, changes: readonly PlannedChange[]): string {
  const subjects = changes.map(({ made }) => made.subject);
  const head = subjects.length === 1 ? (subjects[0] ?? '') : `Change ${subjects.length} documents\n\n${subjects.join('\n')}`;
  const trailers = new Set([...changes.flatMap((one) => trailersOf(environment, one)), ...coAuthors(changes)]);
  return trailers.size === 0 ? `${head}\n` : `${head}\n\n${[...trailers].join('\n')}\n`;
}

function trailersOf(environment: string, { change, made }: PlannedChange): readonly string[] {
  const { trailers = [], name } = made;
  return change.request === undefined
    ? trailers
    : [...trailers, printRequest({ ...change.request, by: change.author.name, environment, name })];
}

function coAuthors(changes: readonly PlannedChange[]): readonly string[] {
  const [first, ...others] = changes.map(({ change }) => signature(change.author));
  return others.filter((author) => author !== first).map((author) => `Co-authored-by: ${author}`);
}

function signature({ name, email }: Author): string {
  return `${name} <${email}>`;
}
