/** What a COMPSs master knows of a worker: it fails on a port that is no whole number. */
export interface Worker {
  readonly name: string;
  readonly ip: string;
  readonly port: number;
}

export interface Deployed {
  readonly id: string;
  /** All sizes of the set that polls saw, in order, each once in a row. */
  readonly sizes: readonly number[];
  /** Polls as a master does until there are workers; with `count` until there are so many. */
  workers(count?: number): Promise<readonly Worker[]>;
  /** Misses a deadline: the counter, one greater, is added to the group that all masters share. */
  miss(): Promise<void>;
  remove(): Promise<void>;
}

const POLL_MS = 50;
const LONGEST_WAIT_MS = 30_000;

/**
 * A COMPSs master, after what its open client did: it posts the long format without a type, takes `task.id`, polls the deprecated path until
 * `resp` is ok and pods are there, and pushes a Counter named for the task under job `compss`.
 */
export async function deployWorkflow(url: string, workflow: { readonly name: string; readonly dock: string } & object): Promise<Deployed> {
  const base = `${url}/api/v1`;
  const posted = await fetch(`${base}/docks/tasks-compss`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(workflow, null, 2),
  });
  const reply = (await posted.json()) as { resp: string; message: string; task?: { id: string } };
  if (posted.status !== 200 || reply.resp !== 'ok' || reply.task === undefined)
    throw new Error(`Not deployed: ${posted.status} ${reply.message}`);
  const { id } = reply.task;
  if (!/^[a-z][a-z0-9_]*$/.test(id)) throw new Error(`No name of a metric can be made of ${id}`);
  const sizes: number[] = [];
  let missed = 0;
  const push = async () => {
    const metric = `deadlines_missed_${id}`;
    const body = `# HELP ${metric} Total deadlines missed per workflow\n# TYPE ${metric} counter\n${metric} ${missed}.0\n`;
    const pushed = await fetch(`${url}/metrics/job/compss`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; version=0.0.4' },
      body,
    });
    if (pushed.status !== 202) throw new Error(`Not pushed: ${pushed.status}`);
  };
  const poll = async () => {
    const answer = await fetch(`${base}/docks/${workflow.dock}/tasks/${id}`);
    const { resp, task } = (await answer.json()) as { resp: string; task?: { pods?: readonly Worker[] } };
    const pods = answer.status === 200 && resp === 'ok' ? (task?.pods ?? []) : [];
    for (const { name, ip, port } of pods)
      if (!Number.isInteger(port) || ip === '') throw new Error(`${name} can't be reached at ${ip}:${port}`);
    if (pods.length !== sizes.at(-1)) sizes.push(pods.length);
    return pods;
  };
  await push();
  return {
    id,
    sizes,
    workers: async (count) => {
      for (const untilMs = performance.now() + LONGEST_WAIT_MS; performance.now() < untilMs; ) {
        const pods = await poll();
        if (count === undefined ? pods.length > 0 : pods.length === count) return pods;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      throw new Error(`No ${count ?? ''} workers of ${id} in time: ${sizes.join(', ')}`);
    },
    miss: async () => {
      missed += 1;
      await push();
    },
    remove: async () => {
      await fetch(`${base}/docks/${workflow.dock}/tasks/${id}`, { method: 'DELETE' });
    },
  };
}
