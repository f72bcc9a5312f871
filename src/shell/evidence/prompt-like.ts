import type { Asked } from "../record/outcome.ts";

/** Ends of shell prompts: sh, root, csh, zsh frameworks, fish. */
const PROMPT_END = /[$#%>❯➜»λ~⟩›]\s?$/u;

/**
 * Does the text left of the cursor look like a shell's prompt? Bracketed paste switched on is a line editor waiting.
 * A progress figure such as `42%` is not a prompt.
 */
export function looksLikePrompt(cursorText: string, bracketedPaste: boolean): boolean {
  if (bracketedPaste) return true;
  if (/(?:^|[\s([])\d{1,3}(?:\.\d+)?%\s?$/.test(cursorText)) return false;
  return PROMPT_END.test(cursorText);
}

/**
 * Is this prompt a Unix shell's and not a router's? Asked only where the inventory does not say. `$` and `%` are; `#`, `>`
 * and framework arrows need a path or stand alone, since `switch#` and `user@router>` are network CLIs.
 */
export function looksLikePosixPrompt(cursorText: string): boolean {
  const row = cursorText.trimEnd();
  if (/^(?:[\w.()-]+\$|.*[\s\])~\w]\$|\$|.*%)$/.test(row)) return true;
  return /(?:^|[\s:\]])(?:~|\/)[^\s]*\]?\s*[#>❯➜»λ]$|^[#❯➜»λ]$/u.test(row) && !/^RP\/\d/.test(row);
}

/** Rows on which a menu or login ends in `>` or `%` without being a shell prompt. */
export const MENU_ROW =
  /\b(?:select|choice|choose|option|menu|enter|answer|login|username|password|continue)\b[^\n]*$/i;

/** Rows that ask for a secret whatever program prints them (sudo, su, ssh, passwd, mysql, gpg …), in the languages of sudo. */
const SECRET =
  /(?:(?:password|passphrase|passcode|passwort|kennwort|mot de passe|verification code|one-time code|otp|wachtwoord|senha|heslo|parola|salasana|\bpin(?=\s*(?:for\b|code\b|[(:：])))\b|contraseña|contrasenya|lösenord|hasło|пароль|密码|密碼|パスワード|암호|비밀번호)[^\n]{0,80}[:：]\s*$/i;
/** `[y/n]`, `(yes/no)`, `(y or n)`, `[confirm]`, a default behind it. */
const CONFIRM =
  /(?:\[(?:y(?:es)?|n(?:o)?)\s*[/|,]\s*(?:y(?:es)?|n(?:o)?|d\/n)\b[^\]]*\]|\(\[?y(?:es)?\]?(?:\s*[/|]\s*| or )\[?n(?:o)?\]?(?:[/|][^)]*)?\)|\[(?:confirm|y(?:es)?|no?)\])\s*(?:[[(](?:y(?:es)?|no?|cancel)[\])])?\s*[:?]?\s*$/i;
const PAGER =
  /(?:--\s?More\s?--|\(END\)|^:$|^lines \d+[-–]\d+|\(press RETURN\)|Press (?:any key|space|enter) to continue|<--- More --->)/i;
const REPL =
  /(?:^>>> ?$|^\.\.\. ?$|^In \[\d+\]: ?$|^(?:mysql|MariaDB[^>]*|sqlite|postgres|redis[^>]*|ftp|sftp|gdb|lftp[^>]*|irb[^>]*|scala|ghci|node)[ >)]+$|^> ?$|^\w+=[#>] ?$|^(?:[\d.]+:)?\d+> ?$|^\((?:gdb|lldb|i?pdb|dlv)\)$)/i;
const QUESTION = /\?\s*$/;

/** Rows so plain that the text alone is evidence; asked where the kernel cannot be. */
export function askedByText(
  row: string,
): Exclude<Asked, "shell" | "continuation" | "line" | "question"> | undefined {
  const text = row.trimEnd();
  if (SECRET.test(text)) return "password";
  if (CONFIRM.test(text)) return "confirm";
  if (PAGER.test(text.trim())) return "pager";
  if (REPL.test(text.trim())) return "repl";
  return undefined;
}

/** What a program that is known to wait for a line is asking for, judged by its row. */
export function askedByWaitingRow(row: string): Exclude<Asked, "shell" | "continuation"> {
  return askedByText(row) ?? (QUESTION.test(row) || /:\s*$/.test(row) ? "question" : "line");
}

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
