/**
 * Kinds of deny-lists that tools for shells and agents have published as their defaults, as data: for comparison on the same
 * collections. A list says yes or no to a text; it knows no third answer.
 */
export interface DenyList {
  readonly name: string;
  readonly denies: (text: string) => boolean;
}

/** The handful of patterns that many tools begin with: the root, a disk, a new file system, a fork bomb. */
const SIX_CLASSIC: readonly RegExp[] = [
  /\brm\s+-(?:rf|fr)\s+\/(?:\s|$|\*)/,
  /\bmkfs(?:\.\w+)?\b/,
  /\bdd\s+if=.*of=\/dev\//,
  /:\(\)\s*\{\s*:\|:&\s*\};:/,
  />\s*\/dev\/sd[a-z]/,
  /\b(?:shutdown|reboot|halt|poweroff)\b/,
];

/** Words that sound like harm, wherever they are in the text. */
const BROAD_WORDS: readonly RegExp[] = [
  "rm",
  "rmdir",
  "dd",
  "mkfs",
  "fdisk",
  "parted",
  "shutdown",
  "reboot",
  "halt",
  "poweroff",
  "init",
  "kill",
  "killall",
  "pkill",
  "iptables",
  "ufw",
  "chmod",
  "chown",
  "userdel",
  "passwd",
  "mount",
  "umount",
  "systemctl",
  "service",
  "drop",
  "delete",
  "truncate",
  "format",
].map((word) => new RegExp(`\\b${word}\\b`, "i"));

/** Beginnings of a command, compared with the beginning of the text alone. */
const PREFIXES: readonly string[] = [
  "rm -rf",
  "rm -fr",
  "sudo rm",
  "rm -r",
  "dd ",
  "mkfs",
  "shutdown",
  "reboot",
  "sudo reboot",
  "sudo shutdown",
  "halt",
  "poweroff",
  "git push --force",
  "git push -f",
  "git reset --hard",
  "git clean",
  "kill -9",
  "killall",
  "chmod -R 777",
  "chown -R",
  "curl",
  "wget",
  "eval",
  "systemctl stop",
  "docker system prune",
  "kubectl delete",
  "terraform destroy",
  "DROP ",
  "sudo su",
];

export const DENY_LISTS: readonly DenyList[] = [
  { name: "six classic patterns", denies: (text) => SIX_CLASSIC.some((pattern) => pattern.test(text)) },
  { name: "broad word list", denies: (text) => BROAD_WORDS.some((pattern) => pattern.test(text)) },
  {
    name: "prefix matcher",
    denies: (text) => PREFIXES.some((prefix) => text.trimStart().startsWith(prefix)),
  },
];
