import { existsSync, type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';

/**
 * Calls `moved` when a ref is written, packed or removed, or another branch is checked out. Folders that come and go with refs
 * are followed. Where the system can't watch, nothing is called.
 */
export function watchRef(gitDir: string, ref: string, moved: () => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  const parts = ref.split('/');
  const places = parts.map((name, depth) => ({ folder: join(gitDir, ...parts.slice(0, depth)), names: [name] }));
  places[0]?.names.push('packed-refs', 'HEAD');

  function drop(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  function arm(): void {
    for (const { folder, names } of places) {
      if (!existsSync(folder)) drop(folder);
      else if (!watchers.has(folder)) listen(folder, names);
    }
  }

  function listen(folder: string, names: readonly string[]): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_, name) => {
        if (name !== null && !names.includes(name)) return;
        // A folder that was removed and made again is another one.
        for (const place of places) if (place.folder.startsWith(`${folder}/`)) drop(place.folder);
        arm();
        moved();
      });
      watcher.on('error', () => drop(folder));
      watchers.set(folder, watcher);
    } catch {
      // Gone in between, or no watch left on this machine: the branch is looked at in intervals too.
    }
  }

  arm();
  return () => {
    for (const folder of [...watchers.keys()]) drop(folder);
  };
}
