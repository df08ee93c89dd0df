import type { FastifyInstance, InjectOptions } from 'fastify';
import { Controller } from '../../controller/controller.ts';
import { createServer, type GatewayOptions } from '../../controller/gateway/server.ts';
import type { Clock, Repository } from '../../controller/ports.ts';
import { keptName } from '../../synth/original/secrets.ts';
import { type Answered, undocumented } from './documented.ts';
import { fakeClock } from './fake-clock.ts';
import { gatewayOptions } from './gateway.ts';
import { type MemoryRepository, memoryRepository } from './memory-repository.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what the JSON has
  readonly json: any;
}

export type Call = (
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Answer>;

export interface RestWorld<R extends Repository = MemoryRepository> {
  readonly repository: R;
  readonly controller: Controller;
  readonly server: FastifyInstance;
  /** Rejects when the OpenAPI document doesn't have what is answered. */
  readonly call: Call;
  /** Any request, whatever is answered. */
  ask(request: InjectOptions): Promise<Answered>;
  /** The texts of the environment's files at the tip, by their path within it. */
  files(): Promise<Readonly<Record<string, string>>>;
  /** Kept by who called. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Messages of the branch's commits, oldest first. */
  messages(): Promise<readonly string[]>;
  /** Where it is reached by a port. */
  listen(): Promise<string>;
  stop(): Promise<void>;
}

export const EDGE =
  'apiVersion: rotterdam.dev/v1alpha1\nkind: Infrastructure\nmetadata: {name: edge}\nspec: {type: kubernetes, default: true, defaultDock: class}\n';

function answered(
  { method = 'GET', url }: InjectOptions,
  { statusCode: status, headers, body }: Awaited<ReturnType<FastifyInstance['inject']>>,
): Answered {
  return { method, url: String(url), status, type: headers['content-type']?.toString(), headers, body };
}

function branchOf(files: Readonly<Record<string, string>>): MemoryRepository {
  const repository = memoryRepository();
  repository.add(files);
  return repository;
}

/** Calls below `prefix`, unless they say another; what is there has to be documented below `documented`. */
export function callsTo(server: FastifyInstance, prefix = '/api/v1', documented = prefix): Call {
  return async (method, path, body, headers = {}) => {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const request: InjectOptions = {
      method,
      url: /^\/(api|sla)\//.test(path) ? path : `${prefix}${path}`,
      headers: { host: 'localhost', ...json, ...headers },
    };
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await server.inject(body === undefined ? request : { ...request, payload });
    const type = reply.headers['content-type']?.toString();
    const at = prefix === documented ? String(request.url) : `${documented}${path}`;
    const problem = undocumented({ method, url: at, status: reply.statusCode, type, headers: reply.headers, body: reply.body });
    // Whoever knows no other status than 200 is told errors under it.
    if (problem !== undefined && !headers.prefer?.includes('rotterdam-status=200')) throw new Error(problem);
    return { status: reply.statusCode, headers: reply.headers, json: reply.body === '' ? undefined : JSON.parse(reply.body) };
  };
}

/** The REST API of a controller with a branch in memory, or one that is there already; nothing is connected. `files` are below environments/city. */
export async function restWorld(
  files: Readonly<Record<string, string>> = { 'infrastructures/edge.yaml': EDGE },
  repository = branchOf(files),
  given: Partial<GatewayOptions> = {},
): Promise<RestWorld> {
  const clock = fakeClock();
  const world = restOf(repository, clock, given);
  await clock.settle();
  return world;
}

/** The same of any repository, which is read soon. */
export function restOf<R extends Repository>(repository: R, clock: Clock, given: Partial<GatewayOptions> = {}): RestWorld<R> {
  const secrets = new Map<string, string>();
  let made = 0;
  const options = gatewayOptions({ clock });
  const controller = new Controller({
    environment: 'city',
    repository,
    secrets: { read: async () => '', path: async () => '', watch: () => () => undefined },
    connect: () => {
      throw new Error('Nothing is connected here');
    },
    openSource: () => {
      throw new Error('Nothing is measured here');
    },
    only: [],
    intervalMs: 5_000,
    evaluateEveryMs: 15_000,
    clock,
    log: options.log,
    turn: async () => undefined,
    synced: () => undefined,
    decided: () => undefined,
    refused: () => undefined,
    notifierOf: () => {
      throw new Error('Nobody is notified here');
    },
    notified: () => undefined,
  });
  const server = createServer({
    ...options,
    status: () => controller.status(),
    view: () => controller.view(),
    write: (change) => controller.write(change),
    secrets: {
      keep: async (label, text) => {
        made += 1;
        const name = keptName(label, made.toString(16).padStart(32, '0'));
        secrets.set(name, text);
        return name;
      },
      forget: async (name) => void secrets.delete(name),
    },
    allowedHosts: ['127.0.0.1', 'localhost', 'modena.example', 'prometheus.example'],
    ...given,
  });
  const tipFiles = async () => repository.read(await repository.head(), 'environments/city');
  return {
    repository,
    controller,
    server,
    secrets,
    call: callsTo(server),
    ask: async (request) => answered(request, await server.inject(request)),
    files: async () =>
      Object.fromEntries(
        (await tipFiles()).map(({ path, content }) => [path.replace('environments/city/', ''), Buffer.from(content).toString()]),
      ),
    messages: async () => (await repository.history(await repository.head(), undefined, '')).map(({ message }) => message),
    listen: () => server.listen({ host: '127.0.0.1', port: 0 }),
    stop: async () => {
      await server.close();
      await controller.stop();
    },
  };
}
