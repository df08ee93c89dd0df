import type { Revision } from '../ports.ts';

/** Something that a commit did; `order` counts commits, as dates of commits prove little. */
export interface Happening {
  readonly revision: Revision;
  readonly atMs: number;
  readonly order: number;
}
