import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp doctor HOST`. */
export const doctor: Subcommand = {
  name: "doctor",
  summary: "explain step by step how connecting to a host goes",
  arguments: [
    {
      name: "<host>",
      help: "a name of the inventory or of ~/.ssh/config; with settings.allow_adhoc also user@host:port",
    },
  ],
  options: [
    { flags: "-v, --verbose", help: "also every algorithm that the server offers" },
    { flags: "--json", help: "print everything as one JSON object, at the end" },
    CONFIG,
    LAB,
  ],
  examples: [
    ["ssh-mcp doctor web1", "each step on the way to a session"],
    ["ssh-mcp doctor -v core-sw1", "with the algorithms of an old device"],
    ["ssh-mcp doctor web1 --json", "for a program"],
  ],
  notes: `Opens one session as every other is opened and types nothing beyond that. Prints each step when it is done, then the
lines that the inventory lacks, where some would help. Exit code 0: a session can be opened.`,
  async run(given, setting) {
    const { examineHost } = await import("./doctor/examine.ts");
    const form = { verbose: given.flag("verbose"), json: given.flag("json") };
    return examineHost(given.required("host"), surroundings(given, setting), form);
  },
};
