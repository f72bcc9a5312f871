import type { Risk } from "../risk.ts";

/** Takes the place of what is not known of a word: the value of a variable, the output of a command. A private-use character. */
export const UNKNOWN = "\uE000";

/** What is done to the file: its content replaced, added to, or the file itself taken away. */
export type Deed = "replace" | "append" | "delete";

interface PathClass {
  /** Matched against the normalised path. */
  readonly path: RegExp;
  readonly replace: Risk;
  /** Where it differs from `replace`. */
  readonly append?: Risk;
  readonly remove: Risk;
}

/** A short way to write a class of files: those named, and what is below them. */
function below(paths: string, replace: Risk, remove: Risk, append: Risk = replace): PathClass {
  return { path: new RegExp(`^(?:${paths})(?:/|$)`), replace, append, remove };
}

/** The first that matches decides. Sources: hier(7), file-hierarchy(7), sshd(8), bash(1) FILES. */
const CLASSES: readonly PathClass[] = [
  // Files of /dev that keep nothing.
  {
    path: /^\/dev\/(?:null|zero|full|u?random|tty|stdin|stdout|stderr|ptmx|fd\/.*|pts\/.*)$/,
    replace: "read",
    remove: "disruptive",
  },
  below("/dev/(?:shm|mqueue)", "write", "write"),
  below("/dev", "irreversible", "irreversible"),
  // A connection, which bash opens for a name that looks like a file.
  below("/proc/sys|/proc|/sys", "disruptive", "disruptive"),
  // Of one's own, and gone at the next start anyway; the folder itself is everybody's.
  { path: /^\/(?:tmp|var\/tmp|run\/user\/\d+)\/+(?!\.?\*$)[^/]/, replace: "write", remove: "write" },
  below("/tmp|/var/tmp|/run/user", "write", "irreversible"),
  // Who may log in, and as what.
  below(
    "/etc/(?:passwd|shadow|gshadow|group|subuid|subgid|sudoers|sudoers\\.d|pam\\.d|pam\\.conf|security|ssh|fstab|crypttab|ld\\.so\\.preload|nsswitch\\.conf|selinux|master\\.passwd|doas\\.conf|polkit-1|krb5\\.keytab)-?",
    "irreversible",
    "irreversible",
    "disruptive",
  ),
  below("/etc|/private/etc|/usr/local/etc", "disruptive", "irreversible"),
  below("/boot|/efi|/vmlinuz.*|/initrd.*", "irreversible", "irreversible"),
  below("/usr/local/(?:s?bin|share|lib|include|src|man)/+[^*]+", "write", "irreversible"),
  below("/(?:usr/)?(?:bin|sbin|lib|lib32|lib64|libexec)|/usr", "irreversible", "irreversible"),
  below("/var/log/(?:audit|wtmp|btmp|lastlog|journal)", "irreversible", "irreversible"),
  below("/var/log", "irreversible", "irreversible", "write"),
  below("/var/(?:spool/cron|cron)", "disruptive", "irreversible"),
  below("/var/(?:lib|spool|db|mail|backups?)|/var/cache/+[^/]+", "disruptive", "irreversible"),
  below("/run|/var/run|/var/lock", "disruptive", "disruptive"),
  below(
    "/(?:srv|opt|mnt|media|var/www|data|backups?|home|Users|export|workspace|app|var/opt)/+[^*].*",
    "write",
    "irreversible",
  ),
  below("/(?:System|Library|private|Applications)", "disruptive", "irreversible"),
  below("/root", "write", "irreversible"),
  { path: /^\//, replace: "disruptive", remove: "irreversible" },
];

/** Below a home, whoever's: keys and what runs at the next login. */
const OF_A_HOME: readonly PathClass[] = [
  below("\\.ssh/(?:known_hosts(?:\\.old)?)", "write", "irreversible"),
  below("\\.ssh", "disruptive", "irreversible"),
  {
    path: /^\.(?:bash(?:rc|_profile|_login|_logout|_aliases)|profile|login|logout|[ckz]shrc|zshenv|zprofile|zlogin|kshrc|inputrc|xinitrc|xprofile|xsession|pam_environment|rhosts|shosts|forward|netrc|my\.cnf|pgpass|vimrc|exrc|gitconfig|npmrc|pypirc)$/,
    replace: "disruptive",
    remove: "irreversible",
  },
  below(
    "\\.config/(?:systemd|autostart|fish)|\\.(?:gnupg|aws|kube|docker|azure|gcloud|oh-my-zsh)|\\.config/gcloud|Library/LaunchAgents",
    "disruptive",
    "irreversible",
  ),
];

/** What is built again by the tools that made it; its loss is nobody's. */
const REGENERABLE =
  /(?:^|\/)(?:(?:node_modules|__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.tox|\.nox|\.venv|venv|\.eggs|[^/]*\.egg-info|dist|build|target|out|coverage|htmlcov|\.nyc_output|\.next|\.nuxt|\.turbo|\.parcel-cache|\.gradle|\.cache|CMakeFiles|_build)(?:\/[^/.][^/]*)*|[^/]+\.(?:pyc|pyo|o|obj|class|tmp|swp|lock|pid))$/;

/** Is this a name below the folder one is in, that a build makes again? */
function isRegenerable(path: string): boolean {
  const bare = path.replace(/\/+$/, "");
  return /^(?!\/|\.\.)/.test(bare) && REGENERABLE.test(bare) && !/[*?[]/.test(bare);
}

/**
 * What a write to this path comes to, by the place where it is; what a removal comes to with `delete`.
 *
 * `path`: as a shell has it after its expansions, `~` in front for a home; relative names count from `folder`, by default a
 * home. A path of which even the beginning is unknown is `opaque`.
 */
export function classOfPath(path: string, deed: Deed = "replace", folder = "~"): Risk {
  const unknown = path.indexOf(UNKNOWN);
  if (unknown === 0) return deed === "delete" ? "irreversible" : "opaque";
  const known = unknown < 0 ? path : `${path.slice(0, unknown)}x`;
  if (/^\/dev\/(?:tcp|udp)\//.test(known)) return "opaque";
  const full = absolute(known, folder);
  const kept = deed === "append" ? "append" : "replace";
  // What git runs at its next command.
  if (/(?:^|\/)\.git\/(?:hooks|config)(?:\/|$)/.test(full) && deed !== "delete") return "disruptive";
  const home = /^(?:~[^/]*|\/root|\/home\/[^/]+|\/Users\/[^/]+)(?:\/(.*))?$/.exec(full);
  const rest = home?.[1];
  if (home !== null && (rest === undefined || rest === "")) return "irreversible";
  if (rest !== undefined) {
    const own = OF_A_HOME.find((one) => one.path.test(rest));
    if (own !== undefined) return of(own, kept, deed);
    if (full.startsWith("~")) return deed === "delete" && !isRegenerable(path) ? "irreversible" : "write";
  }
  if (deed === "delete" && isRegenerable(path)) return "write";
  const found = CLASSES.find((one) => one.path.test(full));
  return found === undefined ? "write" : of(found, kept, deed);
}

function of(found: PathClass, kept: "append" | "replace", deed: Deed): Risk {
  if (deed === "delete") return found.remove;
  return kept === "append" ? (found.append ?? found.replace) : found.replace;
}

/** Is this the root, a folder right below it that belongs to the system, or one that holds the homes? */
export function isSystemFolder(path: string, folder = "~"): boolean {
  const full = absolute(path.replace(/\/\.?\*+$/, ""), folder);
  return (
    /^\/(?:$|\*)/.test(full) ||
    (/^\/(?:home|opt|root|srv|var|Users)$|^\/(?:bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|usr|System|Library)(?:\/[^/]+)?$|^\/usr\/(?:local\/)?s?bin\/|^\/var\/(?:lib|log|spool|cache|run|mail|db)$/.test(
      full,
    ) &&
      !/^\/usr\/local\/(?!s?bin$|lib$)/.test(full))
  );
}

/** A path from the root or from a home, without `.`, `..` and doubled slashes. */
export function absolute(path: string, folder: string): string {
  const whole = /^[/~]/.test(path) ? path : `${folder}/${path}`;
  const [head = "", ...rest] = whole.split("/");
  const kept: string[] = [];
  for (const part of rest) {
    if (part === "" || part === ".") continue;
    // Above a home of which nothing more is known is the folder of all homes.
    if (part === ".." && kept.length === 0 && head.startsWith("~"))
      return absolute(`/home/${remaining(rest)}`, "/");
    if (part === "..") kept.pop();
    else kept.push(part);
  }
  return kept.length === 0 && head === "" ? "/" : [head, ...kept].join("/");
}

/** What follows the first `..`. */
function remaining(parts: readonly string[]): string {
  return parts.slice(parts.indexOf("..") + 1).join("/");
}
