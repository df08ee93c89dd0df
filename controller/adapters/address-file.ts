import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where a running controller listens, for commands that ask it. */
export function leaveAddress(file: string, url: string, environment: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ url, environment, pid: process.pid })}\n`);
}

export function removeAddress(file: string): void {
  rmSync(file, { force: true });
}
