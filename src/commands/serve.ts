import type { Surroundings } from "../app/surroundings.ts";
import { type Toolset, toolsetsIn } from "../base/toolsets.ts";
import { HTTP_OPTIONS, httpGiven } from "./http.ts";
import { ADHOC, CONFIG, DAEMON, LAB, NO_DAEMON, surroundings, TOOLSETS_OPTION } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp serve`, and `ssh-mcp` without any subcommand. */
export const serve: Subcommand = {
  name: "serve",
  summary: "serve MCP over stdio (the default) or HTTP",
  options: [CONFIG, LAB, TOOLSETS_OPTION, ADHOC, DAEMON, NO_DAEMON, ...HTTP_OPTIONS],
  examples: [
    ["ssh-mcp --config ~/hosts.yaml", "what a client starts; it speaks MCP, not to people"],
    ["ssh-mcp serve --daemon", "the same, with sessions that outlive the client"],
    ["ssh-mcp serve --lab", "with the embedded hosts, to try things on"],
    ["ssh-mcp serve --http", "at http://127.0.0.1:8000/mcp, for clients with a token of ssh-mcp token add"],
  ],
  run: (given, setting) => {
    const around = surroundings(given, setting);
    const http = httpGiven(given, around.env);
    return setting.serve({ ...around, ...(http === undefined ? {} : { http }) });
  },
};

/**
 * The arguments of a server as clients start it, read without the parser, which would have to be loaded first.
 * Undefined: there is anything else among them, and the parser has to look at it.
 */
export function serverArguments(
  argv: readonly string[],
): Pick<Surroundings, "configPath" | "lab" | "toolsets" | "daemon"> | undefined {
  let configPath: string | undefined;
  let toolsets: readonly Toolset[] | undefined;
  let lab = false;
  let daemon: boolean | undefined;
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--lab") {
      lab = true;
      continue;
    }
    if (word === "--daemon" || word === "--no-daemon") {
      daemon = word === "--daemon";
      continue;
    }
    const [, name, joined] = /^--(config|toolsets)(?:=(.+))?$/s.exec(word) ?? [];
    const value = name === undefined ? undefined : (joined ?? rest.shift());
    if (value === undefined || value.startsWith("-")) return undefined;
    if (name === "config") configPath = value;
    else {
      const named = toolsetsIn(value);
      if (typeof named === "string") return undefined;
      toolsets = named;
    }
  }
  return {
    ...(configPath === undefined ? {} : { configPath }),
    ...(toolsets === undefined ? {} : { toolsets }),
    ...(daemon === undefined ? {} : { daemon }),
    lab,
  };
}
