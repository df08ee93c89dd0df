import picocolors from 'picocolors';
import { LABEL } from '../../constructs/labels.ts';
import type { Manifest } from '../../synth/manifest.ts';
import type { CommonOptions } from '../config.ts';
import { sentence, UsageError } from '../errors.ts';
import { connect } from '../main.ts';
import type { Cluster, LiveObject } from '../ports.ts';
import type { Wanted } from '../wanted.ts';
import { type AtTip, atTip } from './at-tip.ts';
import { EXIT } from './exit.ts';
import { printable } from './table.ts';
import { type TaskTree, type TreeNode, taskTrees } from './tree-nodes.ts';

interface Grown {
  readonly infrastructure: string;
  readonly tasks: readonly TaskTree[];
  /** Why it could not be looked at. */
  readonly reason?: string;
}

/** Shows what each task runs as on the clusters now, down to its pods. Exit code 1 when a cluster can't be asked. */
export async function tree(task: string | undefined, options: CommonOptions & { readonly json?: boolean }): Promise<number> {
  return atTip(options, async (tip) => {
    const name = task === undefined ? undefined : nameOf(task, tip.wanted);
    const grown = await Promise.all(tip.wanted.map((wanted) => grow(wanted, name, tip)));
    const shown = name === undefined ? grown : grown.filter(({ tasks, reason }) => tasks.length > 0 || reason !== undefined);
    process.stdout.write(options.json ? `${JSON.stringify(shown)}\n` : shown.map(printGrown).join('\n'));
    return grown.some(({ reason }) => reason !== undefined) ? EXIT.failed : EXIT.done;
  });
}

function nameOf(asked: string, wanted: readonly Wanted[]): string {
  const tasks = wanted.flatMap((one) => one.tasks);
  const found = tasks.find(({ name, id }) => name === asked || id === asked);
  if (found !== undefined) return found.name;
  throw new UsageError(`Cannot show task '${asked}' as no document declares it: declared are ${tasks.map(({ name }) => name).join(', ')}`);
}

async function grow(wanted: Wanted, task: string | undefined, { settings, signal }: AtTip): Promise<Grown> {
  const { infrastructure, environment, manifests } = wanted;
  const declared = manifests.filter(({ metadata }) => {
    const label = metadata.labels?.[LABEL.task];
    return label !== undefined && (task ?? label) === label;
  });
  try {
    const cluster = await connect(settings, infrastructure);
    try {
      const live = await look(
        cluster,
        declared,
        `${LABEL.environment}=${environment},${LABEL.task}${task === undefined ? '' : `=${task}`}`,
        signal,
      );
      return { infrastructure: infrastructure.name, tasks: taskTrees(declared, live) };
    } finally {
      cluster.close();
    }
  } catch (error) {
    return { infrastructure: infrastructure.name, tasks: [], reason: sentence(error) };
  }
}

/** One list for each kind that tasks are made of, and for what these make. */
async function look(
  cluster: Cluster,
  declared: readonly Manifest[],
  labelSelector: string,
  signal: AbortSignal,
): Promise<readonly LiveObject[]> {
  if (declared.length === 0) return [];
  const kinds = new Map(declared.map(({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }]));
  const wanted = [...kinds.values(), { apiVersion: 'apps/v1', kind: 'ReplicaSet' }, { apiVersion: 'v1', kind: 'Pod' }];
  const lists = await Promise.all(
    wanted.map(async ({ apiVersion, kind }) => {
      const type = await cluster.resource(apiVersion, kind, signal);
      return type === undefined ? [] : (await cluster.list(type, { labelSelector }, signal)).items;
    }),
  );
  return lists.flat();
}

function printGrown({ infrastructure, tasks, reason }: Grown): string {
  const head = picocolors.bold(infrastructure);
  if (reason !== undefined) return `${head}  ${picocolors.red(printable(reason))}\n`;
  const branches = tasks.map(({ task, objects }) => ({ text: picocolors.bold(task), below: objects.map(branchOf) }));
  return `${[head, ...lines(branches)].join('\n')}\n`;
}

interface Branch {
  readonly text: string;
  readonly below: readonly Branch[];
}

function branchOf({ ref, state, reason, children }: TreeNode): Branch {
  const colour = state === 'ready' ? picocolors.green : state === 'failed' ? picocolors.red : picocolors.yellow;
  const where = ref.namespace === undefined ? ref.name : `${ref.namespace}/${ref.name}`;
  const said = reason === '' ? state : `${state}: ${printable(reason)}`;
  return { text: `${ref.kind} ${where}  ${colour(said)}`, below: children.map(branchOf) };
}

/** With lines that lead the eye on a terminal, by indentation elsewhere. */
function lines(branches: readonly Branch[], lead = ''): string[] {
  return branches.flatMap(({ text, below }, at) => {
    const last = at === branches.length - 1;
    const [own, next] = process.stdout.isTTY ? [last ? '└─ ' : '├─ ', last ? '   ' : '│  '] : ['  ', '  '];
    return [`${lead}${own}${text}`, ...lines(below, `${lead}${next}`)];
  });
}
