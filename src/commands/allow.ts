import type { Subcommand } from "./subcommand.ts";

/** `ssh-mcp allow FILE`. */
export const allow: Subcommand = {
  name: "allow",
  summary: "let a project's hosts.yaml add its hosts",
  arguments: [{ name: "<file>", help: "the hosts.yaml, in the folder that servers are started in" }],
  options: [],
  examples: [["ssh-mcp allow ./hosts.yaml", "its hosts, for servers started in this folder"]],
  notes: `Path and content are noted: a file that changes has to be allowed again. Its hosts are added to those of your own
inventory and redefine none; its deny_patterns count for every host. No secrets, commands, host key settings or algorithms
are taken from it, and its hosts get none of the secrets of your defaults. Where --config or SSH_MCP_CONFIG names an
inventory, that one alone counts.`,
  async run(given, { place }) {
    const { allowProject } = await import("./allow/record.ts");
    return allowProject(given.required("file"), place());
  },
};
