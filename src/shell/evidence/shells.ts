const SHELLS = new Set([
  "sh",
  "bash",
  "zsh",
  "dash",
  "ash",
  "ksh",
  "ksh93",
  "mksh",
  "fish",
  "yash",
  "posh",
  "rbash",
  "tcsh",
  "csh",
]);
/** Options of shells that leave them interactive, run together; what runs a command (`-c`) or a file is none of these. */
const INTERACTIVE =
  /^(?:--(?:login|norc|noprofile|posix|noediting|restricted|interactive|no-config|private|no-rcs|no-globalrcs|rcs|verbose)|--(?:rcfile|init-file)[^-]+|[-+][oO][a-zA-Z_]+|[-+][abefhiklmnpqrstuvxBCEHPDIVNXgdy]+)*$/;

/** Arguments are known up to this length. */
const ARGS = 80;

/**
 * Is this process by its name a shell, and by its arguments (run together, undefined: not known) one that takes commands from
 * its terminal?
 */
export function isShell(name: string, args: string | undefined): boolean {
  const plain = name.replace(/^\./, "").replace(/(?:-wrapped|[-\d.]+)$/, "");
  const applet = /^-?(?:.*\/)?busybox(ash|sh|hush)/.exec(args ?? "");
  if (name === "busybox" ? applet === null : !SHELLS.has(plain) && !SHELLS.has(name)) return false;
  if (args === undefined) return true;
  const word = applet ? `busybox${applet[1]}` : name;
  // `-bash`, `/opt/bash/bin/bash`; a path with `-` in it ends at the first such name: in `/bin/bash-c/x/bash` the second is
  // an argument.
  const plainWord = word.replace(/[^\w]/g, "\\$&");
  const path = `(?:[^-]*/)?${plainWord}(?!-\\d)|/.*?/${plainWord}(?![\\w/]|-\\d)`;
  const begins = new RegExp(`^-?(?:${path})`).exec(args);
  // `exec -a` gives any name; a file that it runs instead is open while it does.
  const name0 = begins ?? /^-?[\w.:]*/.exec(args);
  return args.length < ARGS && INTERACTIVE.test(args.slice(name0?.[0].length ?? 0));
}

/** Words that start another command and their options that take a value. */
const WRAPPERS = new Map<string, RegExp>([
  ["command", /^$/],
  ["exec", /^-a$/],
  ["env", /^-[uCS]$/],
  ["nice", /^-n$/],
  ["nohup", /^$/],
  ["stdbuf", /^-[ioe]$/],
  ["busybox", /^$/],
  ["unshare", /^$/],
  ["setsid", /^$/],
]);

/**
 * Does this command, when it works, leave the user in another interactive shell? Only such a command may be joined by a
 * bootstrap: `su`, `sudo -i`, `ssh host`, `bash`, `docker exec -it c sh`, `exec zsh`, `chroot d` …
 */
export function spawnsShell(command: string): boolean {
  const last =
    command
      .trim()
      .split(/\s*(?:;|&&|\|\||\n)\s*/)
      .at(-1) ?? "";
  if (/[|<>&`]/.test(last)) return false;
  return wordsSpawnShell(last.split(/\s+/).filter((word) => word !== ""));
}

function wordsSpawnShell(words: readonly string[]): boolean {
  let rest = words.slice(words.findIndex((word) => !/^\w+=/.test(word)));
  const head = (rest[0] ?? "").replace(/^\\/, "").replace(/^.*\//, "");
  rest = rest.slice(1);
  if (SHELLS.has(head))
    return rest.every((word) =>
      /^(?:-[ilsrpf]+|--(?:login|norc|noprofile|posix|restricted|noediting|interactive|no-config|private|no-rcs|rcs)|-o|\+o|emacs|vi|-N)$/.test(
        word,
      ),
    );
  const valueOption = WRAPPERS.get(head);
  if (valueOption) {
    const inner = skipOptions(rest, valueOption);
    return inner.length > 0 && wordsSpawnShell(inner.filter((word) => !/^\w+=/.test(word)));
  }
  switch (head) {
    case "su":
      return !rest.some((word) => /^(?:-c|--command)/.test(word));
    case "sudo":
    case "doas": {
      const inner = skipOptions(rest, /^-[A-Za-z]*[ugpChRTDr]$/).filter((word) => !/^\w+=/.test(word));
      if (inner.length > 0) return wordsSpawnShell(inner);
      return rest.some((word) => /^-\w*[is]/.test(word) || word === "--login" || word === "--shell");
    }
    case "ssh":
    case "dbclient":
      return (
        skipOptions(rest, /^-[BbcDEeFIiJLlmOopQRSWwy]$/).length === 1 &&
        !rest.some((word) => /^-\w*[NTfWG]/.test(word))
      );
    case "newgrp":
    case "login":
      return true;
    case "chroot":
      if (skipOptions(rest, /^$/).length === 1) return true;
      return endsInShell(rest);
    case "docker":
    case "podman":
    case "kubectl":
      return rest.some((word) => /^(?:exec|run|debug)$/.test(word)) && endsInShell(rest);
    case "nsenter":
    case "lxc-attach":
    case "machinectl":
      return endsInShell(rest);
    default:
      return false;
  }
}

function endsInShell(words: readonly string[]): boolean {
  return SHELLS.has((words.at(-1) ?? "").replace(/^.*\//, ""));
}

function skipOptions(words: readonly string[], takesValue: RegExp): string[] {
  let index = 0;
  while (index < words.length) {
    const word = words[index] ?? "";
    if (word === "--") return words.slice(index + 1);
    if (!word.startsWith("-") || word === "-") break;
    index += takesValue.test(word) ? 2 : 1;
  }
  return words.slice(index);
}

/** Where such a command leads may be any kind of system: another host, a container, another root. */
export function leadsElsewhere(command: string): boolean {
  return /(?:^|[\s;&/])(?:ssh|dbclient|docker|podman|kubectl|lxc-attach|machinectl|nsenter|chroot)\s/.test(
    command,
  );
}
