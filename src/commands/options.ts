import type { Surroundings } from "../app/surroundings.ts";
import type { Given, Option, Setting } from "./subcommand.ts";

/** Options that several subcommands take; each names those it does. */
export const CONFIG: Option = {
  flags: "--config <file>",
  help: "the inventory (default: $SSH_MCP_CONFIG, ~/.config/ssh-mcp/hosts.yaml)",
};
export const LAB: Option = {
  flags: "--lab",
  help: "add the embedded hosts: lab-sh (your own shell), lab-ios, lab-routeros (simulated)",
};

/** The surroundings that these options describe. */
export function surroundings(given: Given, { place }: Setting): Surroundings {
  const configPath = given.text("config");
  return { ...(configPath === undefined ? {} : { configPath }), lab: given.flag("lab"), ...place() };
}
