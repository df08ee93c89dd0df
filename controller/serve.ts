import { systemClock } from './adapters/clock.ts';
import { followFiles, keyPair } from './adapters/followed-files.ts';
import { readPage } from './adapters/page-files.ts';
import { directorySecrets } from './adapters/secrets.ts';
import { readSwaggerFile } from './adapters/swagger-files.ts';
import { tlsServers } from './adapters/tls-server.ts';
import { type Settings, VERSION } from './config.ts';
import type { Controller } from './controller.ts';
import { Failure } from './errors.ts';
import type { Door } from './gateway/access/door.ts';
import { parseGrants } from './gateway/access/tokens.ts';
import type { Listening } from './gateway/address.ts';
import { type Gateway, type GatewayOptions, startGateway } from './gateway/server.ts';
import type { Log } from './ports.ts';

/** What is served, beside what the settings say. */
export interface Served extends Pick<GatewayOptions, 'metrics' | 'feed' | 'pushes' | 'report'> {
  readonly controller: Pick<Controller, 'status' | 'view' | 'write' | 'notReady' | 'lookNow' | 'look'>;
}

/** Serves the API. Rejects with a Failure when the address can't be had. */
export async function serve(listening: Listening, settings: Settings, { controller, ...parts }: Served): Promise<Gateway> {
  const secrets = directorySecrets(settings.secretsDirectory);
  const secret = await hookSecret(settings);
  const door = await openDoor(listening, parts.feed.log);
  const started = startGateway({
    ...listening,
    ...parts,
    ...door,
    status: () => controller.status(),
    view: () => controller.view(),
    write: (change) => controller.write(change),
    secrets,
    repository: settings.repository,
    swaggerFile: readSwaggerFile,
    page: readPage(),
    version: VERSION,
    notReady: () => controller.notReady(),
    lookNow: (infrastructures) => controller.lookNow(infrastructures),
    hook: { secret, look: () => controller.look() },
    clock: systemClock,
    log: parts.feed.log,
  });
  const gateway = await started.catch((error) => {
    door.close();
    throw error;
  });
  const { url, slaUrl } = gateway;
  parts.feed.log.info({ url, ...(slaUrl === undefined ? {} : { slaUrl }) }, 'listening');
  const close = async () => {
    await gateway.close();
    door.close();
  };
  return { ...gateway, close };
}

/** What nobody judges is not taken: who pushes it would believe that it counts. */
export async function refuseEvidence(): Promise<never> {
  throw new Failure('waiting', 'Cannot take metrics or violations as no promise is judged here: send them to the watch');
}

/** Reads who is let in, and how, and again when that changes. Rejects with a Failure when it can't be read. */
async function openDoor({ tokensFile, certificateFiles: files }: Listening, log: Log): Promise<Door & { close(): void }> {
  const parts = { clock: systemClock, log };
  const grants =
    tokensFile === undefined ? undefined : await followFiles('tokens', [tokensFile], ([text = '']) => parseGrants(text), parts);
  const certificate = files && (await followFiles('certificate', [files.cert, files.key], keyPair, parts));
  const close = () => {
    grants?.stop();
    certificate?.stop();
  };
  return { grants: grants?.now, tls: certificate && tlsServers(certificate), close };
}

/** Rejects with a Failure when there is no such secret: a hook that nobody can call is found out now. */
async function hookSecret({ hookSecret: name, secretsDirectory }: Settings): Promise<(() => Promise<string>) | undefined> {
  if (name === undefined) return undefined;
  const secrets = directorySecrets(secretsDirectory);
  await secrets.read(name);
  return () => secrets.read(name);
}
