import { type Outcome, outcome, worse } from "./match.ts";
import { UNKNOWN } from "./paths.ts";
import type { Running, Span } from "./running.ts";
import { assign } from "./scope.ts";

/** Variables from which programs take code or libraries: what they hold runs inside of others. */
const LOADS =
  /^(?:LD_(?:PRELOAD|AUDIT|LIBRARY_PATH)|DYLD_\w+|BASH_ENV|ENV|PROMPT_COMMAND|SHELLOPTS|BASHOPTS|PS4|PYTHON(?:STARTUP|HOME|INSPECT)|PERL5?(?:OPT|DB)|PERL5LIB|RUBYOPT|RUBYLIB|NODE_OPTIONS|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|GIT_CONFIG\w*|GIT_EXEC_PATH|GIT_TEMPLATE_DIR|GCONV_PATH|TERMINFO|INPUTRC|HISTFILE|CDPATH|FPATH|ZDOTDIR|command_not_found_handle)$/;
/** Variables that hold a command which programs run. */
const COMMANDS =
  /^(?:PAGER|MANPAGER|GIT_PAGER|SYSTEMD_PAGER|EDITOR|VISUAL|GIT_EDITOR|SYSTEMD_EDITOR|SUDO_EDITOR|GIT_SEQUENCE_EDITOR|SUDO_ASKPASS|SSH_ASKPASS|GIT_ASKPASS|GIT_SSH|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|GIT_PROXY_COMMAND|LESSOPEN|LESSCLOSE|BROWSER|RSYNC_RSH|CVS_RSH|TAR_OPTIONS|RIPGREP_CONFIG_PATH|FZF_DEFAULT_COMMAND|KUBE_EDITOR|MANOPT|LESS|MORE)$/;
/** Folders that hold the programs of the system or of oneself; whoever may write there has won already. */
const PROGRAM_FOLDERS =
  /^(?:\/(?:usr(?:\/local)?\/)?s?bin|\/usr\/local\/.+|\/opt\/[^/].*|\/snap\/bin|\/usr\/lib\/.+|~\/.+|\/(?:home|root|Users)\/.+)$/;

/** What comes of giving a variable this value; `text` undefined: it is not known. `lasting`: longer than one command. */
export function ofVariable(
  name: string,
  text: string | undefined,
  running: Running,
  span: Span,
  lasting: boolean,
): Outcome {
  const known = text !== undefined && !text.includes(UNKNOWN) ? text : undefined;
  let result = outcome("read", "sets a variable");
  if (known !== undefined && /\[[^\]]*(?:\$\(|`)/.test(known))
    result = outcome("opaque", "holds a command that arithmetic would run");
  if (name === "PATH") {
    const entries = (text ?? UNKNOWN).split(":");
    const own = entries.indexOf(UNKNOWN);
    // What is behind the folders of before takes the place of no known name.
    const before = own < 0 ? entries : entries.slice(0, own);
    if (
      text === undefined ||
      !before.every((entry) => PROGRAM_FOLDERS.test(entry.replaceAll(UNKNOWN, "x"))) ||
      (own === 0 && entries.length === 1)
    )
      result = worse(result, changed(name, running, lasting));
    else result = worse(result, outcome("write", "changes where programs are looked for"));
  } else if (COMMANDS.test(name)) {
    if (known === undefined) result = worse(result, changed(name, running, lasting));
    else if (/^-|^[A-Z]/.test(known)) result = worse(result, outcome("write"));
    else running.shellText(known, span, { kind: "file" });
  } else if (LOADS.test(name)) {
    if (name === "PROMPT_COMMAND" && known !== undefined) running.shellText(known, span, { kind: "file" });
    else if (!(name === "HISTFILE" || known === "")) result = worse(result, changed(name, running, lasting));
  } else if ((name === "HOME" || name === "IFS" || name === "PWD") && lasting)
    running.scope.environment.add(name);
  if (lasting) assign(running.scope, name, text === undefined || text === UNKNOWN ? undefined : [text]);
  return result;
}

/** Variables that are noted for the values of others alone, and change no program. */
export const ONLY_VALUES: ReadonlySet<string> = new Set(["HOME", "IFS", "PWD"]);

function changed(name: string, running: Running, lasting: boolean): Outcome {
  if (lasting) running.scope.environment.add(name);
  return outcome("opaque", `${name} decides what else runs`);
}
