import type { Tip } from './adaptation/writer.ts';
import type { Desired } from './desired.ts';

/** What decisions are written on; undefined while nothing is in force. */
export function tipOf({ tip, history, inForce }: Desired): Tip | undefined {
  return inForce && { revision: tip, history, settings: inForce.environment.defaults.adaptation };
}
