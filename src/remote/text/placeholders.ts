import { SshMcpError } from "../../base/errors.ts";
import { tokensIn } from "../../secrets/mask/token.ts";
import { SHOWN } from "../../secrets/redactor.ts";

/** How a character that misleads is shown. */
const BY_NUMBER = /<U\+([\dA-F]{4,6})>/g;

/**
 * Whoever copies what a result shows would write the word for a secret in the place of its value, and the number of a character
 * in the place of the character. @returns a note where the file is new. @throws SshMcpError `invalid_argument` where it has such
 * a thing and not the word for it.
 */
export function assertNoPlaceholders(added: readonly string[], old: string | undefined): string[] {
  const text = added.join("\n");
  assertNoTokens(text, old);
  const secret = text.includes(SHOWN) && old?.includes(SHOWN) !== true;
  if (secret && old !== undefined)
    throw new SshMcpError(
      "invalid_argument",
      `nothing was written: the text contains ${SHOWN}, which is what results show in place of a secret's value; the file does not contain that word, and would lose the value`,
      "ssh_edit_file changes other lines and leaves that one as it is.",
    );
  for (const [word, hex = ""] of text.matchAll(BY_NUMBER)) {
    const code = Number.parseInt(hex, 16);
    if (code > 0x10ffff || old === undefined || old.includes(word)) continue;
    if (old.includes(String.fromCodePoint(code)))
      throw new SshMcpError(
        "invalid_argument",
        `nothing was written: the text contains ${word}, which is how results show a character that the file contains`,
        "Write the character itself, or change other lines only.",
      );
  }
  return secret ? [`the file contains the word ${SHOWN}, which is no secret's value`] : [];
}

/** A token stands for a secret that nobody but the host has: written in its place, the secret would be lost. */
function assertNoTokens(text: string, old: string | undefined): void {
  const [token] = tokensIn(text).filter((one) => old?.includes(one) !== true);
  if (token === undefined) return;
  throw new SshMcpError(
    "invalid_argument",
    `nothing was written: the text contains ${token}, which is what results show in place of a secret of this host; the secret itself would be lost`,
    "ssh_edit_file changes other lines and leaves that one as it is; a new secret is written out.",
  );
}
