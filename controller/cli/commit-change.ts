import { execFileSync } from 'node:child_process';
import type { Environment } from '../../synth/environment.ts';
import { loadEnvironment } from '../../synth/load.ts';
import type { Edit } from '../../synth/source.ts';
import { type CommonOptions, settingsOf } from '../config.ts';
import { ConflictError, Failure, UsageError } from '../errors.ts';
import { repositoryOf } from '../main.ts';
import type { Repository } from '../ports.ts';
import { EXIT } from './exit.ts';
import { interrupted } from './interrupt.ts';

const MOST_TRIES = 5;

/** The documents at the branch's tip; they need not be valid. */
export interface TipDocuments {
  readonly environment: Environment;
  readonly textOf: (path: string) => string | undefined;
}

/** What a command makes of them: a commit, or why there is nothing to do. */
export type CommandChange = { readonly edit: Edit; readonly subject: string; readonly done: string } | { readonly nothing: string };

/** Commits what a person asks for, under that person's name, and says so. `change` throws where it can't be done. */
export async function commitChange(options: CommonOptions, change: (documents: TipDocuments) => CommandChange): Promise<number> {
  const settings = settingsOf(options);
  const signal = interrupted();
  const author = identityOf(settings.repository);
  const repository = await repositoryOf(settings);
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        return await commitOnce(repository, { environment: settings.environment, author, change }, signal);
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
  readonly environment: string;
  readonly author: { readonly name: string; readonly email: string };
  readonly change: (documents: TipDocuments) => CommandChange;
}

async function commitOnce(repository: Repository, { environment, author, change }: Wish, signal: AbortSignal): Promise<number> {
  const tip = await repository.head(signal);
  const files = new Map((await repository.read(tip, `environments/${environment}`, signal)).map((file) => [file.path, file]));
  const textOf = (path: string) => {
    const file = files.get(path);
    return file && new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.content);
  };
  const made = orUsageError(() => change({ environment: loadEnvironment(environment, [...files.values()]), textOf }));
  if ('nothing' in made) {
    process.stdout.write(`${made.nothing}\n`);
    return EXIT.done;
  }
  const revision = await repository.commit([made.edit], { parent: tip, message: `${made.subject}\n`, author }, signal);
  process.stdout.write(`${made.done} in ${made.edit.path}, revision ${revision.slice(0, 10)}\n`);
  return EXIT.done;
}

function orUsageError<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
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
