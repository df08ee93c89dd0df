import { leaveAddress, removeAddress } from './adapters/address-file.ts';
import { systemClock } from './adapters/clock.ts';
import { directorySecrets } from './adapters/secrets.ts';
import { addressFile, type Settings, VERSION } from './config.ts';
import type { Controller } from './controller.ts';
import type { Listening } from './gateway/address.ts';
import { type Gateway, type GatewayOptions, startGateway } from './gateway/server.ts';

/** What is served, beside what the settings say. */
export interface Served extends Pick<GatewayOptions, 'metrics' | 'feed' | 'pushes' | 'report'> {
  readonly controller: Pick<Controller, 'status' | 'view' | 'write' | 'notReady' | 'lookNow' | 'look'>;
}

/** Serves the API, and leaves its address for the commands that ask it. Rejects with a Failure when the address can't be had. */
export async function serve(listening: Listening, settings: Settings, { controller, ...parts }: Served): Promise<Gateway> {
  const secrets = directorySecrets(settings.secretsDirectory);
  const gateway = await startGateway({
    ...listening,
    ...parts,
    status: () => controller.status(),
    view: () => controller.view(),
    write: (change) => controller.write(change),
    saveSecret: (name, text) => secrets.write(name, text),
    repository: settings.repository,
    version: VERSION,
    notReady: () => controller.notReady(),
    lookNow: (infrastructures) => controller.lookNow(infrastructures),
    hook: { secret: await hookSecret(settings), look: () => controller.look() },
    clock: systemClock,
    log: parts.feed.log,
  });
  const file = addressFile(settings.stateDirectory, settings.environment);
  leaveAddress(file, gateway.url, settings.environment);
  parts.feed.log.info({ url: gateway.url }, 'listening');
  const close = async () => {
    await gateway.close();
    removeAddress(file);
  };
  return { url: gateway.url, close };
}

/** Rejects with a Failure when there is no such secret: a hook that nobody can call is found out now. */
async function hookSecret({ hookSecret: name, secretsDirectory }: Settings): Promise<(() => Promise<string>) | undefined> {
  if (name === undefined) return undefined;
  const secrets = directorySecrets(secretsDirectory);
  await secrets.read(name);
  return () => secrets.read(name);
}
