/** Scripts that complete snoboot's commands and options in a shell, made from the table of commands. */
import type { Command } from 'commander';
import type { Shell } from './options.ts';

interface Flag {
  /** `--output` and, where there is one, `-o`. */
  names: string[];
  about: string;
  takesValue: boolean;
  /** All values that are possible; empty: any. */
  choices: readonly string[];
}

interface Verb {
  /** As typed: `deploy`, `lab up`. */
  name: string;
  about: string;
  flags: Flag[];
}

export function completionScript(shell: Shell, root: Command): string {
  const verbs = root.commands.flatMap((command) => verbsOf(command, ''));
  return { bash, zsh, fish }[shell](verbs);
}

function verbsOf(command: Command, above: string): Verb[] {
  const name = `${above}${command.name()}`;
  if (command.commands.length > 0) return command.commands.flatMap((below) => verbsOf(below, `${name} `));
  const flags = command.options.map((option) => ({
    names: [option.long, option.short].filter((one) => one !== undefined),
    about: option.description,
    takesValue: option.required,
    choices: option.argChoices ?? [],
  }));
  return [{ name, about: command.description(), flags: [...flags, HELP] }];
}

const HELP: Flag = { names: ['--help', '-h'], about: 'display help for command', takesValue: false, choices: [] };

const firstWords = (verbs: Verb[]): string[] => [...new Set(verbs.map(({ name }) => name.split(' ')[0]!))];
const inGroups = (verbs: Verb[]): Verb[] => verbs.filter(({ name }) => name.includes(' '));
const longest = ({ names }: Flag): string => names[0]!;

function bash(verbs: Verb[]): string {
  const values = verbs.flatMap(({ name, flags }) =>
    flags.flatMap(({ names, choices }) =>
      choices.length > 0 ? names.map((flag) => `    '${name} ${flag}') words='${choices.join(' ')}' ;;`) : [],
    ),
  );
  const second = inGroups(verbs).map(({ name }) => `    '${name.split(' ')[0]!}') words='${name.split(' ')[1]!}' ;;`);
  const options = verbs.map(({ name, flags }) => `    '${name}') words='${flags.map(longest).join(' ')}' ;;`);
  return `# bash completion of snoboot: source <(snoboot completion bash)
_snoboot() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb=\${COMP_WORDS[1]} words=''
  [ "$verb" = lab ] && [ "$COMP_CWORD" -gt 2 ] && verb="lab \${COMP_WORDS[2]}"
  case "$verb $prev" in
${values.join('\n')}
  esac
  [ -z "$words" ] && [ "$COMP_CWORD" -eq 1 ] && words='${[...firstWords(verbs), '--help', '--version'].join(' ')}'
  [ -z "$words" ] && [ "$COMP_CWORD" -eq 2 ] && case "$verb" in
${second.join('\n')}
  esac
  [ -z "$words" ] && [[ $cur == -* ]] && case "$verb" in
${options.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _snoboot snoboot
`;
}

function zsh(verbs: Verb[]): string {
  const first = firstWords(verbs).map((word) => {
    const about = verbs.find(({ name }) => name === word)?.about ?? `commands of ${word}`;
    return `    ${quoted(`${word}:${about}`)}`;
  });
  const cases = verbs.map(
    ({ name, flags }) => `    ${quoted(name)}) _arguments -s ${flags.map(zshFlag).join(' ')} '*:file:_files' ;;`,
  );
  const second = inGroups(verbs).map(({ name }) => {
    const [group = '', word = ''] = name.split(' ');
    return `  if [[ $CURRENT -eq 3 && $words[2] == ${group} ]]; then compadd ${word}; return; fi\n`;
  });
  return `#compdef snoboot
# zsh completion of snoboot: source <(snoboot completion zsh)
_snoboot() {
  local -a commands=(
${first.join('\n')}
  )
  if [[ $CURRENT -eq 2 ]]; then _describe command commands; return; fi
${second.join('')}  local verb=$words[2]
  [[ $verb == lab ]] && { verb="lab $words[3]"; shift words; (( CURRENT-- )) }
  shift words; (( CURRENT-- ))
  case $verb in
${cases.join('\n')}
  esac
}
compdef _snoboot snoboot
`;
}

function zshFlag({ names, about, takesValue, choices }: Flag): string {
  const text = about.replace(/[[\]:]/g, '\\$&');
  const value = choices.length > 0 ? `:value:(${choices.join(' ')})` : takesValue ? ':value:_files' : '';
  return names.map((name) => quoted(`*${name}[${text}]${value}`)).join(' ');
}

function fish(verbs: Verb[]): string {
  const first = firstWords(verbs).map((word) => {
    const about = verbs.find(({ name }) => name === word)?.about ?? `commands of ${word}`;
    return `complete -c snoboot -f -n __fish_use_subcommand -a ${word} -d ${quoted(about)}`;
  });
  const second = inGroups(verbs).map(({ name, about }) => {
    const [group = '', word = ''] = name.split(' ');
    return `complete -c snoboot -f -n '__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${word}' -a ${word} -d ${quoted(about)}`;
  });
  const flags = verbs.flatMap(({ name, flags: all }) =>
    all.map(({ names, about, takesValue, choices }) => {
      const [long = '', short] = names;
      const value = choices.length > 0 ? ` -x -a '${choices.join(' ')}'` : takesValue ? ' -r' : '';
      const brief = short === undefined ? '' : ` -s ${short.slice(1)}`;
      const when = `'__fish_seen_subcommand_from ${name.split(' ').at(-1)!}'`;
      return `complete -c snoboot -n ${when} -l ${long.slice(2)}${brief}${value} -d ${quoted(about)}`;
    }),
  );
  return `# fish completion of snoboot: snoboot completion fish | source\n${[...first, ...second, ...flags].join('\n')}\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
