/** Lets one in for each turn of the event loop, in order, so that a thousand who start at once leave room for what else goes on. */
export function createTurns(): () => Promise<void> {
  let last = Promise.resolve();
  return () => {
    last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
    return last;
  };
}
