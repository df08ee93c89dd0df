import type { FunctionStatus } from './status.ts';

export function functionStatus({ id, name, dock, infrastructure }: Omit<FunctionStatus, 'state' | 'reason'>): FunctionStatus {
  return { id, name, dock, infrastructure, state: 'waiting', reason: 'no serverless engine runs functions yet' };
}
