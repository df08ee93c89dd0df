import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { EXIT } from './exit.ts';

/** Prints a script that completes commands and options; it is made from the commands themselves, so it can't fall behind them. */
export function completion(shell: string, program: Command): number {
  const scripts: Readonly<Record<string, (commands: readonly Words[]) => string>> = { bash, zsh, fish };
  const script = scripts[shell];
  if (!script) throw new UsageError(`Name one of bash, zsh and fish: ${shell}`);
  process.stdout.write(script(program.commands.map(wordsOf)));
  return EXIT.done;
}

interface Words {
  readonly name: string;
  readonly description: string;
  /** Commands below it. */
  readonly below: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly { readonly long: string; readonly description: string }[];
}

function wordsOf(command: Command): Words {
  const own = [command, ...command.commands].flatMap((one) => one.options);
  const options = [...new Map(own.flatMap(({ long, description }) => (long ? [[long, { long, description }] as const] : []))).values()];
  const below = command.commands.map((one) => ({ name: one.name(), description: one.description() }));
  return {
    name: command.name(),
    description: command.description(),
    below,
    options: [...options, { long: '--help', description: 'show help' }],
  };
}

function bash(commands: readonly Words[]): string {
  const cases = commands.map(
    ({ name, below, options }) =>
      `    ${name}) words="${[...below.map((one) => one.name), ...options.map(({ long }) => long)].join(' ')}" ;;`,
  );
  return `_rotterdam_sync() {
  local words="${commands.map(({ name }) => name).join(' ')}"
  case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
  esac
  [ "$COMP_CWORD" -eq 1 ] && words="${commands.map(({ name }) => name).join(' ')}"
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _rotterdam_sync rotterdam-sync
`;
}

function zsh(commands: readonly Words[]): string {
  const names = commands.map(({ name, description }) => `    '${name}:${quote(description)}'`);
  const cases = commands.map(
    ({ name, below, options }) =>
      `    ${name}) _values option ${[...below.map((one) => ({ ...one, long: one.name })), ...options].map(({ long, description }) => `'${long}[${quote(description)}]'`).join(' ')} ;;`,
  );
  return `#compdef rotterdam-sync
_rotterdam_sync() {
  local -a commands=(
${names.join('\n')}
  )
  if (( CURRENT == 2 )); then _describe command commands; return; fi
  case $words[2] in
${cases.join('\n')}
  esac
}
compdef _rotterdam_sync rotterdam-sync
`;
}

function fish(commands: readonly Words[]): string {
  const lines = commands.flatMap(({ name, description, below, options }) => [
    `complete -c rotterdam-sync -n __fish_use_subcommand -a ${name} -d '${quote(description)}'`,
    ...below.map(
      (one) => `complete -c rotterdam-sync -n '__fish_seen_subcommand_from ${name}' -a ${one.name} -d '${quote(one.description)}'`,
    ),
    ...options.map(
      (option) =>
        `complete -c rotterdam-sync -n '__fish_seen_subcommand_from ${name}' -l ${option.long.slice(2)} -d '${quote(option.description)}'`,
    ),
  ]);
  return `${lines.join('\n')}\n`;
}

/** Inside single quotes, and inside zsh's brackets. */
function quote(text: string): string {
  return text.replaceAll("'", '’').replaceAll(/[[\]:]/g, ' ');
}
