import { describe } from 'vitest';
import { startSandbox } from '../../controller/sandbox/sandbox.ts';
import { startControlPlane } from '../support/controlplane.ts';
import { have } from '../support/parts.ts';
import type { Place } from './cluster-place.ts';

export type Start = () => Place | Promise<Place>;

interface Options {
  readonly sandbox?: Parameters<typeof startSandbox>[0];
  readonly plane?: Parameters<typeof startControlPlane>[0];
}

/** A suite on the sandbox, whose pods are ready after 100 ms, and on a real control plane where there is one. */
export function onBoth(what: string, suite: (start: Start) => void, options: Options = {}): void {
  onSandbox(what, suite, options.sandbox);
  onRealPlane(what, suite, options.plane);
}

export function onSandbox(what: string, suite: (start: Start) => void, options: Options['sandbox'] = { readyDelayMs: 100 }): void {
  describe(`${what}: sandbox`, () => suite(() => startSandbox(options)));
}

export function onRealPlane(what: string, suite: (start: Start) => void, options?: Options['plane']): void {
  describe.skipIf(!have('control plane'))(`${what}: real control plane`, () => suite(() => startControlPlane(options)));
}
