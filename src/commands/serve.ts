import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp serve`, and `ssh-mcp` without any subcommand. */
export const serve: Subcommand = {
  name: "serve",
  summary: "serve MCP over stdio; the default",
  options: [CONFIG, LAB],
  examples: [
    ["ssh-mcp --config ~/hosts.yaml", "what a client starts; it speaks MCP, not to people"],
    ["ssh-mcp serve --lab", "with the embedded hosts, to try things on"],
  ],
  run: (given, setting) => setting.serve(surroundings(given, setting)),
};

/**
 * The arguments of a server as clients start it, read without the parser, which would have to be loaded first.
 * Undefined: there is anything else among them, and the parser has to look at it.
 */
export function serverArguments(
  argv: readonly string[],
): { readonly configPath?: string; readonly lab: boolean } | undefined {
  let configPath: string | undefined;
  let lab = false;
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--lab") {
      lab = true;
      continue;
    }
    const value = word === "--config" ? rest.shift() : /^--config=(.+)$/s.exec(word)?.[1];
    if (value === undefined || value.startsWith("-")) return undefined;
    configPath = value;
  }
  return { ...(configPath === undefined ? {} : { configPath }), lab };
}
