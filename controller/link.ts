import type { Infrastructure } from '../synth/environment.ts';
import { type Connect, connect } from './connection.ts';
import { Failure } from './errors.ts';
import type { Clock, Cluster, Log, Revision, Secrets } from './ports.ts';
import { createSyncEngine, type SyncEngine } from './sync/engine.ts';

export interface LinkOptions {
  readonly secrets: Secrets;
  readonly connect: Connect;
  readonly isAncestor: (a: Revision, b: Revision) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  /** Something moved on the cluster. */
  readonly changed: () => void;
  /** What was known of the cluster may no longer hold. */
  readonly closed: () => void;
}

/** How long what was refused is not tried again with the same secret: what mends it may be a right on the cluster. */
const REFUSAL_STANDS_MS = 60_000;

/** The way to one cluster: kept while it works and its secret says the same, made anew otherwise. */
export class Link {
  readonly #options: LinkOptions;
  #current: { readonly engine: SyncEngine; readonly cluster: Cluster; readonly secret: string; readonly kubeconfig: string } | undefined;
  /** The secret may have changed since it was read. */
  #secretMoved = true;
  #kubeconfig: string | undefined;
  #refusal: { readonly kubeconfig: string | undefined; readonly error: unknown; readonly untilMs: number } | undefined;
  #afresh = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get engine(): SyncEngine | undefined {
    return this.#current?.engine;
  }

  get cluster(): Cluster | undefined {
    return this.#current?.cluster;
  }

  /** Rejects with a Failure when the secret can't be used, the cluster doesn't answer, or has just refused this very secret. */
  async open(infrastructure: Infrastructure, signal: AbortSignal): Promise<SyncEngine> {
    const secret = secretOf(infrastructure);
    if (this.#afresh) this.close();
    this.#afresh = false;
    if (!this.#secretMoved && this.#current?.secret === secret) return this.#current.engine;
    this.#secretMoved = false;
    this.#kubeconfig = undefined;
    const kubeconfig = await this.#options.secrets.read(secret);
    this.#kubeconfig = kubeconfig;
    if (this.#current?.kubeconfig === kubeconfig) return this.#current.engine;
    this.close();
    this.#throwRefusal(kubeconfig);
    const { clock, log, isAncestor, changed } = this.#options;
    const cluster = await connect(this.#options.connect, infrastructure, kubeconfig, clock, signal);
    const engine = createSyncEngine({ cluster, clock, log, isAncestor });
    engine.onChange(changed);
    this.#current = { engine, cluster, secret, kubeconfig };
    return engine;
  }

  /** What was refused may be granted now; with `afresh` nothing that is open is relied on either. */
  forgive(options: { readonly afresh?: boolean } = {}): void {
    this.#refusal = undefined;
    this.#afresh ||= options.afresh ?? false;
  }

  secretMoved(): void {
    this.#secretMoved = true;
  }

  /** It failed: the next one is a new one, with what the secret says then. */
  drop(refusal: unknown): void {
    this.close();
    this.#secretMoved = true;
    if (refusal === undefined || this.#refusal !== undefined) return;
    this.#refusal = { kubeconfig: this.#kubeconfig, error: refusal, untilMs: this.#options.clock.now() + REFUSAL_STANDS_MS };
  }

  close(): void {
    this.#current?.engine.close();
    this.#current?.cluster.close();
    this.#current = undefined;
    this.#options.closed();
  }

  #throwRefusal(kubeconfig: string): void {
    const refusal = this.#refusal;
    if (refusal?.kubeconfig === kubeconfig && this.#options.clock.now() < refusal.untilMs) throw refusal.error;
    this.#refusal = undefined;
  }
}

function secretOf({ name, credentials }: Infrastructure): string {
  if (credentials !== undefined) return credentials.secret;
  const message = `Infrastructure '${name}' has no credentials yet: name a kubeconfig in spec.credentials.secret`;
  throw new Failure('waiting', message, { afterMs: 60_000 });
}
