import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Infrastructure, Source } from '../synth/environment.ts';
import { leaveAddress, removeAddress } from './adapters/address-file.ts';
import { systemClock } from './adapters/clock.ts';
import { openRepository } from './adapters/git/repository.ts';
import { createCluster } from './adapters/kube/cluster.ts';
import { createMetrics } from './adapters/metrics.ts';
import { createNotifier } from './adapters/notify/notifier.ts';
import { openPushJournal, readPushes } from './adapters/push/journal.ts';
import { directorySecrets } from './adapters/secrets.ts';
import { createTurns } from './adapters/turns.ts';
import { Clerk } from './clerk.ts';
import { addressFile, type Settings } from './config.ts';
import { Controller } from './controller.ts';
import { Failure } from './errors.ts';
import { createFeed } from './feed.ts';
import type { Listening } from './gateway/address.ts';
import type { PushSink } from './gateway/server.ts';
import { inTime } from './in-time.ts';
import type { Cluster, Keep, Log, MetricSource, Repository } from './ports.ts';
import { createReports } from './reports.ts';
import { refuseEvidence, serve } from './serve.ts';
import { Slots, sharing } from './slots.ts';
import { createSources } from './sources.ts';

/** What ends within it after being asked to stop is ended whole; a push that hangs longer is left to the remote, which takes it or doesn't. */
const LONGEST_STOP_MS = 1_500;
/** Over all clusters; the engine sends 8 at once to each. */
const REQUESTS_AT_ONCE = 64;

export interface Running {
  /** Where it listens, when it does. */
  readonly url: string | undefined;
  /** Of the SLA Manager's bare paths, where they have a port of their own. */
  readonly slaUrl: string | undefined;
  readonly controller: Controller;
  stop(): Promise<void>;
}

/** Puts the real parts together and lets the controller run. Rejects with a Failure when the repository or the address can't be had. */
export async function startWatch(
  settings: Settings,
  options: { readonly log: Log; readonly listening?: Listening | undefined },
): Promise<Running> {
  const { listening } = options;
  const feed = createFeed(options.log, systemClock);
  const { log } = feed;
  const repository = await repositoryOf(settings);
  const journal = await openPushJournal({ directory: settings.journalDirectory, clock: systemClock, log });
  const metrics = createMetrics(() => controller.status(), systemClock.now);
  const slots = new Slots(REQUESTS_AT_ONCE, systemClock);
  const controller = new Controller({
    environment: settings.environment,
    repository,
    secrets: directorySecrets(settings.secretsDirectory),
    connect: (infrastructure, kubeconfig) => sharing(clusterOf(infrastructure, kubeconfig), slots),
    openSource: createSources({ embedded: journal.source(), secrets: directorySecrets(settings.secretsDirectory), clock: systemClock }),
    keep: { source: journal.source(), push: journal.push },
    only: settings.infrastructures,
    intervalMs: settings.intervalMs,
    evaluateEveryMs: settings.evaluateEveryMs,
    clock: systemClock,
    log,
    turn: createTurns(),
    synced: metrics.synced,
    decided: metrics.decided,
    refused: metrics.refused,
    notifierOf: createNotifier(directorySecrets(settings.secretsDirectory), systemClock),
    notified: metrics.notified,
  });
  const stopController = async () => {
    await controller.stop();
    await Promise.all([repository.close(), journal.close()]);
  };
  const push: PushSink['push'] = async (method, groupPath, body) => controller.pushed((await journal.push(method, groupPath, body)).names);
  const report = createReports({
    keep: { source: journal.source(), push },
    environment: () => controller.view()?.environment,
    clock: systemClock,
  });
  const parts = { controller, metrics: metrics.text, feed, pushes: { push }, report };
  const gateway = await (listening &&
    serve(listening, settings, parts).catch(async (error) => {
      await stopController();
      throw error;
    }));
  const file = addressFile(settings.stateDirectory, settings.environment);
  if (gateway !== undefined) leaveAddress(file, gateway.url, settings.environment);
  const stop = async () => {
    await gateway?.close();
    if (gateway !== undefined) removeAddress(file);
    await stopController();
  };
  return { url: gateway?.url, slaUrl: gateway?.slaUrl, controller, stop: () => inTime(stop(), systemClock, LONGEST_STOP_MS) };
}

/** The API without a controller: documents are read and written, nothing is synced or judged. Rejects as startWatch does. */
export async function startServe(
  settings: Settings,
  { log, listening }: { readonly log: Log; readonly listening: Listening },
): Promise<Omit<Running, 'controller'>> {
  const feed = createFeed(log, systemClock);
  const repository = await repositoryOf(settings);
  const clerk = new Clerk({ ...settings, repository, clock: systemClock, log: feed.log });
  const stopClerk = async () => {
    await clerk.stop();
    await repository.close();
  };
  const metrics = createMetrics(() => clerk.status(), systemClock.now);
  const parts = { controller: clerk, metrics: metrics.text, feed, pushes: { push: refuseEvidence }, report: refuseEvidence };
  const gateway = await serve(listening, settings, parts).catch(async (error) => {
    await stopClerk();
    throw error;
  });
  const stop = async () => {
    await gateway.close();
    await stopClerk();
  };
  return { url: gateway.url, slaUrl: gateway.slaUrl, stop: () => inTime(stop(), systemClock, LONGEST_STOP_MS) };
}

export async function repositoryOf(settings: Settings): Promise<Repository> {
  ignoredByGit(settings.stateDirectory);
  const { repository, branch, repositorySecret, cacheDirectory, signingKey } = settings;
  return openRepository({
    location: repository,
    branch,
    cacheDirectory,
    secrets: directorySecrets(settings.secretsDirectory),
    secret: repositorySecret,
    signingSecret: signingKey,
    clock: systemClock,
  });
}

/** Rejects with a Failure when the infrastructure has no usable credentials. */
export async function connect(settings: Settings, infrastructure: Infrastructure): Promise<Cluster> {
  const { name, credentials } = infrastructure;
  if (credentials === undefined) throw new Failure('waiting', `Infrastructure '${name}' has no credentials yet`);
  return clusterOf(infrastructure, await directorySecrets(settings.secretsDirectory).read(credentials.secret));
}

function clusterOf({ name, credentials }: Infrastructure, kubeconfig: string): Cluster {
  const secret = credentials === undefined ? {} : { secret: credentials.secret };
  return createCluster({ name, kubeconfig, ...secret, clock: systemClock });
}

/** As a running controller opens them; what was pushed to one, and what it keeps, is read from its journal and left as it is. */
export async function sourcesOf({
  journalDirectory,
  secretsDirectory,
}: Settings): Promise<{ readonly open: (source: Source) => MetricSource; readonly keep: Keep }> {
  const embedded = await readPushes(journalDirectory, systemClock);
  const open = createSources({ embedded, secrets: directorySecrets(secretsDirectory), clock: systemClock });
  return { open, keep: { source: embedded, push: async () => undefined } };
}

/** Kubeconfigs lie there: whatever the repository's own .gitignore says, git must not take them. */
export function ignoredByGit(directory: string): void {
  const file = join(directory, '.gitignore');
  if (existsSync(file)) return;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, '*\n');
}
