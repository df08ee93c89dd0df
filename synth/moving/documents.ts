import { defaultsSpec } from '../../constructs/spec/defaults.ts';
import { API_VERSION } from '../../constructs/spec/document.ts';
import type { InfrastructureSpec } from '../../constructs/spec/infrastructure.ts';
import type { Issue } from '../../constructs/spec/issue.ts';
import { kubernetesName } from '../../constructs/spec/names.ts';
import { emitMapping } from '../emit.ts';
import { endpointOf, secretsOf } from '../original/secrets.ts';
import { readFile } from '../read-file.ts';
import { sourceFile } from '../source.ts';
import type { Setting } from './settings.ts';

/** What is to be written: documents by their path within the environment, secrets by their name. */
export interface Moved {
  readonly documents: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly issues: readonly Issue[];
}

/** The documents and secrets that say what `settings` said; of two that say the same, the later counts. Pure. */
export function moveIn(settings: readonly Setting[]): Moved {
  const numbers = [...new Set(settings.filter(isOfCluster).map(({ at }) => at))].sort((a, b) => a - b);
  const clusters = numbers.map((number, index) => {
    const own = settings.filter((setting) => isOfCluster(setting) && setting.at === number);
    return moveCluster(own, index === 0);
  });
  const all = [...clusters, moveDefaults(settings)];
  return {
    documents: new Map(all.flatMap(({ documents }) => [...documents])),
    secrets: new Map(all.flatMap(({ secrets }) => [...secrets])),
    issues: all.flatMap(({ issues }) => issues),
  };
}

function isOfCluster({ moved }: Setting): boolean {
  return moved.key.startsWith('Clusters[].');
}

/** Read as what was posted to `/imec`: what was valid there is here. */
function moveCluster(own: readonly Setting[], isFirst: boolean): Moved {
  const original = originalOf(own);
  const { drafts, problems } = readFile(sourceFile('', JSON.stringify(original, null, 2)), 'infrastructures', 'json');
  // Each field stands in a line of its own.
  const names = Object.keys(original);
  const told = problems.filter(({ code }) => code !== 'secret-in-git' && code !== 'ignored-field');
  const issues = told.map((problem) => {
    const named = own.findLast(({ moved }) => moved.cluster === names[problem.line - 2]);
    return { ...problem, ...placeOf(named ?? own[0]) };
  });
  const [draft] = drafts;
  if (draft?.kind !== 'Infrastructure') return { documents: new Map(), secrets: new Map(), issues };
  const name = kubernetesName(draft.name);
  // What could be read on its way is not used.
  const isSafe = endpointOf(original)?.startsWith('https://') ?? false;
  const secrets = new Map([...secretsOf(name, original)].filter(([secret]) => secret !== name || isSafe));
  const document = { apiVersion: API_VERSION, kind: 'Infrastructure', metadata: { name }, spec: specOf(draft.spec, isFirst) };
  return {
    documents: new Map([[`infrastructures/${name}.yaml`, emitMapping(document)]]),
    secrets,
    issues: [...issues, ...missing(name, draft.spec, secrets, placeOf(own[0]))],
  };
}

/** What would have been posted to `/imec`. Variables alone say neither name nor type. */
function originalOf(own: readonly Setting[]): Readonly<Record<string, unknown>> {
  const fields = own.flatMap(({ moved, value }) => (moved.cluster === undefined ? [] : [[moved.cluster, value] as const]));
  const { name, type, description, ...others }: Record<string, unknown> = Object.fromEntries(fields);
  const title = own.findLast(({ moved }) => moved.key === 'Clusters[].Name')?.value;
  return {
    name: name ?? title ?? 'maincluster',
    type: type ?? (others.openshiftEndPoint ? 'Openshift' : 'Kubernetes'),
    description: description || title,
    ...others,
  };
}

function placeOf(setting: Setting | undefined): Pick<Issue, 'file' | 'line' | 'column'> {
  const { file = '', line = 1, column = 1 } = setting ?? {};
  return { file, line, column };
}

/** Without what is so anyway. */
function specOf({ suspend: _, expose, ...spec }: InfrastructureSpec, isFirst: boolean): object {
  return { ...spec, default: isFirst ? true : undefined, ...(expose === 'clusterIP' ? {} : { expose }) };
}

/** Secrets that the document refers to and nobody gave. */
function missing(
  name: string,
  spec: InfrastructureSpec,
  secrets: ReadonlyMap<string, string>,
  at: Pick<Issue, 'file' | 'line' | 'column'>,
): readonly Issue[] {
  const wanted = [
    { secret: spec.credentials?.secret, what: 'a kubeconfig with a token or a client certificate' },
    { secret: spec.device?.credentials?.secret, what: 'a private key for SSH' },
  ];
  return wanted.flatMap(({ secret, what }): Issue[] => {
    if (secret === undefined || secrets.has(secret)) return [];
    const message = `Put ${what} into the secret '${secret}': infrastructure ${name} is reached by it`;
    return [{ ...at, severity: 'warning', code: 'missing-secret', message }];
  });
}

function moveDefaults(settings: readonly Setting[]): Moved {
  const own = settings.flatMap((setting) => (setting.moved.default === undefined ? [] : [{ ...setting, field: setting.moved.default }]));
  const issues = own.flatMap(({ field, value, file, line, column }): Issue[] => {
    const result = defaultsSpec.shape[field].safeParse(value);
    return result.success
      ? []
      : [{ file, line, column, severity: 'error', code: 'bad-value', message: `${field}: ${result.error.issues[0]?.message}` }];
  });
  const spec = Object.fromEntries(own.map(({ field, value }) => [field, value]));
  const document = { apiVersion: API_VERSION, kind: 'Defaults', metadata: { name: 'defaults' }, spec };
  return { documents: new Map(own.length === 0 ? [] : [['defaults.yaml', emitMapping(document)]]), secrets: new Map(), issues };
}
