import { stateEdit } from '../../synth/agreement-state.ts';
import type { CommonOptions } from '../config.ts';
import { commitChange } from './commit-change.ts';

/** Commits that an agreement is stopped, or started again, by the person who asks. */
export function agreementState(id: string, options: CommonOptions, state: 'started' | 'stopped'): Promise<number> {
  return commitChange(options, (documents) => {
    const edit = stateEdit(documents, id, state);
    if (edit === undefined) return { nothing: `agreement ${id} is ${state} already` };
    const verb = state === 'started' ? 'Start' : 'Stop';
    return { edit, subject: `${verb} agreement ${id}`, done: `${state === 'started' ? 'Started' : 'Stopped'} agreement ${id}` };
  });
}
