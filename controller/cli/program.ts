import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../../constructs/spec/units.ts';
import { timeOf } from '../adapters/recording/time.ts';
import { VERSION } from '../config.ts';
import { sentence, systemWords, UsageError } from '../errors.ts';
import { EXIT } from './exit.ts';
import { withListening } from './listening.ts';
import { addTokenCommands } from './token-commands.ts';

/** What the system refuses, it tells in its own words only. */
const SYSTEM_CALLS: Readonly<Record<string, string>> = {
  mkdir: 'create folder',
  open: 'open',
  listen: 'listen on',
  scandir: 'read folder',
  rename: 'write',
  unlink: 'remove',
};

function explain(error: unknown): string {
  const { code, syscall, path, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === undefined || syscall === undefined) return sentence(error);
  const what = path ?? (port === undefined ? '' : `${address}:${port}`);
  return `Cannot ${SYSTEM_CALLS[syscall] ?? syscall} ${what}: ${systemWords(error)}`;
}

/** Runs one command line; resolves with its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
    process.stderr.write(`${explain(error)}\n`);
    if (process.env.ROTTERDAM_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    return error instanceof UsageError ? EXIT.wrongUse : EXIT.failed;
  }
}

/** The whole command line; each command loads its code when it is called, so that `--help` stays quick. */
export function createProgram(exit: (code: number) => void): Command {
  const program = new Command('rotterdam-sync')
    .description('Declares containers, QoS promises and edge devices in git and keeps clusters true to them.')
    .version(VERSION, '--version', 'print the version')
    .showHelpAfterError('(rotterdam-sync COMMAND --help shows an example)')
    .exitOverride();
  const command = (name: string, description: string, example: string) =>
    program.command(name).description(description).exitOverride().addHelpText('after', `\nExample:\n  $ ${example}`);

  command('init [dir]', 'write a small environment to start from', 'rotterdam-sync init my-city').action(async (dir = '.') => {
    exit(await (await import('./init.ts')).init(dir));
  });
  command('validate [dir]', 'check every document under environments/ and print all issues at once', 'rotterdam-sync validate --strict')
    .option('--strict', 'warnings that a document could be rid of are errors, such as literal secrets in git')
    .option('--json', 'print [{file,line,column,severity,code,message}]')
    .action(async (dir = '.', options) => {
      exit(await (await import('./validate.ts')).validate(dir, options));
    });
  command('synth [dir]', 'write the manifests of each infrastructure', 'rotterdam-sync synth --environment modena --out dist')
    .option('--environment <name>', 'only this one')
    .option('--out <dir>', 'where to write', 'dist')
    .action(async (dir = '.', options) => {
      exit(await (await import('./synth.ts')).synth(dir, options));
    });
  withTarget(command('plan', 'show what would change on the clusters', 'rotterdam-sync plan --environment modena'))
    .option('--diff', 'tell each change field by field; needs no right to write, but tells more with it')
    .option('--json', 'print {changes,counts,infrastructures,failed,unseen}')
    .action(async (options) => exit(await (await import('./plan.ts')).plan(options)));
  withTarget(
    command(
      'diff <from> [to]',
      'show what a revision would change against another, without a cluster',
      'rotterdam-sync diff main~1 --environment modena',
    ),
  )
    .option('--json', 'print {changes,counts}')
    .action(async (from, to, options) => exit(await (await import('./diff.ts')).diff(from, to, options)));
  withTarget(command('apply', 'make the clusters as the branch says, once', 'rotterdam-sync apply --environment modena --yes'))
    .option('--diff', 'tell each change field by field before it is made')
    .option('--json', 'print one JSON event per line and a summary')
    .option('--yes', "don't ask")
    .option('--take-over <manager>', 'force the fields that this manager holds; may be repeated', repeated)
    .option('--no-wait', "don't wait until everything is ready")
    .action(async (options) => exit(await (await import('./apply.ts')).apply(options)));
  withListening(
    withKey(
      withTarget(
        command(
          'watch',
          'follow the branch, keep the clusters true to it and the promises kept',
          'rotterdam-sync watch --environment modena --listen 127.0.0.1:8333',
        ),
      ),
    ),
  )
    .addOption(new Option('--interval <duration>', 'how often git is looked at').argParser(durationOption).default(5_000, '5s'))
    .addOption(
      new Option('--evaluate-every <duration>', 'how often agreements are judged').argParser(durationOption).default(15_000, '15s'),
    )
    .option('--json', 'log JSON lines even on a terminal')
    .action(async (options) => exit(await (await import('./watch.ts')).watch(options)));
  withListening(
    withKey(
      withRepository(
        command(
          'serve',
          'serve the API alone: documents are read and written, no cluster is looked after and no promise judged',
          'rotterdam-sync serve --environment modena --listen 127.0.0.1:8333',
        ),
      ),
    ),
  )
    .addOption(new Option('--interval <duration>', 'how often git is looked at').argParser(durationOption).default(5_000, '5s'))
    .option('--json', 'log JSON lines even on a terminal')
    .action(async (options) => exit(await (await import('./serve.ts')).serve(options)));
  withWatch(command('status', 'show what a running watch has seen', 'rotterdam-sync status'))
    .option('--task <name>', 'only this one; may be repeated', repeated)
    .option('--all', 'every row, however many')
    .option('--json', 'print the status as JSON')
    .action(async (options) => exit(await (await import('./status.ts')).status(options)));
  for (const [name, about] of [
    ['suspend', 'commit that an infrastructure or a task is left as it is'],
    ['resume', 'commit that an infrastructure or a task is looked after again'],
  ] as const) {
    withKey(withRepository(command(`${name} <object>`, about, `rotterdam-sync ${name} task/hello --environment modena`))).action(
      async (object: string, options) => exit(await (await import('./suspend.ts')).suspend(object, options, name === 'suspend')),
    );
  }
  for (const [name, state, about] of [
    ['stop', 'stopped', 'commit that an agreement is judged no more, until it is started again'],
    ['start', 'started', 'commit that a stopped agreement is judged again, on what comes from then on'],
  ] as const) {
    const example = `rotterdam-sync ${name} hello_Latency --environment modena`;
    withKey(withRepository(command(`${name} <agreement>`, about, example))).action(async (id: string, options) =>
      exit(await (await import('./agreement.ts')).agreementState(id, options, state)),
    );
  }
  withTarget(
    command('tree [task]', 'show what each task runs as on the clusters, down to its pods', 'rotterdam-sync tree --environment modena'),
  )
    .option('--json', 'print [{infrastructure,tasks}]')
    .action(async (task: string | undefined, options) => exit(await (await import('./tree.ts')).tree(task, options)));
  withTarget(
    command(
      'explain <what>',
      'of an object (<kind>/<name>): where it comes from, who owns its fields, what changed it last. Of a task: how each promise led to what runs, now and for each past change',
      'rotterdam-sync explain hello --environment modena',
    ),
    false,
  )
    .option('--address <url>', 'of a running watch that tells of a task what it knows, without a right on anything else')
    .option('--token-file <file>', 'the token that it asks for (ROTTERDAM_TOKEN)')
    .option('-n, --namespace <name>', 'of the object; default: where the documents have one of that name')
    .option('--json', 'print it as JSON: of an object a list with one entry for each infrastructure')
    .action(async (what: string, options) => {
      if (options.address !== undefined) exit(await (await import('./explain-remotely.ts')).explainRemotely(what, options));
      else if (what.includes('/')) exit(await (await import('./explain.ts')).explain(what, options));
      else exit(await (await import('./explain-task.ts')).explainTask(what, options));
    });
  withRepository(
    command('test-qos [task...]', 'ask the sources what agreements are judged by, now', 'rotterdam-sync test-qos --environment modena'),
  )
    .option('--json', 'print [{agreement,guarantee,queries,series,value,evidenceAt,source,failed,hint}]')
    .action(async (tasks: readonly string[], options) => exit(await (await import('./test-qos.ts')).testQos(tasks, options)));
  command(
    'simulate <qos> [dir]',
    'replay a QoS template over recorded metrics: what would have been decided',
    'rotterdam-sync simulate DeadlinesMissed_1 --series recorded.csv --replicas 4 --svg decisions.svg',
  )
    .option('--series <file>', 'an answer of query_range, OpenMetrics text or CSV; may be repeated', repeated)
    .option('--prometheus <url>', 'a Prometheus that has it')
    .option('--environment <name>', 'the folder under environments/; default: the only one')
    .addOption(new Option('--from <time>', 'RFC 3339 or seconds since 1970; default: where the recording begins').argParser(timeOption))
    .addOption(new Option('--to <time>', 'default: where it ends').argParser(timeOption))
    .addOption(new Option('--step <duration>', 'how often it is judged').argParser(durationOption).default(15_000, '15s'))
    .addOption(new Option('--settle <duration>', 'how long a rollout takes').argParser(durationOption).default(30_000, '30s'))
    .addOption(new Option('--replicas <number>', 'to begin with; default: what the task declares, else 1').argParser(countOption))
    .option('--task <name>', 'whose metrics are meant, where several tasks have them')
    .option('--against <qos>', 'another template, beside the first')
    .option('--svg <file>', 'where to draw a chart')
    .option('--json', 'print [{qos,decisions,violatedSeconds,replicaHours,points,…}]')
    .action(async (qos: string, dir = '.', options) => exit(await (await import('./simulate.ts')).simulate(qos, dir, options)));
  addTokenCommands(
    command('token', 'grant others what they may ask of a watch, and take it back', 'rotterdam-sync token create --scope read'),
    exit,
    { repeated, duration: durationOption },
  );
  withWatch(command('reconcile', 'have a running watch look at the branch and the clusters now', 'rotterdam-sync reconcile'))
    .option('--infrastructure <name>', 'only this one; may be repeated', repeated)
    .option('--json', 'print the status as JSON')
    .action(async (options) => exit(await (await import('./reconcile.ts')).reconcile(options)));
  withWatch(
    command(
      'wait [task...]',
      'wait until the tip of the branch is applied and ready, everywhere or for these tasks',
      'rotterdam-sync wait hello',
    ),
  )
    .addOption(new Option('--for <state>', 'what to wait for').choices(['ready']).default('ready'))
    .addOption(new Option('--timeout <duration>', 'how long').argParser(durationOption).default(300_000, '5m'))
    .action(async (tasks: readonly string[], options) => exit(await (await import('./wait.ts')).wait(tasks, options)));
  command(
    'demo',
    'play the story of a workflow that misses two deadlines, on the embedded sandbox and a repository of its own',
    'rotterdam-sync demo',
  )
    .option('--json', 'print one JSON event per line and a summary')
    .action(async (options) => exit(await (await import('./demo.ts')).demo(options)));
  command('sandbox', 'run a Kubernetes API server in memory', 'rotterdam-sync sandbox --kubeconfig sandbox.kubeconfig')
    .addOption(new Option('--port <number>', 'on 127.0.0.1; default: a free one').argParser(portOption))
    .option('--kubeconfig <file>', 'where to write its kubeconfig', 'sandbox.kubeconfig')
    .action(async (options) => exit(await (await import('./sandbox.ts')).sandbox(options)));
  command(
    'import [dir]',
    "write the original's configuration as documents and secrets, once it has shown which",
    'rotterdam-sync import --config config.json --environment modena',
  )
    .requiredOption('--environment <name>', 'the folder under environments/')
    .option('--config <file>', "Rotterdam's configuration file")
    .option('--env <file>', 'its variables, as NAME=value; they count where both say something')
    .option('--secrets <dir>', 'the secrets directory (ROTTERDAM_SECRETS); default: secrets in the state directory')
    .option('--state <dir>', 'the state directory (ROTTERDAM_STATE); default: .rotterdam')
    .option('--yes', "don't ask")
    .action(async (dir = '.', options) => exit(await (await import('./import.ts')).importOriginal(dir, options)));
  command('schema', 'write the JSON Schemas that editors use', 'rotterdam-sync schema --out schemas')
    .option('--out <dir>', 'where to write', 'schemas')
    .action(async (options) => exit(await (await import('./schema.ts')).schema(options.out)));
  command('completion <shell>', 'print a completion script for bash, zsh or fish', 'source <(rotterdam-sync completion bash)').action(
    async (shell: string) => exit((await import('./completion.ts')).completion(shell, program)),
  );
  return program;
}

