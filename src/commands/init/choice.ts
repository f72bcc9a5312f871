import type { Surroundings } from "../../app/surroundings.ts";
import { SshMcpError } from "../../base/errors.ts";
import { closeFirst } from "../../base/text.ts";
import { CLIENTS, isUsed, type KnownClient } from "../clients/known.ts";

/** The clients that are meant: names separated by commas, `all`: those this account uses. @throws SshMcpError for an unknown one. */
export function chosenClients(given: string | undefined, around: Surroundings): readonly KnownClient[] {
  const words = (given ?? "").split(/[\s,]+/).filter((word) => word !== "");
  if (words.length === 1 && words[0] === "none") return [];
  const meant = words.flatMap((word) => {
    if (word === "all") return usedClients(around);
    const found = CLIENTS.find(({ id }) => id === word.toLowerCase());
    if (found !== undefined) return [found];
    const ids = CLIENTS.map(({ id }) => id);
    throw new SshMcpError(
      "invalid_argument",
      `unknown client "${word}"; there are ${closeFirst(word, ids).join(", ")}`,
      "For another one: name the program in its own settings as the README shows.",
    );
  });
  return [...new Set(meant)];
}

/** A name that every client takes, and that is plain in each of their files. @throws SshMcpError */
export function serverName(name: string): string {
  if (/^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(name)) return name;
  throw new SshMcpError(
    "invalid_argument",
    `"${name}" cannot be the name of a server: a letter, then letters, digits, - and _, 32 at most`,
    "For example --name ssh.",
  );
}

function usedClients(around: Surroundings): readonly KnownClient[] {
  const used = CLIENTS.filter((client) => isUsed(client, around));
  if (used.length > 0) return used;
  throw new SshMcpError(
    "invalid_argument",
    "this account has used none of the clients that are known",
    `Name one, and its file is made: ${CLIENTS.map(({ id }) => id).join(", ")}.`,
  );
}
