import { shellQuote } from "../../base/shell-quote.ts";
import type { Option, Subcommand } from "../subcommand.ts";

/** One place on the command line: what may be typed behind `ssh-mcp devices`. */
interface Place {
  /** `ssh-mcp devices`. */
  readonly path: string;
  readonly words: readonly Word[];
  /** Names of hosts may be typed there. */
  readonly hosts: boolean;
}

interface Word {
  readonly text: string;
  readonly help: string;
  /** An option that wants a value, of which files are offered. */
  readonly value?: boolean;
}

/** The script that makes `shell` complete the words of `root`; where there is none, files are offered. */
export function completionScript(shell: string, root: Subcommand): string {
  const places = placesOf(root, root.name);
  if (shell === "fish") return fish(root.name, places);
  return shell === "zsh" ? zsh(root.name, places) : bash(root.name, places);
}

function placesOf(command: Subcommand, path: string): Place[] {
  const below = command.subcommands ?? [];
  const choices = (command.arguments ?? []).flatMap(({ choices = [], help }) =>
    choices.map((text) => ({ text, help })),
  );
  const words = [
    ...below.map(({ name, summary }) => ({ text: name, help: summary })),
    ...choices,
    ...(command.options ?? []).flatMap(optionWords),
    { text: "--help", help: "print help" },
  ];
  const hosts = (command.arguments ?? []).some(({ completes }) => completes === "hosts");
  return [{ path, words, hosts }, ...below.flatMap((one) => placesOf(one, `${path} ${one.name}`))];
}

function optionWords({ flags, help }: Option): Word[] {
  const value = flags.includes("<");
  return [...flags.matchAll(/--?[a-z][a-z-]*/g)].map(([text]) => ({ text, help, value }));
}

/** A `case` of a shell that finds the place from the words typed so far. */
const STEPS = (places: readonly Place[]) =>
  places
    .slice(1)
    .map(({ path }) => shellQuote(path))
    .join("|");

const withValue = (places: readonly Place[]) =>
  [
    ...new Set(
      places.flatMap(({ words }) => words.filter(({ value }) => value === true)).map(({ text }) => text),
    ),
  ].join("|");

const CASES = (places: readonly Place[]) =>
  places
    .map(
      ({ path, words }) =>
        `    ${shellQuote(path)}) words=${shellQuote(words.map(({ text }) => text).join(" "))} ;;`,
    )
    .join("\n");

/** Where the words alone are offered nothing is set. */
const HOSTS = (places: readonly Place[]) =>
  places
    .filter(({ hosts }) => hosts)
    .map(({ path }) => shellQuote(path))
    .join("|");

function bash(name: string, places: readonly Place[]): string {
  return `# Completion of ${name} for bash.
_ssh_mcp() {
  local cur=\${COMP_WORDS[COMP_CWORD]} place=${name} word words= before= config=()
  COMPREPLY=()
  case \${COMP_WORDS[COMP_CWORD-1]} in
    ${withValue(places)}) return ;;
  esac
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$place $word" in
      ${STEPS(places)}) place="$place $word" ;;
    esac
    case $before in --config) config=(--config "$word") ;; esac
    before=$word
  done
  case $place in
${CASES(places)}
  esac
  case $place in
    ${HOSTS(places)}) words="$words $("\${COMP_WORDS[0]}" completion hosts "\${config[@]}" 2>/dev/null)" ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _ssh_mcp ${name}
`;
}

function zsh(name: string, places: readonly Place[]): string {
  return `#compdef ${name}
# Completion of ${name} for zsh.
_ssh_mcp() {
  local place=${name} word program=$words[1] before= config=() typed=("\${(@)words[2,CURRENT-1]}") words=
  case \${typed[-1]} in
    ${withValue(places)}) _files; return ;;
  esac
  for word in "\${typed[@]}"; do
    case "$place $word" in
      ${STEPS(places)}) place="$place $word" ;;
    esac
    case $before in --config) config=(--config "$word") ;; esac
    before=$word
  done
  case $place in
${CASES(places)}
  esac
  case $place in
    ${HOSTS(places)}) words="$words $("$program" completion hosts $config 2>/dev/null)" ;;
  esac
  compadd -- \${=words} || _files
}
compdef _ssh_mcp ${name}
`;
}

function fish(name: string, places: readonly Place[]): string {
  const own = places.flatMap(({ path, words }) =>
    words.map(({ text, help, value }) => {
      const [, dashes = "", word = text] = /^(--?)(.+)$/.exec(text) ?? [];
      const what = dashes === "--" ? "-l" : dashes === "-" ? "-s" : "-a";
      const taking = value === true ? " -r -F" : "";
      const at = `-n ${fishQuote(`test (__ssh_mcp_place) = "${path}"`)}`;
      return `complete -c ${name} ${at} ${what} ${word}${taking} -d ${fishQuote(help)}`;
    }),
  );
  const hosts = places
    .filter((place) => place.hosts)
    .map(({ path }) => {
      const at = fishQuote(`test (__ssh_mcp_place) = "${path}"`);
      return `complete -c ${name} -f -n ${at} -a '(__ssh_mcp_hosts)' -d host`;
    });
  return `# Completion of ${name} for fish.
function __ssh_mcp_place
  set -l place ${name}
  for word in (commandline -opc)[2..]
    switch "$place $word"
      case ${places
        .slice(1)
        .map(({ path }) => fishQuote(path))
        .join(" ")}
        set place "$place $word"
    end
  end
  echo $place
end
function __ssh_mcp_hosts
  set -l words (commandline -opc)
  set -l config
  set -l before
  for word in $words
    test "$before" = --config; and set config --config $word
    set before $word
  end
  $words[1] completion hosts $config 2>/dev/null
end
${[...own, ...hosts].join("\n")}
`;
}

function fishQuote(text: string): string {
  return `'${text.replace(/[\\']/g, "\\$&")}'`;
}
