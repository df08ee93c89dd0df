import type { Cluster } from '../../controller/ports.ts';

type Call = keyof Cluster;

/** Notes the names of calls that reach the server, but for discovery and watches. */
export function recording(cluster: Cluster, calls: string[]): Cluster {
  return new Proxy(cluster, {
    get:
      (target, name: Call) =>
      (...args: never[]) => {
        if (name !== 'resource' && name !== 'watch') calls.push(name);
        return (target[name] as (...all: never[]) => unknown)(...args);
      },
  });
}

const WRITES: ReadonlySet<Call> = new Set(['apply', 'create', 'replace', 'remove']);

/** As a process that is killed at its n-th write, before or after the server heard it: nothing is heard of any call afterwards. */
export function dyingAt(cluster: Cluster, last: number, when: 'before' | 'after') {
  const written: string[] = [];
  let isDead = false;
  const dead = () => Promise.reject(new Error('killed'));
  return {
    /** The writes that it tried. */
    written: written as readonly string[],
    isDead: () => isDead,
    cluster: new Proxy(cluster, {
      get: (target, name: Call) =>
        name === 'watch' || name === 'close'
          ? target[name].bind(target)
          : async (...args: never[]) => {
              const isLast = !isDead && WRITES.has(name) && written.push(name) === last;
              if (isDead || (isLast && when === 'before')) {
                isDead = true;
                return await dead();
              }
              const answer = (target[name] as (...all: never[]) => Promise<unknown>)(...args);
              await answer.catch(() => undefined);
              if (isLast) isDead = true;
              return isDead ? await dead() : answer;
            },
    }),
  };
}
