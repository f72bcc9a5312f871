import { SshMcpError } from "../base/errors.ts";
import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `group:web`, `tag:prod`. */
function isSelection(word: string): boolean {
  return /^(?:group|tag):/.test(word);
}

/** `ssh-mcp trust HOST…`. */
export const trust: Subcommand = {
  name: "trust",
  summary: "show host keys, record them in known_hosts",
  arguments: [
    {
      name: "<host...>",
      help: "names of the inventory or of ~/.ssh/config, group:NAME, tag:NAME; with settings.allow_adhoc also user@host:port",
      completes: "hosts",
    },
  ],
  options: [
    { flags: "--rotate", help: "log in, and record the further keys that the host announces and proves" },
    { flags: "--yes", help: "record the key without asking, once you have compared it" },
    CONFIG,
  ],
  examples: [
    ["ssh-mcp trust web1", "show its key, compare it, say yes"],
    ["ssh-mcp trust --rotate web1", "its next keys, before it changes to them"],
    ["ssh-mcp trust web1 web2 group:core tag:prod", "several in one table, with one yes"],
  ],
  notes: `Nobody is logged in to the hosts themselves, except with --rotate, which takes one host whose key is known. A key that differs from the recorded one is never replaced. Of several
hosts all keys are shown in one table, and one yes records those that are new.
Exit code 0: every key is in known_hosts.`,
  async run(given, setting) {
    const around = surroundings(given, setting);
    const words = given.words("host");
    const [only = "", ...more] = words;
    if (given.flag("rotate")) {
      if (more.length > 0 || isSelection(only))
        throw new SshMcpError(
          "invalid_argument",
          "--rotate takes one host, not several, since each is logged in to.",
          "Run it once for each: ssh-mcp trust --rotate HOST",
        );
      const { rotateHost } = await import("./trust/rotate.ts");
      return rotateHost(only, around, given.flag("yes"));
    }
    if (more.length === 0 && !isSelection(only)) {
      const { trustHost } = await import("./trust/record.ts");
      return trustHost(only, around, given.flag("yes"));
    }
    const { trustHosts } = await import("./trust/several.ts");
    return trustHosts(words, around, given.flag("yes"));
  },
};
