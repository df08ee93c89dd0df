import picocolors from 'picocolors';

/** Colours the removed and added lines of a printed plan, where the terminal has colours. */
export function paintDiff(text: string): string {
  if (!picocolors.isColorSupported) return text;
  return text
    .split('\n')
    .map((line) => {
      const mark = /^ {4} {2}([-+]) /.exec(line)?.[1];
      if (/^ {4}! /.test(line)) return picocolors.yellow(line);
      return mark === '+' ? picocolors.green(line) : mark === '-' ? picocolors.red(line) : line;
    })
    .join('\n');
}
