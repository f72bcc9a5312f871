import type { Option, Subcommand } from "./subcommand.ts";

const TOKENS: Option = {
  flags: "--tokens <file>",
  help: "where they are kept (default: $SSH_MCP_TOKENS, ~/.config/ssh-mcp/tokens.json)",
};

const add: Subcommand = {
  name: "add",
  summary: "make a token for a client over HTTP, and print it once",
  arguments: [{ name: "<name>", help: "who it is for; the audit log has it" }],
  options: [
    TOKENS,
    {
      flags: "--hosts <patterns>",
      help: "the hosts it may see, with * and ?, separated by commas (default: all)",
    },
    { flags: "--toolsets <names>", help: "the toolsets it may use, or none (default: those of the server)" },
    {
      flags: "--level <level>",
      help: "read_only, guarded or unrestricted: hosts are this strict for it at least",
    },
    { flags: "--read-only", help: "the same as --level read_only" },
    {
      flags: "--person <rights>",
      help: "a person's, for the page at /ui/ alone: watch, type, approve, separated by commas",
    },
  ],
  examples: [
    ["ssh-mcp token add ci --hosts 'web*,db1' --read-only", "may look at some hosts"],
    ["ssh-mcp token add laptop", "may do what the inventory allows"],
    [
      "ssh-mcp token add jo --person type,approve",
      "sees everybody's sessions at /ui/, types there, approves",
    ],
  ],
  notes: `The token is printed once and kept as its digest alone. A running server knows it within moments. No scope allows more than
the inventory does, and none lets a client approve what a human has to approve.`,
  async run(given, setting) {
    const { addToken } = await import("./token/change.ts");
    const level = given.text("level") ?? (given.flag("readOnly") ? "read_only" : undefined);
    return addToken(setting.place(), {
      name: given.required("name"),
      file: given.text("tokens"),
      hosts: given.text("hosts"),
      toolsets: given.text("toolsets"),
      level,
      person: given.text("person"),
    });
  },
};

const list: Subcommand = {
  name: "list",
  summary: "the tokens there are, and what each may reach",
  options: [TOKENS],
  examples: [["ssh-mcp token list", "names and scopes; no token is kept"]],
  async run(given, setting) {
    const { listTokens } = await import("./token/change.ts");
    return listTokens(setting.place(), given.text("tokens"));
  },
};

const revoke: Subcommand = {
  name: "revoke",
  summary: "a token that counts no more",
  arguments: [{ name: "<name>", help: "as token list names it" }],
  options: [TOKENS],
  examples: [["ssh-mcp token revoke ci", "its sessions on a running server are closed"]],
  async run(given, setting) {
    const { revokeToken } = await import("./token/change.ts");
    return revokeToken(setting.place(), given.required("name"), given.text("tokens"));
  },
};

/** `ssh-mcp token add|list|revoke`; `token` alone lists them. */
export const token: Subcommand = {
  ...list,
  name: "token",
  summary: "tokens for HTTP: add, list, revoke",
  subcommands: [add, list, revoke],
};
