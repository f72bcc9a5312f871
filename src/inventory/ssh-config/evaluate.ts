import type { Criterion, Directive, SshConfig, SshOptions } from "./model.ts";
import { matchesHostLine, matchesPatternList } from "./pattern.ts";
import { expandTokens, type Tokens } from "./tokens.ts";

export interface Question {
  /** As typed: what `Host` and `Match originalhost` see. */
  readonly host: string;
  /** A user given beside the name; it goes before any `User`. */
  readonly user?: string;
  readonly port?: number;
  readonly localUser: string;
  /** For `Match exec`; undefined: such a block does not apply. */
  readonly commands?: Commands | undefined;
  /** Tokens that `Match exec` knows beside those of the host itself. */
  readonly tokens?: Tokens;
}

/** What `Match exec` commands came to, and which have to be run before the answer counts. */
export interface Commands {
  readonly ran: ReadonlyMap<string, boolean>;
  readonly wanted: Set<string>;
}

/** What applies to a host, and the lines that might have applied if they could be evaluated. */
export interface Evaluated {
  readonly options: SshOptions;
  readonly unheeded: readonly string[];
}

/** What the configuration says of one host: in file order, the first value wins (ssh_config(5)). */
export function evaluate(config: SshConfig, question: Question): Evaluated {
  const options: SshOptions = {
    ...(question.user === undefined ? {} : { user: question.user }),
    ...(question.port === undefined ? {} : { port: question.port }),
  };
  const unheeded = new Set<string>();
  walk(config.directives, true, true, { question, options, unheeded });
  return { options, unheeded: [...unheeded] };
}

interface Walk {
  readonly question: Question;
  readonly options: SshOptions;
  readonly unheeded: Set<string>;
}

/** `reachable` is false below an Include in a block that does not apply: there no Host line can switch back on. */
function walk(
  directives: readonly Directive[],
  startActive: boolean,
  reachable: boolean,
  walking: Walk,
): void {
  const { question, options } = walking;
  let active = startActive;
  for (const directive of directives) {
    switch (directive.kind) {
      case "host":
        active = reachable && matchesHostLine(question.host, directive.patterns);
        break;
      case "match":
        active = reachable && applies(directive.criteria, walking);
        break;
      case "include":
        for (const file of directive.files) walk(file, active, reachable && active, walking);
        break;
      case "set":
        if (active) directive.apply(options);
        break;
    }
  }
}

/** In the order of the line, so that a command runs only where all before it holds. */
function applies(criteria: readonly Criterion[], { question, options, unheeded }: Walk): boolean {
  const open: string[] = [];
  for (const criterion of criteria) {
    if (criterion.kind === "never") open.push(`${criterion.at}: a Match block with "${criterion.what}"`);
    else if (criterion.kind === "exec" && question.commands === undefined)
      open.push(
        `${criterion.at}: a Match block with "exec" (settings.ssh_config: {exec: true} in hosts.yaml allows it)`,
      );
    else if (!holds(criterion, question, options)) return false;
  }
  for (const one of open) unheeded.add(one);
  return open.length === 0;
}

function holds(criterion: Criterion, question: Question, options: SshOptions): boolean {
  switch (criterion.kind) {
    case "never":
      return false;
    case "exec": {
      const command = expandTokens(criterion.command, execTokens(question, options));
      const ran = question.commands?.ran.get(command);
      if (ran === undefined) question.commands?.wanted.add(command);
      return (ran ?? false) !== criterion.negated && ran !== undefined;
    }
    case "all":
      return !criterion.negated;
    case "user":
      return matchesPatternList(options.user ?? question.localUser, criterion.list) !== criterion.negated;
    case "originalhost":
    case "host": {
      const name =
        criterion.kind === "host" && options.hostname !== undefined
          ? expandTokens(options.hostname, { h: question.host })
          : question.host;
      return matchesPatternList(name.toLowerCase(), criterion.list.toLowerCase()) !== criterion.negated;
    }
  }
}

/** As far as the lines before it have set them (ssh_config(5), TOKENS). */
function execTokens({ host, localUser, tokens = {} }: Question, options: SshOptions): Tokens {
  const name = options.hostname === undefined ? host : expandTokens(options.hostname, { h: host });
  const user = options.user ?? localUser;
  return { ...tokens, h: name, n: host, p: String(options.port ?? 22), r: user, u: localUser };
}
