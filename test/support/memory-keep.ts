import { parseExposition } from '../../controller/adapters/push/exposition.ts';
import { parseGroupPath } from '../../controller/adapters/push/group-path.ts';
import { PushStore } from '../../controller/adapters/push/store.ts';
import type { Clock, Keep } from '../../controller/ports.ts';

/** The journal of pushes, on a disk that is not there. */
export function memoryKeep(clock: Clock): Keep {
  const store = new PushStore(clock.now() - 1);
  return {
    source: {
      name: 'push',
      samples: async (names, fromMs, toMs) => store.samples(names, fromMs, toMs),
      instant: async () => [],
    },
    push: async (method, groupPath, text) => {
      const samples = method === 'DELETE' ? [] : parseExposition(text);
      store.apply(store.plan(method, parseGroupPath(groupPath), samples, store.stamp(clock.now())));
    },
  };
}
