import { execFileSync } from 'node:child_process';
import type { Environment } from '../../synth/environment.ts';
import { ParseCache } from '../../synth/parse-cache.ts';
import type { Edit } from '../../synth/source.ts';
import type { Author } from '../changes/change.ts';
import { textOf } from '../changes/plan.ts';
import { NO_REQUESTS } from '../changes/requests.ts';
import { ChangeWriter } from '../changes/writer.ts';
import { type CommonOptions, settingsOf } from '../config.ts';
import { Failure, UsageError } from '../errors.ts';
import { repositoryOf } from '../main.ts';
import type { Log } from '../ports.ts';
import { EXIT } from './exit.ts';
import { interrupted } from './interrupt.ts';

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

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
  const writer = new ChangeWriter({
    environment: settings.environment,
    repository,
    cache: new ParseCache(),
    inTurn: (work) => work(),
    tip: async () => ({ revision: await repository.head(signal), requests: NO_REQUESTS }),
    moved: async () => undefined,
    log: SILENT,
  });
  let made: CommandChange | undefined;
  try {
    const { revision } = await writer.write({
      author,
      isUrgent: true,
      make: (documents) => {
        made = orUsageError(() => change({ environment: documents.environment, textOf: (path) => textOf(documents, path) }));
        return { name: '', ...('nothing' in made ? { subject: '', edits: [] } : { subject: made.subject, edits: [made.edit] }) };
      },
    });
    process.stdout.write(said(made, revision));
    return EXIT.done;
  } finally {
    await repository.close();
  }
}

function said(made: CommandChange | undefined, revision: string): string {
  if (made === undefined) return '';
  return 'nothing' in made ? `${made.nothing}\n` : `${made.done} in ${made.edit.path}, revision ${revision.slice(0, 10)}\n`;
}

function orUsageError<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** As git itself would sign a commit of the person who asks. */
function identityOf(repository: string): Author {
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
