import picocolors from 'picocolors';
import { type Issue, printIssue } from '../../constructs/spec/issue.ts';
import { checkDirectory } from './documents.ts';
import { EXIT } from './exit.ts';
import { count } from './table.ts';

/** Prints every issue of every environment below `dir`. */
export async function validate(dir: string, options: { readonly strict?: boolean; readonly json?: boolean }): Promise<number> {
  const { issues, environments } = await checkDirectory(dir, { strict: options.strict ?? false });
  const errors = issues.filter(({ severity }) => severity === 'error').length;
  if (options.json) process.stdout.write(`${JSON.stringify(issues)}\n`);
  else process.stdout.write(report(issues, environments, errors));
  return errors > 0 ? EXIT.wrongUse : EXIT.done;
}

function report(issues: readonly Issue[], environments: readonly string[], errors: number): string {
  const lines = issues.map((issue) => (issue.severity === 'error' ? picocolors.red : picocolors.yellow)(printIssue(issue)));
  const counted = `${count(errors, 'error')}, ${count(issues.length - errors, 'warning')} in ${environments.join(', ')}`;
  return `${[...lines, counted].join('\n')}\n`;
}
