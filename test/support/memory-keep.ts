import { parseExposition } from '../../controller/adapters/push/exposition.ts';
import { parseGroupPath } from '../../controller/adapters/push/group-path.ts';
import { printHeader, printRecord, readJournal } from '../../controller/adapters/push/journal-text.ts';
import { PushStore } from '../../controller/adapters/push/store.ts';
import type { Clock, Keep } from '../../controller/ports.ts';

export interface MemoryKeep extends Keep {
  /** Nothing is known any more but what the journal says, as to a process that has just started. */
  reopen(): void;
}

/** The journal of pushes, on a disk that is not there. */
export function memoryKeep(clock: Clock): MemoryKeep {
  let store = new PushStore(clock.now() - 1);
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
    reopen: () => {
      store.forget(clock.now());
      const { header, records } = readJournal([printHeader(store), ...store.records().map(printRecord)].join(''));
      store = new PushStore(header?.sinceMs ?? clock.now());
      for (const record of records) store.apply(record);
    },
  };
}
