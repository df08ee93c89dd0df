import { type Facts, fieldsOf, itemsOf, type Rule } from './facts.ts';
import { failed, progressing, READY, type Verdict } from './verdict.ts';

export const PODS: Readonly<Record<string, Rule>> = { '/Pod': pod };

/** Why a pod will not get ready by itself, or not yet. */
export interface Trouble {
  /** `container web: ImagePullBackOff: Back-off pulling image "x"` */
  readonly reason: string;
  /** A node may turn up soon: only its lasting is a failure. */
  readonly unschedulable: boolean;
}

interface Container {
  readonly name: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number };
  };
  readonly lastState?: Container['state'];
}

function pod(facts: Facts): Verdict {
  const { status, is, condition } = facts;
  if (status.phase === 'Succeeded' || is('Ready')) return READY;
  if (status.phase === 'Failed') return failed(String(status.message ?? status.reason ?? deadContainer(status) ?? 'its containers failed'));
  const trouble = troubleOf(facts);
  if (trouble !== undefined) return trouble.unschedulable ? progressing(trouble.reason) : failed(trouble.reason);
  const unready = condition('Ready');
  return progressing(unready?.message ?? `is ${status.phase ?? 'Pending'}`);
}

/** What keeps a pod from getting ready, with the container and what Kubernetes says of it. */
export function troubleOf({ status, condition }: Facts): Trouble | undefined {
  const broken = containersOf(status).find(({ state }) => STUCK.test(state?.waiting?.reason ?? ''));
  if (broken !== undefined) return { reason: waitingReason(broken), unschedulable: false };
  const scheduled = condition('PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return { reason: `${scheduled.reason ?? 'Unschedulable'}: ${scheduled.message ?? 'no node takes it'}`, unschedulable: true };
}

const STUCK = /BackOff|^Err|Invalid|Error$/;

function waitingReason({ name, state, lastState }: Container): string {
  const { reason = '', message } = state?.waiting ?? {};
  const { exitCode, message: last } = lastState?.terminated ?? {};
  const exit = exitCode === undefined ? '' : ` (exit code ${exitCode}${last === undefined ? '' : `: ${last.trim()}`})`;
  return `container ${name}: ${reason}${message === undefined || message === '' ? '' : `: ${message}`}${exit}`;
}

function deadContainer(status: Facts['status']): string | undefined {
  const dead = containersOf(status).find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
  const { reason = 'Error', exitCode } = dead?.state?.terminated ?? {};
  return dead && `container ${dead.name}: ${reason} (exit code ${exitCode})`;
}

function containersOf(status: Facts['status']): readonly Container[] {
  return [...itemsOf<Container>(status.initContainerStatuses), ...itemsOf<Container>(status.containerStatuses)].map((one) => ({
    ...one,
    name: String(fieldsOf(one).name),
  }));
}
