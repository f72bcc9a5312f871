import { SshMcpError } from "../base/errors.ts";
import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Given, Subcommand } from "./subcommand.ts";

/** `ssh-mcp web`. */
export const web: Subcommand = {
  name: "web",
  summary: "watch the daemon's sessions live in a browser",
  options: [
    { flags: "--port <number>", help: "of 127.0.0.1 (default: any that is free)" },
    { flags: "--type", help: "the pages may take a session's keyboard" },
    { flags: "--approve", help: "the pages may answer what agents wait for; at a terminal only" },
    CONFIG,
    LAB,
  ],
  examples: [
    ["ssh-mcp web", "prints a link; whoever opens it may watch"],
    ["ssh-mcp web --type --approve", "and type, and answer approvals"],
  ],
  notes: `A link is good once, for two minutes; Enter prints another. Ctrl-C ends the pages. Sessions over HTTP are at /ui/ of
ssh-mcp serve --http. docs/web.md says what a page can do, and what it cannot.
Exit code 0: ended by you; 1: the daemon could not be reached, or has ended.`,
  async run(given, setting) {
    const { showPages } = await import("./web/pages.ts");
    return showPages(surroundings(given, setting), setting, {
      port: portIn(given),
      type: given.flag("type"),
      approve: given.flag("approve"),
    });
  },
};

function portIn(given: Given): number {
  const text = given.text("port") ?? "0";
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new SshMcpError("invalid_argument", `--port takes a number from 1 to 65535, not ${text}`);
}
