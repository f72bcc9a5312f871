import type { Asked } from "../record/outcome.ts";

/** Ends of shell prompts: sh, root, csh, zsh frameworks, fish; the arrows of the powerline fonts. */
const PROMPT_END = /[$#%>❯➜»λ~⟩›\ue0b0-\ue0d4]\s?$/u;

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
 * and framework arrows need a path or be alone in the row, since `switch#` and `user@router>` are network CLIs.
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
): Exclude<Asked, "shell" | "continuation" | "line" | "question" | "text"> | undefined {
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
