import type { Facts, Rule } from './facts.ts';
import { failed, progressing, READY, type Verdict } from './verdict.ts';

export const OTHERS: Readonly<Record<string, Rule>> = {
  '/Namespace': ({ status }) => (status.phase === 'Active' ? READY : progressing(`is ${status.phase ?? 'not yet Active'}`)),
  '/PersistentVolumeClaim': claim,
  'policy/PodDisruptionBudget': budget,
  'autoscaling/HorizontalPodAutoscaler': autoscaler,
  'apiextensions.k8s.io/CustomResourceDefinition': definition,
  'apiregistration.k8s.io/APIService': apiService,
  'serving.knative.dev/Service': knative,
  'serving.knative.dev/Route': knative,
  'serving.knative.dev/Configuration': knative,
};

/** Kinds without a rule: the condition that custom resources share, else there is nothing to wait for. */
export function byReadyCondition({ condition }: Facts): Verdict {
  const ready = condition('Ready');
  return ready === undefined || ready.status === 'True' ? READY : progressing(ready.message ?? 'not ready');
}

function claim({ status }: Facts): Verdict {
  if (status.phase === 'Lost') return failed('is Lost: its volume is gone');
  return status.phase === 'Bound' ? READY : progressing(`is ${status.phase ?? 'Pending'}, not Bound`);
}

function budget({ status, condition }: Facts): Verdict {
  const allowed = condition('DisruptionAllowed');
  if (allowed?.reason === 'SyncFailed') return failed(allowed.message ?? 'it cannot be kept');
  return status.observedGeneration === undefined ? progressing('not yet observed') : READY;
}

/** A metric may come late, as that of a new pod does; a target or a metric that can't be is a failure. Only v2 tells by conditions. */
function autoscaler({ status, condition }: Facts): Verdict {
  if (status.conditions === undefined) return status.desiredReplicas === undefined ? progressing('not yet observed') : READY;
  const able = condition('AbleToScale');
  if (able?.status === 'False' && !/^Backoff/.test(able.reason ?? '')) return failed(able.message ?? 'it cannot scale its target');
  const active = condition('ScalingActive');
  if (active?.status !== 'False' || active.reason === 'ScalingDisabled') return READY;
  const message = active.message ?? 'it has no metrics';
  return /^FailedGet/.test(active.reason ?? '') ? progressing(message) : failed(message);
}

function definition({ condition, is }: Facts): Verdict {
  const names = condition('NamesAccepted');
  if (names?.status === 'False') return failed(names.message ?? 'its names are taken');
  return is('Established') ? READY : progressing('not yet established');
}

function apiService({ condition, is }: Facts): Verdict {
  return is('Available') ? READY : progressing(condition('Available')?.message ?? 'not yet available');
}

/** `Ready: False` is its last word until something is changed; `Unknown` is under way. */
function knative({ condition, is }: Facts): Verdict {
  const ready = condition('Ready');
  if (ready?.status === 'False') return failed(ready.message ?? ready.reason ?? 'not ready');
  return is('Ready') ? READY : progressing(ready?.message ?? 'not yet observed');
}
