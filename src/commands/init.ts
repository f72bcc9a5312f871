import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp init`. */
export const init: Subcommand = {
  name: "init",
  summary: "make an inventory, register this server with MCP clients",
  options: [
    {
      flags: "--client <names>",
      help: "register with these, separated by commas: claude-code, claude-desktop, codex, gemini, cursor, vscode, opencode, zed; all: those this account uses",
    },
    { flags: "--name <name>", help: "what clients call the server (default: ssh)" },
    { flags: "--import", help: "copy the hosts of ~/.ssh/config into the inventory" },
    { flags: "--test <host>", help: "connect to this host at the end, as doctor does" },
    { flags: "--yes", help: "write without asking" },
    { flags: "--dry-run", help: "show what would be written, and write nothing" },
    CONFIG,
  ],
  examples: [
    ["ssh-mcp init", "three questions at the terminal"],
    ["ssh-mcp init --client claude-code,codex --dry-run", "only show what would be written"],
    ["ssh-mcp init --client all --yes", "without a terminal"],
  ],
  notes: `What is there stays: an inventory is only made where none is, a client's file gets one entry, and its comments, order and
other servers stay byte for byte. The old file stays beside the new one (NAME~), and how to undo it is printed. A file that
cannot be changed safely is not touched; what has to be in it is printed.
Without --client no client is registered, without --yes nothing is written before a yes at the terminal.
Exit code 0: all that was asked for is there. 1: something is not. 2: a mistake in the arguments.`,
  async run(given, setting) {
    const { initialise } = await import("./init/run.ts");
    const clients = given.text("client");
    const test = given.text("test");
    const request = {
      ...(clients === undefined ? {} : { clients }),
      ...(test === undefined ? {} : { test }),
      name: given.text("name") ?? "ssh",
      importing: given.flag("import"),
      yes: given.flag("yes"),
      dryRun: given.flag("dryRun"),
      self: setting.self,
    };
    return initialise(request, surroundings(given, setting));
  },
};
