import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp doctor HOST`. */
export const doctor: Subcommand = {
  name: "doctor",
  summary: "explain how connecting goes, or check this machine",
  arguments: [
    {
      name: "[host]",
      help: "a name of the inventory or of ~/.ssh/config; with settings.allow_adhoc also user@host:port",
      completes: "hosts",
    },
  ],
  options: [
    { flags: "-v, --verbose", help: "also every algorithm that the server offers" },
    { flags: "--json", help: "print everything as one JSON object, at the end" },
    CONFIG,
    LAB,
  ],
  examples: [
    ["ssh-mcp doctor", "this machine: inventory, agent, audit log, clients"],
    ["ssh-mcp doctor web1", "each step on the way to a session"],
    ["ssh-mcp doctor -v core-sw1", "with the algorithms of an old device"],
    ["ssh-mcp doctor web1 --json", "for a program"],
  ],
  notes: `Without a host: the program, the inventory, the audit log, the ssh agent, known_hosts, and what the MCP clients of this
account start; no host is contacted, and no file is written.
With one: opens one session as every other is opened and types nothing beyond that. Prints each step when it is done, then the
lines that the inventory lacks, where some would help. Exit code 0: a session can be opened.`,
  async run(given, setting) {
    const form = { verbose: given.flag("verbose"), json: given.flag("json") };
    if (given.text("host") === undefined) {
      const { examineHere } = await import("./doctor/here.ts");
      const around = surroundings(given, setting);
      const program = setting.self.at(-1) ?? "";
      return examineHere(around, { version: setting.version, program, ...form });
    }
    const { examineHost } = await import("./doctor/examine.ts");
    return examineHost(given.required("host"), surroundings(given, setting), form);
  },
};
