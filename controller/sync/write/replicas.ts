import type { Manifest } from '../../../synth/manifest.ts';
import type { Desired } from '../desired.ts';
import { hashOf } from '../hash.ts';
import type { Live } from '../watch/live.ts';

export const REPLICAS = '.spec.replicas';

/**
 * The object as it is sent while `scaledBy` scales it: with the replicas that it has until another manager owns them, without
 * them from then on. A field that its only owner leaves out is reset, here to 1. Pure.
 */
export function yieldReplicas(desired: Desired, live: Live | undefined, scaledBy: string | undefined): Desired {
  const { manifest } = desired;
  const spec = manifest.spec as { readonly replicas?: unknown } | undefined;
  if (scaledBy === undefined || spec?.replicas === undefined) return desired;
  const { replicas: declared, ...rest } = spec;
  const replicas = live?.health.desired ?? declared;
  const sent: Manifest = { ...manifest, spec: live?.othersReplicas ? rest : { ...rest, replicas } };
  return { ...desired, manifest: sent, hash: hashOf(sent), scaledBy };
}