/** For commands that ask a running watch. */
function withWatch(command: Command): Command {
  return command
    .option('--address <url>', 'where the watch listens; default: where the last one in this folder said')
    .option('--token-file <file>', 'the token that it asks for (ROTTERDAM_TOKEN)')
    .option('--environment <name>', 'where several are watched in this folder')
    .option('--state <dir>', 'the state directory of the watch (ROTTERDAM_STATE)');
}

function withTarget(command: Command, needsEnvironment = true): Command {
  return withRepository(command, needsEnvironment).option('--infrastructure <name>', 'only this one; may be repeated', repeated);
}

/** For commands that commit. */
function withKey(command: Command): Command {
  return command.option('--signing-key <name>', 'secret with the private key (ssh or gpg) that commits are signed with');
}

function withRepository(command: Command, needsEnvironment = true): Command {
  return command
    .addOption(new Option('--environment <name>', 'the folder under environments/').makeOptionMandatory(needsEnvironment))
    .option('--repository <path or url>', 'the repository', '.')
    .option('--repository-secret <name>', 'secret folder with token, or ssh-key and known_hosts')
    .option('--branch <name>', 'the branch', 'main')
    .option('--secrets <dir>', 'the secrets directory (ROTTERDAM_SECRETS); default: secrets in the state directory')
    .option('--state <dir>', 'cache and journal (ROTTERDAM_STATE); default: .rotterdam');
}

function repeated(name: string, before: readonly string[] = []): readonly string[] {
  return [...before, name];
}

function durationOption(text: string): number {
  try {
    const durationMs = parseDuration(text);
    if (durationMs < 100) throw new Error(`Give at least 100ms: ${text}`);
    return durationMs;
  } catch (error) {
    throw new InvalidArgumentError(sentence(error));
  }
}

function timeOption(text: string): number {
  const atMs = timeOf(text);
  if (atMs === undefined) throw new InvalidArgumentError('Give a time such as 2026-01-31T12:00:00Z, or seconds since 1970.');
  return atMs;
}

function countOption(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0 || text.trim() === '') throw new InvalidArgumentError('Give a whole number, 0 or more.');
  return count;
}

function portOption(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('Give a port between 0 and 65535.');
  return port;
}
