import { formatDuration } from '../../../constructs/spec/units.ts';
import { identity } from '../../../synth/manifest.ts';
import type { Clock, Cluster } from '../../ports.ts';
import { isAwaited } from '../after.ts';
import { kindOf } from '../kinds.ts';
import { createAlarm } from '../watch/alarm.ts';
import type { Live } from '../watch/live.ts';
import type { ObjectHealth } from './health.ts';
import { createStuckPods, type Stuck } from './stuck-pods.ts';

/** What an object's own words don't tell: that it takes too long, and what its pods say meanwhile. A settled cluster costs it nothing. */
export interface Patience {
  /** Told of every object at each change of it; undefined once it is gone. */
  seen(before: Live | undefined, after: Live | undefined): void;
  judge(live: Live): ObjectHealth;
  close(): void;
}

/** Pods are looked at from then on. */
const STUCK_MS = 2_000;
/** As kstatus: a node may turn up until then. */
const UNSCHEDULABLE_MS = 15_000;
/** Not every ingress controller publishes an address. */
const ADDRESS_MS = 30_000;
/** Alarms are set to multiples, so that many objects are one alarm. */
const GRAIN_MS = 250;

interface Waiting {
  readonly sinceMs: number;
  readonly live: Live;
  readonly stuck: Stuck | undefined;
}

export function createPatience(options: { cluster: Cluster; clock: Clock; changed: () => void }): Patience {
  const { clock, changed } = options;
  const waiting = new Map<string, Waiting>();
  const pods = createStuckPods(options);
  let following = false;

  const wake = () => {
    followPods();
    for (const one of waiting.values()) setAlarm(one);
    changed();
  };
  const alarm = createAlarm(clock, wake);
  const setAlarm = ({ sinceMs, live, stuck }: Waiting) => {
    const looks = stuck === undefined ? [] : [STUCK_MS, UNSCHEDULABLE_MS];
    const dues = [live.rollout.timeoutMs, ...looks, ...(isIngress(live) ? [ADDRESS_MS] : [])].map((after) => sinceMs + after);
    const nextMs = Math.min(...dues.filter((due) => due > clock.now()));
    if (Number.isFinite(nextMs)) alarm.set(Math.ceil(nextMs / GRAIN_MS) * GRAIN_MS);
  };
  const followPods = () => {
    const nowMs = clock.now();
    const stuck = [...waiting.values()].flatMap((one) => (one.stuck !== undefined && nowMs - one.sinceMs >= STUCK_MS ? [one.stuck] : []));
    following = stuck.length > 0;
    pods.follow(stuck);
  };

  return {
    seen(before, after) {
      const ref = (after ?? before)?.health.ref;
      if (ref === undefined) return;
      const key = identity(ref);
      const known = waiting.get(key);
      if (after === undefined || after.health.state === 'ready' || after.health.state === 'terminating') {
        if (waiting.delete(key) && following) followPods();
        return;
      }
      const { generation, pods: labels } = after.rollout;
      const isSameChange = known !== undefined && known.live.uid === after.uid && known.live.rollout.generation === generation;
      const stuck = labels === undefined || ref.namespace === undefined ? undefined : { namespace: ref.namespace, labels };
      const one = { sinceMs: isSameChange ? known.sinceMs : clock.now(), live: after, stuck };
      waiting.set(key, one);
      if (!isSameChange) setAlarm(one);
    },
    judge(live) {
      const one = waiting.get(identity(live.health.ref));
      if (one === undefined) return live.health;
      const waitedMs = clock.now() - one.sinceMs;
      const trouble = one.stuck && waitedMs >= STUCK_MS ? pods.troubleOf(one.stuck) : undefined;
      const reason = trouble === undefined ? live.health.reason : `${live.health.reason}: pod ${trouble.pod}: ${trouble.reason}`;
      if (trouble !== undefined && (!trouble.unschedulable || waitedMs >= UNSCHEDULABLE_MS))
        return { ...live.health, state: 'failed', reason };
      if (isIngress(live) && waitedMs >= ADDRESS_MS) return { ...live.health, state: 'ready' };
      const { timeoutMs } = live.rollout;
      if (live.health.state !== 'progressing' || waitedMs < timeoutMs || !isAwaited(kindOf(live.health.ref)))
        return { ...live.health, reason };
      return { ...live.health, state: 'failed', reason: `${reason}, for longer than its health timeout of ${formatDuration(timeoutMs)}` };
    },
    close() {
      alarm.close();
      pods.close();
    },
  };
}

function isIngress({ health }: Live): boolean {
  return kindOf(health.ref) === 'networking.k8s.io/Ingress';
}
