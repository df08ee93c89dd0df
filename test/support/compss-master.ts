import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a COMPSs master knows of a worker. */
export interface Worker {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
}

export interface Deployed {
  readonly id: string;
  /** All sizes of the set that polls saw, in order, each once in a row. */
  readonly sizes: readonly number[];
  /** Why the last poll saw none. */
  readonly reason: () => string | undefined;
  /** Polls as a master does until there are workers; with `count` until there are so many. */
  workers(count?: number): Promise<readonly Worker[]>;
  /** Misses a deadline: the counter, one greater, is added to the group that all masters share. */
  miss(): Promise<void>;
  remove(): Promise<void>;
}

export interface Answer {
  readonly resp?: string;
  readonly message?: string;
  readonly task?: { readonly id?: string; readonly reason?: string; readonly pods?: readonly Worker[] };
}

type Shape = 'text' | 'whole' | readonly [Shape] | { readonly [field: string]: Shape };

const POD = { name: 'text', ip: 'text', hostIp: 'text', status: 'text', protocol: 'text', port: 'whole', targetPort: 'whole' } as const;
const PORT = { containerPort: 'whole', hostPort: 'whole', protocol: 'text' } as const;
const CONTAINER = { name: 'text', image: 'text', ports: [PORT], command: ['text'], args: ['text'] } as const;
const TEXTS = { dbid: 'text', id: 'text', name: 'text' } as const;
const DEFINITION = {
  ...TEXTS,
  dock: 'text',
  qos: { name: 'text', description: 'text' },
  replicas: 'whole',
  containers: [CONTAINER],
} as const;
const TASK: Shape = {
  ...TEXTS,
  nameSpace: 'text',
  type: 'text',
  status: 'text',
  agreementId: 'text',
  clusterId: 'text',
  masterip: 'text',
  replicas: 'whole',
  taskDefinition: DEFINITION,
  pods: [POD],
};
const ANSWER: Shape = { resp: 'text', method: 'text', message: 'text', caasversion: 'text', url: 'text', task: TASK };

/** An answer as the classes of the open client have it. @throws Error where its JSON library would: what is there is of another type. */
export function readAnswer(json: unknown): Answer {
  check(json, ANSWER, 'answer');
  return json as Answer;
}

function check(value: unknown, shape: Shape, path: string): void {
  if (value === undefined || value === null) return;
  const wrong = () => new Error(`Expected ${JSON.stringify(shape)} at ${path}: ${JSON.stringify(value)}`);
  if (shape === 'text' || shape === 'whole') {
    if (shape === 'text' ? typeof value !== 'string' : !Number.isInteger(value)) throw wrong();
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) throw wrong();
    for (const [at, item] of value.entries()) check(item, shape[0] as Shape, `${path}[${at}]`);
  } else {
    if (typeof value !== 'object' || Array.isArray(value)) throw wrong();
    for (const [field, inner] of Object.entries(shape)) check((value as Record<string, unknown>)[field], inner, `${path}.${field}`);
  }
}

const POLL_MS = 50;
const LONGEST_WAIT_MS = 30_000;

/**
 * A COMPSs master, after what its open client did: it posts the long format without a type, takes `task.id`, polls the deprecated path until
 * `resp` is ok and pods are there, and pushes a Counter named for the task under job `compss` to `pushgateway`.
 */
export async function deployWorkflow(url: string, pushgateway: string, workflow: { readonly dock?: string } & object): Promise<Deployed> {
  const base = `${url}/api/v1`;
  const headers = { 'content-type': 'application/json' };
  const posted = await fetch(`${base}/docks/tasks-compss`, { method: 'POST', headers, body: JSON.stringify(workflow, null, 2) });
  const { resp, message, task: created } = readAnswer(await posted.json());
  if (posted.status !== 200 || resp !== 'ok' || created?.id === undefined) throw new Error(`Not deployed: ${posted.status} ${message}`);
  const { id } = created;
  if (!/^[a-z][a-z0-9_]*$/.test(id)) throw new Error(`No name of a metric can be made of ${id}`);
  const sizes: number[] = [];
  const seen: { reason?: string | undefined } = {};
  let missed = 0;
  const push = async () => {
    const metric = `deadlines_missed_${id}`;
    const body = `# HELP ${metric} Total deadlines missed per workflow\n# TYPE ${metric} counter\n${metric} ${missed}.0\n`;
    const type = { 'content-type': 'text/plain; version=0.0.4' };
    const pushed = await fetch(`${pushgateway}/metrics/job/compss`, { method: 'POST', headers: type, body });
    // The client takes no other for done.
    if (![200, 202].includes(pushed.status)) throw new Error(`Not pushed: ${pushed.status}`);
  };
  const poll = async () => {
    const answer = await fetch(`${base}/docks/${workflow.dock ?? 'class'}/tasks/${id}`);
    const { resp, task } = readAnswer(await answer.json());
    const pods = answer.status === 200 && resp === 'ok' ? (task?.pods ?? []) : [];
    for (const { name, ip } of pods) if (ip === '') throw new Error(`${name} has no address`);
    if (pods.length !== sizes.at(-1)) sizes.push(pods.length);
    seen.reason = task?.reason;
    return pods;
  };
  await push();
  return {
    id,
    sizes,
    reason: () => seen.reason,
    workers: async (count) => {
      for (const untilMs = performance.now() + LONGEST_WAIT_MS; performance.now() < untilMs; ) {
        const pods = await poll();
        if (count === undefined ? pods.length > 0 : pods.length === count) return pods;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      throw new Error(`No ${count ?? ''} workers of ${id} in time: ${sizes.join(', ')}; ${seen.reason}`);
    },
    miss: async () => {
      missed += 1;
      await push();
    },
    remove: async () => {
      await fetch(`${base}/docks/${workflow.dock ?? 'class'}/tasks/${id}`, { method: 'DELETE' });
    },
  };
}

/** Connects to a worker, and resolves with the name that it greets with. */
export async function greet({ ip, port }: Worker): Promise<{ readonly name: string; readonly socket: Socket }> {
  const socket = connect(port, ip);
  const [greeting] = await once(socket, 'data');
  return { name: String(greeting).trim(), socket };
}
