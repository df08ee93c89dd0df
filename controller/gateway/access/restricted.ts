import type { Change } from '../../changes/change.ts';
import type { RestOptions } from '../rest/rest.ts';
import { type AllowedHosts, checkHosts } from './hosts.ts';

/** The same, of which nobody gets or changes more than is allowed. */
export function restricted<Options extends Pick<RestOptions, 'write'>>(
  options: Options,
  { hosts }: { readonly hosts: AllowedHosts },
): Options {
  const permitted = (change: Change): Change => ({
    ...change,
    make: (documents) => change.make(documents),
    permit: (before, after) => checkHosts(before.environment, after.environment, hosts),
  });
  return { ...options, write: (change) => options.write(permitted(change)) };
}
