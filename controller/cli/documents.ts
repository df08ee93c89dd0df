import { resolve } from 'node:path';
import { compareIssues, type Issue } from '../../constructs/spec/issue.ts';
import { environmentNames, loadEnvironment } from '../../synth/load.ts';
import { strictly } from '../../synth/strict.ts';
import { issuesOf } from '../../synth/synthesize.ts';
import { readFolder } from '../adapters/files.ts';
import { UsageError } from '../errors.ts';

/** Loads and synthesizes every environment of a folder; all issues, sorted. Throws UsageError when there is none. */
export async function checkDirectory(
  dir: string,
  options: { readonly strict: boolean },
): Promise<{ readonly environments: readonly string[]; readonly issues: readonly Issue[] }> {
  const files = await readFolder(resolve(dir));
  const environments = environmentNames(files);
  if (environments.length === 0) {
    throw new UsageError(`Found no environments/ in ${resolve(dir)}: write a first one with 'rotterdam-sync init'`);
  }
  const issues = environments.flatMap((name) => issuesOf(loadEnvironment(name, files))).sort(compareIssues);
  return { environments, issues: options.strict ? issues.map(strictly) : issues };
}
