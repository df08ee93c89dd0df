import { UsageError } from '../errors.ts';
import { EXIT } from './exit.ts';
import { runningWatch, type WatchOptions } from './running-watch.ts';
import { printTaskExplanation } from './task-explanation.ts';

/** Tells of a task what a running watch knows of how each promise led to what runs: no right on git, the clusters or the sources is needed. */
export async function explainRemotely(task: string, options: WatchOptions & { readonly json?: boolean }): Promise<number> {
  if (task.includes('/'))
    throw new UsageError(`Name a task, as no watch explains objects: ${task}. Leave out --address to ask the clusters`);
  const story = await runningWatch(options).story(task);
  process.stdout.write(options.json ? `${JSON.stringify(story)}\n` : printTaskExplanation(story));
  return EXIT.done;
}
