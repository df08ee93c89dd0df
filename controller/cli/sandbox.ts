import { writeFileSync } from 'node:fs';
import { startSandbox } from '../sandbox/sandbox.ts';
import { EXIT } from './exit.ts';
import { aborted, interrupted } from './interrupt.ts';

/** Runs the sandbox until it is interrupted. */
export async function sandbox(options: { readonly port?: number; readonly kubeconfig: string }): Promise<number> {
  const signal = interrupted();
  const server = await startSandbox(options.port === undefined ? {} : { port: options.port });
  try {
    writeFileSync(options.kubeconfig, server.kubeconfig, { mode: 0o600 });
  } catch (error) {
    await server.stop();
    throw error;
  }
  process.stdout.write(`Serving ${server.url}\nkubectl --kubeconfig ${options.kubeconfig} get namespaces\n`);
  await aborted(signal);
  await server.stop();
  return EXIT.done;
}
