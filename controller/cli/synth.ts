import { printIssue } from '../../constructs/spec/issue.ts';
import { synthesizeDirectory, UnknownEnvironment } from '../../synth/main.ts';
import { UsageError } from '../errors.ts';
import { EXIT } from './exit.ts';
import { count } from './table.ts';

/** Writes `<out>/<environment>/<infrastructure>/<dock>.k8s.yaml`; nothing while a document is invalid. */
export async function synth(dir: string, { environment, out }: { readonly environment?: string; readonly out: string }): Promise<number> {
  const { issues, environments, files, written, removed } = await synthesizeDirectory({ root: dir, environment, out }).catch((error) => {
    throw error instanceof UnknownEnvironment ? new UsageError(error.message, { cause: error }) : error;
  });
  for (const issue of issues) process.stderr.write(`${printIssue(issue)}\n`);
  if (issues.some(({ severity }) => severity === 'error')) return EXIT.wrongUse;
  process.stdout.write(
    `${count(files.length, 'file')} of ${environments.join(', ')} in ${out}: ${written.length} written, ${removed.length} removed\n`,
  );
  return EXIT.done;
}
