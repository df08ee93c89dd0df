export interface Line {
  /** Removed, added, the same; `…` stands for same lines that are left out. */
  readonly mark: '-' | '+' | ' ' | '…';
  readonly text: string;
}

const CONTEXT = 2;
/** Texts that differ in more lines, multiplied, are shown whole: removed, then added. */
const MOST_COMPARED = 1_000_000;

/** What to remove and add to get from one text to the other, with two lines around each. Pure. */
export function diffLines(before: readonly string[], after: readonly string[]): readonly Line[] {
  const head = sharedLength(before, after);
  const tail = sharedLength(before.slice(head).reverse(), after.slice(head).reverse());
  const same = (text: string): Line => ({ mark: ' ', text });
  const changed = diffMiddle(before.slice(head, before.length - tail), after.slice(head, after.length - tail));
  return shortened([...before.slice(0, head).map(same), ...changed, ...before.slice(before.length - tail).map(same)]);
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  const end = a.findIndex((text, index) => text !== b[index]);
  return end === -1 ? Math.min(a.length, b.length) : end;
}

/** By the longest common subsequence. */
function diffMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const lines: Line[] = [];
  const lengths = before.length * after.length > MOST_COMPARED ? undefined : commonLengths(before, after);
  const common = (i: number, j: number) => lengths?.[i]?.[j] ?? 0;
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [removed, added] = [before[i], after[j]];
    if (lengths !== undefined && removed !== undefined && removed === added) {
      lines.push({ mark: ' ', text: removed });
      i += 1;
      j += 1;
    } else if (removed !== undefined && (added === undefined || common(i + 1, j) >= common(i, j + 1))) {
      lines.push({ mark: '-', text: removed });
      i += 1;
    } else {
      lines.push({ mark: '+', text: added ?? '' });
      j += 1;
    }
  }
  return lines;
}

/** Of what is left from line i and line j on. */
function commonLengths(before: readonly string[], after: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Array<number>(after.length + 1).fill(0));
  for (let i = before.length - 1; i >= 0; i -= 1) {
    const [row = [], next = []] = [lengths[i], lengths[i + 1]];
    for (let j = after.length - 1; j >= 0; j -= 1) {
      row[j] = before[i] === after[j] ? (next[j + 1] ?? 0) + 1 : Math.max(next[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

function shortened(lines: readonly Line[]): readonly Line[] {
  const near = lines.map((_, index) => lines.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ mark }) => mark !== ' '));
  return lines.flatMap((line, index): Line[] => {
    if (near[index]) return [line];
    return index === 0 || near[index - 1] ? [{ mark: '…', text: '' }] : [];
  });
}
