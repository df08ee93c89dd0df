import { EXIT } from './exit.ts';
import { runningWatch, type WatchOptions } from './running-watch.ts';
import { printInfrastructures } from './status.ts';

/** Has a running watch look now; shows what came of it. Exit code 1 where an infrastructure can't be brought to what is wanted. */
export async function reconcile(
  options: WatchOptions & { readonly infrastructure?: readonly string[]; readonly json?: boolean },
): Promise<number> {
  const only = options.infrastructure;
  const seen = await runningWatch(options).reconcile(only);
  const infrastructures = seen.infrastructures.filter(({ name }) => only?.includes(name) ?? true);
  process.stdout.write(
    options.json ? `${JSON.stringify({ ...seen, infrastructures })}\n` : printInfrastructures({ ...seen, infrastructures }, Date.now()),
  );
  const isWell = ({ state }: { readonly state: string }) => ['ready', 'progressing', 'suspended'].includes(state);
  return seen.reason === undefined && infrastructures.every(isWell) ? EXIT.done : EXIT.failed;
}
