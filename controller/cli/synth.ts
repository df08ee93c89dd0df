import { synthesizeDirectory } from '../../synth/main.ts';
import { EXIT } from './program.ts';

/** Writes `<out>/<environment>/<infrastructure>/<dock>.k8s.yaml`. */
export async function synth(dir: string, options: { readonly environment?: string; readonly out: string }): Promise<number> {
  const { environment, out } = options;
  const written = await synthesizeDirectory({ root: dir, out, ...(environment === undefined ? {} : { environment }) });
  return written ? EXIT.done : EXIT.wrongUse;
}
