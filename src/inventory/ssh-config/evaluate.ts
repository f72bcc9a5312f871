import type { Criterion, Directive, SshConfig, SshOptions } from "./model.ts";
import { matchesHostLine, matchesPatternList } from "./pattern.ts";
import { expandTokens } from "./tokens.ts";

export interface Question {
  /** As typed: what `Host` and `Match originalhost` see. */
  readonly host: string;
  /** A user given beside the name; it goes before any `User`. */
  readonly user?: string;
  readonly port?: number;
  readonly localUser: string;
}

/** What the configuration says of one host: in file order, the first value wins (ssh_config(5)). */
export function evaluate(config: SshConfig, question: Question): SshOptions {
  const options: SshOptions = {
    ...(question.user === undefined ? {} : { user: question.user }),
    ...(question.port === undefined ? {} : { port: question.port }),
  };
  walk(config.directives, true, true, question, options);
  return options;
}

/** `reachable` is false below an Include in a block that does not apply: there no Host line can switch back on. */
function walk(
  directives: readonly Directive[],
  startActive: boolean,
  reachable: boolean,
  question: Question,
  options: SshOptions,
): void {
  let active = startActive;
  for (const directive of directives) {
    switch (directive.kind) {
      case "host":
        active = reachable && matchesHostLine(question.host, directive.patterns);
        break;
      case "match":
        active = reachable && directive.criteria.every((criterion) => holds(criterion, question, options));
        break;
      case "include":
        for (const file of directive.files) walk(file, active, reachable && active, question, options);
        break;
      case "set":
        if (active) directive.apply(options);
        break;
    }
  }
}

function holds(criterion: Criterion, question: Question, options: SshOptions): boolean {
  switch (criterion.kind) {
    case "never":
      return false;
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
