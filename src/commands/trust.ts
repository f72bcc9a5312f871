import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp trust HOST`. */
export const trust: Subcommand = {
  name: "trust",
  summary: "show a host's key and record it in known_hosts",
  arguments: [
    {
      name: "<host>",
      help: "a name of the inventory or of ~/.ssh/config; with settings.allow_adhoc also user@host:port",
    },
  ],
  options: [{ flags: "--yes", help: "record the key without asking, once you have compared it" }, CONFIG],
  notes: `Nobody is logged in to the host itself. A key that differs from the recorded one is never replaced.
Exit code 0: the key is in known_hosts.`,
  async run(given, setting) {
    const { trustHost } = await import("./trust/record.ts");
    return trustHost(given.required("host"), surroundings(given, setting), given.flag("yes"));
  },
};
