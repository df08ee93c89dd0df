import { compareIssues, type Issue } from '../constructs/spec/issue.ts';
import { kubernetesName } from '../constructs/spec/names.ts';
import type { Spot } from './draft.ts';
import type { Origin } from './environment.ts';
import type { Place, Problem } from './parse.ts';

/** A draft and the file it stands in. */
export interface Located<D> {
  readonly file: string;
  readonly draft: D;
}

/** Collects the issues of one environment, and what couldn't be read: a reference to that is no issue of its own. */
export class Report {
  readonly #issues: Issue[] = [];
  readonly #broken = new Map<string, Set<string>>();

  add(file: string, problem: Problem): void {
    const { line, column, severity, code, message } = problem;
    this.#issues.push({ file, line, column, severity, code, message });
  }

  error(file: string, place: Place, code: string, message: string): void {
    this.add(file, { ...place, severity: 'error', code, message });
  }

  warning(file: string, place: Place, code: string, message: string): void {
    this.add(file, { ...place, severity: 'warning', code, message });
  }

  /** `names` are likely those of documents of `folder` that can't be read. */
  broken(folder: string, names: readonly string[]): void {
    this.#broken.set(folder, new Set([...(this.#broken.get(folder) ?? []), ...names.map(kubernetesName)]));
  }

  /** Whether a document of `folder` can't be read: the one called `name`, or any. */
  isBroken(folder: string, name?: string): boolean {
    const names = this.#broken.get(folder);
    return names !== undefined && (name === undefined || names.has(kubernetesName(name)));
  }

  /** Sorted by place. */
  issues(): readonly Issue[] {
    return this.#issues.sort(compareIssues);
  }
}

export function originOf({ file, draft }: Located<{ readonly spot: Spot }>): Origin {
  return { file, ...draft.spot };
}

/** `file:line`, to point at another document within a message. */
export function printOrigin({ file, draft }: Located<{ readonly spot: Spot }>): string {
  return `${file}:${draft.spot.line}`;
}

type Named = { readonly name: string; readonly namePlace: Place; readonly spot: Spot };

/** Drafts by the name that `mapped` makes of theirs; the second of a name is an error and left out. */
export function byName<D extends Named>(
  drafts: readonly Located<D>[],
  what: string,
  mapped: (name: string) => string,
  report: Report,
): Map<string, Located<D>> {
  const known = new Map<string, Located<D>>();
  for (const located of drafts) {
    const { name, namePlace } = located.draft;
    const key = mapped(name);
    const first = known.get(key);
    if (first === undefined) known.set(key, located);
    else {
      const as = first.draft.name === name ? '' : `, as '${first.draft.name}' becomes '${key}' too`;
      report.error(
        located.file,
        namePlace,
        'duplicate-name',
        `Cannot declare ${what} '${name}' again${as}: the first is at ${printOrigin(first)}`,
      );
    }
  }
  return known;
}
