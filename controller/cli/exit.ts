/** 0 done, 1 failed, 2 wrong use or invalid documents, 3 `plan` has changes. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2, changes: 3 } as const;
