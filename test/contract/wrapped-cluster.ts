import type { Cluster } from '../../controller/ports.ts';

/** Notes the names of calls that reach the server, but for discovery and watches. */
export function recording(cluster: Cluster, calls: string[]): Cluster {
  return new Proxy(cluster, {
    get:
      (target, name: keyof Cluster) =>
      (...args: never[]) => {
        if (name !== 'resource' && name !== 'watch') calls.push(name);
        return (target[name] as (...all: never[]) => unknown)(...args);
      },
  });
}

/** As a process that is killed at its n-th call, before or after the server heard it: nothing is heard of it afterwards. */
export function dyingAt(cluster: Cluster, last: number, when: 'before' | 'after') {
  let count = 0;
  const dead = () => Promise.reject(new Error('killed'));
  return {
    calls: () => count,
    cluster: new Proxy(cluster, {
      get: (target, name: keyof Cluster) =>
        name === 'watch' || name === 'close'
          ? target[name].bind(target)
          : async (...args: never[]) => {
              count += 1;
              if (count > last || (count === last && when === 'before')) return await dead();
              const answer = await (target[name] as (...all: never[]) => unknown)(...args);
              return count >= last && when === 'after' ? await dead() : answer;
            },
    }),
  };
}
