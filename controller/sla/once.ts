/** Remembers what was made of a list, as long as there is the list. */
export function once<Item, Made>(make: (items: readonly Item[]) => Made): (items: readonly Item[]) => Made {
  const known = new WeakMap<readonly Item[], Made>();
  return (items) => {
    const before = known.get(items);
    if (before !== undefined) return before;
    const made = make(items);
    known.set(items, made);
    return made;
  };
}
