import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { EXIT } from './exit.ts';
import { writeSchemas } from './schema.ts';

const SCHEMAS = 'schemas';

/** What `init` writes: the smallest world in which a promise can be made and kept. */
const DOCUMENTS: Readonly<Record<string, { readonly schema?: string; readonly text: string }>> = {
  'environments/city/infrastructures/local.yaml': {
    schema: 'infrastructure',
    text: `apiVersion: rotterdam.dev/v1alpha1
kind: Infrastructure
metadata:
  name: local
spec:
  type: kubernetes
  default: true
  defaultDock: analytics
  credentials:
    secret: local # a kubeconfig: .rotterdam/secrets/local
  pushgateway:
    url: embedded # the controller's own push source: watch --listen 127.0.0.1:8333
`,
  },
  'environments/city/docks/analytics.yaml': {
    schema: 'dock',
    text: `apiVersion: rotterdam.dev/v1alpha1
kind: Dock
metadata:
  name: analytics
spec:
  labels:
    team: analytics
`,
  },
  'environments/city/qos/deadlines.yaml': {
    schema: 'qos-template',
    text: `apiVersion: rotterdam.dev/v1alpha1
kind: QosTemplate
metadata:
  name: deadlines
spec:
  type: app
  maxAllowed: 0
  action: scale_out
  scaleFactor: 1.5
  maxReplicas: 10
  guarantees:
    - name: deadlines_missed
      constraint: deadlines_missed < 1 # the condition that must hold
      kind: counter
`,
  },
  'environments/city/tasks/hello.yaml': {
    schema: 'task',
    text: `apiVersion: rotterdam.dev/v1alpha1
kind: Task
metadata:
  name: hello
spec:
  replicas: 2
  qos:
    - deadlines
  containers:
    - image: nginxinc/nginx-unprivileged:stable
      ports:
        - containerPort: 8080
          hostPort: 80
`,
  },
};

/** Writes a small environment and the schemas that editors use, and has git ignore the secrets; leaves every document alone that is already there. */
export async function init(dir: string): Promise<number> {
  const kept: string[] = [];
  for (const [path, { schema, text }] of Object.entries(DOCUMENTS)) {
    const up = posix.relative(posix.dirname(path), `${SCHEMAS}/${schema}.schema.json`);
    writeNew(dir, path, `# yaml-language-server: $schema=${up}\n${text}`, kept);
  }
  ignore(dir, ['.rotterdam/', 'dist/']);
  mkdirSync(join(dir, '.rotterdam', 'secrets'), { recursive: true, mode: 0o700 });
  writeSchemas(join(dir, SCHEMAS));
  const documents = kept.length > 0 ? `Left as they are: ${kept.join(', ')}. ` : 'Wrote environments/city. ';
  process.stdout.write(`${documents}Wrote ${SCHEMAS}/; git ignores .rotterdam/.
Next:
  put a kubeconfig into .rotterdam/secrets/local, then commit, then
  rotterdam-sync validate
  rotterdam-sync plan --environment city
  rotterdam-sync watch --environment city --listen 127.0.0.1:8333
`);
  return EXIT.done;
}

/** Secrets live below .rotterdam: it must be ignored, whatever is there already. */
function ignore(dir: string, patterns: readonly string[]): void {
  const file = join(dir, '.gitignore');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const missing = patterns.filter((pattern) => !before.split('\n').includes(pattern));
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  if (missing.length > 0) appendFileSync(file, `${gap}${missing.join('\n')}\n`);
}

function writeNew(dir: string, path: string, text: string, kept: string[]): void {
  const file = join(dir, path);
  if (existsSync(file)) {
    kept.push(path);
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
