import { printIssue } from '../../constructs/spec/issue.ts';
import { synthesizeDirectory } from '../../synth/main.ts';
import { EXIT } from './exit.ts';

/** Writes `<out>/<environment>/<infrastructure>/<dock>.k8s.yaml`; nothing while a document is invalid. */
export async function synth(dir: string, { environment, out }: { readonly environment?: string; readonly out: string }): Promise<number> {
  const { issues, environments, files, written, removed } = await synthesizeDirectory({ root: dir, environment, out });
  for (const issue of issues) process.stderr.write(`${printIssue(issue)}\n`);
  if (issues.some(({ severity }) => severity === 'error')) return EXIT.wrongUse;
  process.stdout.write(
    `${files.length} files of ${environments.join(', ')} in ${out}: ${written.length} written, ${removed.length} removed\n`,
  );
  return EXIT.done;
}
