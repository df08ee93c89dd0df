import { execFileSync } from 'node:child_process';
import { setSuspend } from '../../synth/edit.ts';
import type { Environment, Origin } from '../../synth/environment.ts';
import { loadEnvironment } from '../../synth/load.ts';
import { type CommonOptions, settingsOf } from '../config.ts';
import { ConflictError, Failure, sentence, UsageError } from '../errors.ts';
import { repositoryOf } from '../main.ts';
import type { Repository } from '../ports.ts';
import { EXIT } from './exit.ts';
import { interrupted } from './interrupt.ts';

const MOST_TRIES = 5;

/**
 * Commits that an infrastructure or a task is suspended, or is so no longer: one value of its document, by the person who asks. The rest of the
 * documents need not be valid.
 */
export async function suspend(name: string, options: CommonOptions, suspended: boolean): Promise<number> {
  const settings = settingsOf(options);
  const signal = interrupted();
  const author = identityOf(settings.repository);
  const repository = await repositoryOf(settings);
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        return await commitOnce(repository, settings.environment, { name, suspended, author }, signal);
      } catch (error) {
        // Somebody else committed meanwhile: the same change is made on what there is now.
        if (!(error instanceof ConflictError) || tries === MOST_TRIES) throw error;
      }
    }
  } finally {
    await repository.close();
  }
}

interface Wish {
  readonly name: string;
  readonly suspended: boolean;
  readonly author: { readonly name: string; readonly email: string };
}

async function commitOnce(
  repository: Repository,
  environment: string,
  { name, suspended, author }: Wish,
  signal: AbortSignal,
): Promise<number> {
  const tip = await repository.head(signal);
  const files = await repository.read(tip, `environments/${environment}`, signal);
  const { what, origin, now } = find(loadEnvironment(environment, files), name);
  if (now === suspended) {
    process.stdout.write(`${what} is ${suspended ? 'suspended already' : 'not suspended'}\n`);
    return EXIT.done;
  }
  const file = files.find(({ path }) => path === origin.file);
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(file?.content);
  const edits = [{ path: origin.file, content: edited(text, origin, suspended) }];
  const message = `${suspended ? 'Suspend' : 'Resume'} ${what}\n`;
  const revision = await repository.commit(edits, { parent: tip, message, author }, signal);
  process.stdout.write(`${suspended ? 'Suspended' : 'Resumed'} ${what} in ${origin.file}, revision ${revision.slice(0, 10)}\n`);
  return EXIT.done;
}

interface Found {
  /** `infrastructure modena` */
  readonly what: string;
  readonly origin: Origin;
  readonly now: boolean;
}

/** `modena`, or where both have the name `infrastructure/modena` and `task/modena`. */
function find({ name, infrastructures, tasks }: Environment, asked: string): Found {
  const [, kind, bare = asked] = /^(infrastructure|task)\/(.+)$/.exec(asked) ?? [];
  const all = [
    ...[...infrastructures.values()].map((one) => ({
      kind: 'infrastructure',
      names: [one.name, one.original],
      origin: one.origin,
      now: one.suspend,
    })),
    ...[...tasks.values()].map((one) => ({ kind: 'task', names: [one.name, one.id], origin: one.origin, now: one.spec.suspend })),
  ];
  const [found, other] = all.filter((one) => one.names.includes(bare) && (kind ?? one.kind) === one.kind);
  if (other !== undefined) throw new UsageError(`Say which '${bare}' is meant: infrastructure/${bare} or task/${bare}`);
  if (found !== undefined) return { what: `${found.kind} ${found.names[0]}`, origin: found.origin, now: found.now };
  const declared = all.map((one) => `${one.kind}/${one.names[0]}`);
  throw new UsageError(`Cannot find '${asked}' in environment '${name}': declared are ${declared.join(', ') || 'none'}`);
}

function edited(text: string, origin: Origin, suspended: boolean): string {
  try {
    return setSuspend(text, origin, suspended);
  } catch (error) {
    throw new UsageError(sentence(error), { cause: error });
  }
}

/** As git itself would sign a commit of the person who asks. */
function identityOf(repository: string): Wish['author'] {
  const folder = /^(\/|[A-Za-z]:\\)/.test(repository) ? repository : '.';
  try {
    const ident = execFileSync('git', ['-C', folder, 'var', 'GIT_AUTHOR_IDENT'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    const [, name = '', email = ''] = /^(.*) <(.*)> \d+ [+-]\d+\s*$/.exec(ident) ?? [];
    return { name, email };
  } catch (cause) {
    const message = 'Cannot tell who asks: set git config --global user.name and user.email';
    throw new Failure('terminal', message, { cause });
  }
}
