import { type Command, Option } from 'commander';
import { SCOPES } from '../gateway/access/grant.ts';

export interface Parsers {
  readonly repeated: (one: string, before?: readonly string[]) => readonly string[];
  readonly duration: (text: string) => number;
}

/** `token create`, `token list` and `token revoke`. */
export function addTokenCommands(token: Command, exit: (code: number) => void, { repeated, duration }: Parsers): void {
  const command = (name: string, description: string, example: string) =>
    token
      .command(name)
      .description(description)
      .exitOverride()
      .option('--tokens <file>', 'the file that `watch --tokens` reads; default: tokens.yaml in the state directory')
      .option('--state <dir>', 'the state directory (ROTTERDAM_STATE)')
      .addHelpText('after', `\nExample:\n  $ ${example}`);
  command(
    'create',
    'grant something, and print the token for it',
    'rotterdam-sync token create --scope write --dock class --name analytics',
  )
    .addOption(
      new Option('--scope <scope>', 'read; write: tasks, functions, agreements; admin: all the rest')
        .choices([...SCOPES])
        .makeOptionMandatory(),
    )
    .option('--dock <name>', 'only what is of this dock; may be repeated. Default: all', repeated)
    .option('--name <name>', 'whose it is: the author of what is committed')
    .addOption(new Option('--expires-in <duration>', 'how long it is good for, e.g. 90d; default: until it is revoked').argParser(duration))
    .option('--network <cidr>', 'only from this network; may be repeated', repeated)
    .option('--anonymous', 'whoever asks from the network needs no token: for COMPSs masters, which send none')
    .option('--host <name>', 'a name under which it may be asked without a token, beside addresses; may be repeated', repeated)
    .action(async (options) => exit((await import('./token.ts')).createToken(options)));
  command('list', 'show what is granted, and to whom', 'rotterdam-sync token list')
    .option('--json', 'print [{name,scope,docks,networks,anonymous,created,expires}]')
    .action(async (options) => exit((await import('./token.ts')).listTokens(options)));
  command(
    'revoke <name>',
    'take back what was granted; a running watch knows within a second',
    'rotterdam-sync token revoke analytics',
  ).action(async (name: string, options) => exit((await import('./token.ts')).revokeToken(name, options)));
}
