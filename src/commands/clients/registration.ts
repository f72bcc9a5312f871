import { dirname } from "node:path";
import type { Place } from "../../app/surroundings.ts";
import { messageOf, SshMcpError } from "../../base/errors.ts";
import { shellQuote } from "../../base/shell-quote.ts";
import { visibleLine } from "../../base/text.ts";
import { type InventoryText, openInventory } from "../../inventory/document/file.ts";
import { withMember } from "./jsonc.ts";
import { fileOf, type KnownClient } from "./known.ts";
import { registrations } from "./registered.ts";
import { withTable } from "./toml.ts";

/** How this program gets into a client's file. */
export type Registering = { readonly client: KnownClient; readonly path: string } & (
  | { readonly kind: "add"; readonly file: InventoryText; readonly text: string; readonly added: string }
  | { readonly kind: "there"; readonly name: string; readonly words: readonly string[] }
  /** Only a person can do it: the reason, and what has to be in the file. */
  | { readonly kind: "by hand"; readonly why: string; readonly wanted: string }
);

export interface Server {
  /** What clients call it. */
  readonly name: string;
  /** Program and arguments. */
  readonly words: readonly string[];
}

/** What would be written into the client's file; nothing is written. */
export async function registering(client: KnownClient, server: Server, place: Place): Promise<Registering> {
  const path = fileOf(client, place);
  const toml = path.endsWith(".toml");
  const entry = client.entry(server.words);
  const byHand = (why: string): Registering => {
    const wanted = toml
      ? withTable("", server.name, entry)
      : withMember("", [client.under], server.name, entry);
    return { client, path, kind: "by hand", why, wanted: wanted?.added ?? "" };
  };
  try {
    const file = await openInventory(path);
    const [there] = registrations(file.text, toml, client.under);
    if (there !== undefined) return { client, path, kind: "there", ...there };
    const made = toml
      ? withTable(file.text, server.name, entry)
      : withMember(file.text, [client.under], server.name, entry);
    if (made !== undefined) return { client, path, kind: "add", file, ...made };
    return byHand(
      `a server "${server.name}" is there already, or the place for it is written in a way that is not changed here`,
    );
  } catch (error) {
    if (!(error instanceof SshMcpError || error instanceof SyntaxError)) throw error;
    return byHand(reasonOf(error));
  }
}

/** Those of the inventory's file, said of a client's. */
function reasonOf(error: Error): string {
  const said = visibleLine(messageOf(error).replace("The inventory ", ""), 300).replace(
    / Nothing was written\.$/,
    "",
  );
  const repair = error instanceof SshMcpError && error.next?.startsWith("Run: ") ? ` ${error.next}` : "";
  return said + repair;
}

/** How a person takes it out again. */
export function undoing({ client, path }: Registering, name: string, created: boolean, home: string): string {
  const file = homely(path, home);
  if (created) return `rm ${file}`;
  const where = path.endsWith(".toml")
    ? `the table [mcp_servers.${name}]`
    : `"${name}" below "${client.under}"`;
  return `take ${where} out of ${file}`;
}

/** A path as a person would type it: from `~` on, quoted where a shell wants that. */
export function homely(path: string, home: string): string {
  const quoted = shellQuote(path);
  return quoted === path && path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : quoted;
}

/** Clients start it from anywhere and later: the words have to name files that stay. @throws SshMcpError */
export function serverWords(self: readonly string[], config: string | undefined): readonly string[] {
  const program = self.at(-1) ?? "";
  if (/[/\\]_npx[/\\]/.test(program))
    throw new SshMcpError(
      "invalid_argument",
      `this program runs from npx's cache (${dirname(program)}), which npm empties at will: no client can start it from there`,
      "Install it (npm install -g FILE.tgz), then start it as ssh-mcp init.",
    );
  return [...self, ...(config === undefined ? [] : ["--config", config])];
}
