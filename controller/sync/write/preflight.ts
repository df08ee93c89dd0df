import { Failure } from '../../errors.ts';
import type { Cluster, Rule } from '../../ports.ts';
import { inParallel } from '../parallel.ts';
import { stopsAll } from './refusal.ts';
import { isGranted, keyOf, printRights, type Right } from './rights.ts';

/** What is looked at before anything is written: the server's version, and what the credentials may do. */
export interface Preflight {
  /**
   * Rejects (terminal) when the server has no server-side apply, or naming every one of `rights` that is lacking. An administrator
   * is known by one question, others by one for each namespace and right in doubt; what is known is not asked again. `rights` is not
   * even called as long as `from`, what they follow from, is the same as when all of them were there.
   */
  check(infrastructure: string, rights: () => readonly Right[], signal?: AbortSignal, from?: readonly unknown[]): Promise<void>;
  /** Something was refused: rights are asked for again. */
  forget(): void;
}

/** Server-side apply is there for good. */
const OLDEST_MINOR = 22;
const WIDTH = 8;
/** Cannot be the name of a namespace: rules that hold there hold everywhere. */
const NOWHERE = '-';
const EVERYTHING: Right = { verb: '*', group: '*', resource: '*' };

export function createPreflight(cluster: Cluster): Preflight {
  const granted = new Set<string>();
  let isNewEnough = false;
  let mayAll: boolean | undefined;
  let enoughFor: readonly unknown[] | undefined;

  const mayI = async (right: Right, signal: AbortSignal | undefined): Promise<boolean> => {
    const { unlessThere: _, ...resourceAttributes } = right;
    const status = await unlessRefused(cluster.review('SelfSubjectAccessReview', { resourceAttributes }, signal));
    // Where it can't be asked, trying tells.
    return (status as { readonly allowed?: boolean } | undefined)?.allowed ?? true;
  };
  const rulesIn = async (namespace: string, signal: AbortSignal | undefined): Promise<readonly Rule[]> => {
    const status = await unlessRefused(cluster.review('SelfSubjectRulesReview', { namespace }, signal));
    return (status as { readonly resourceRules?: readonly Rule[] } | undefined)?.resourceRules ?? [];
  };

  const grant = async (rights: readonly Right[], signal: AbortSignal | undefined): Promise<void> => {
    const places = new Set(rights.map(({ namespace }) => namespace ?? NOWHERE));
    const doubtful: Right[] = [];
    await inParallel([...places], WIDTH, async (place) => {
      const rules = await rulesIn(place, signal);
      for (const right of rights.filter(({ namespace }) => (namespace ?? NOWHERE) === place)) {
        if (isGranted(right, rules)) granted.add(keyOf(right));
        else doubtful.push(right);
      }
    });
    // A list of rules may be incomplete where more than roles decides.
    await inParallel(doubtful, WIDTH, async (right) => {
      if (await mayI(right, signal)) granted.add(keyOf(right));
    });
  };

  return {
    async check(infrastructure, rights, signal, from) {
      if (enoughFor !== undefined && from?.every((one, index) => one === enoughFor?.[index])) return;
      if (!isNewEnough) refuseOld(infrastructure, await cluster.version(signal));
      isNewEnough = true;
      mayAll ??= await mayI(EVERYTHING, signal);
      const asked = mayAll ? [] : rights().filter((right) => !granted.has(keyOf(right)));
      if (asked.length > 0) await grant(asked, signal);
      const doubted = asked.filter((right) => !granted.has(keyOf(right)));
      const lacking = doubted.length === 0 ? [] : await needed(cluster, doubted, signal);
      if (lacking.length === 0) {
        enoughFor = from ?? enoughFor;
        return;
      }
      const message = `Cannot sync infrastructure '${infrastructure}' as its credentials lack rights: ${printRights(lacking)}: grant them to their user`;
      throw new Failure('terminal', message);
    },
    forget() {
      granted.clear();
      enoughFor = undefined;
      mayAll = undefined;
    },
  };
}

function refuseOld(infrastructure: string, version: string): void {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || Number(major) > 1 || Number(minor) >= OLDEST_MINOR) return;
  const fix = `upgrade it to 1.${OLDEST_MINOR} or newer`;
  throw new Failure(
    'terminal',
    `Cannot sync infrastructure '${infrastructure}' as its API server, ${version}, has no server-side apply: ${fix}`,
  );
}

async function needed(cluster: Cluster, rights: readonly Right[], signal: AbortSignal | undefined): Promise<readonly Right[]> {
  const name = rights.find(({ unlessThere }) => unlessThere !== undefined)?.unlessThere;
  if (name === undefined) return rights;
  const there = await unlessRefused(cluster.get({ apiVersion: 'v1', kind: 'Namespace', name }, signal));
  return there === undefined ? rights : rights.filter(({ unlessThere }) => unlessThere === undefined);
}

async function unlessRefused<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (stopsAll(error)) throw error;
    return undefined;
  }
}
