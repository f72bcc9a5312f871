import type { Surroundings } from "../app/surroundings.ts";
import { DEFAULT_TOOLSETS, toolsetsIn } from "../base/toolsets.ts";
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

export const TOOLSETS_OPTION: Option = {
  flags: "--toolsets <names>",
  help: `toolsets that are on, or none (default: ${DEFAULT_TOOLSETS.join(",")})`,
};

export const DAEMON: Option = {
  flags: "--daemon",
  help: "sessions outlive this server, in a daemon ($SSH_MCP_DAEMON=1)",
};
export const NO_DAEMON: Option = {
  flags: "--no-daemon",
  help: "they end with it: the default, whatever $SSH_MCP_DAEMON says",
};
export const ADHOC: Option = {
  flags: "--allow-adhoc [hosts]",
  help: "allow user@host:port that is in no inventory: every one, or networks and names (10.0.0.0/8,*.lab)",
};

/** The surroundings that these options describe. */
export function surroundings(given: Given, { place }: Setting): Surroundings {
  const configPath = given.text("config");
  const named = given.text("toolsets");
  const toolsets = named === undefined ? undefined : toolsetsIn(named);
  if (typeof toolsets === "string") throw new Error(`--toolsets: ${toolsets}`);
  const chosen = {
    ...(toolsets === undefined ? {} : { toolsets }),
    ...(given.flag("daemon") ? { daemon: true } : {}),
    ...(given.off("daemon") ? { daemon: false } : {}),
  };
  const around = place();
  const adhoc = given.text("allowAdhoc") ?? (given.flag("allowAdhoc") ? "true" : undefined);
  return {
    ...chosen,
    ...(configPath === undefined ? {} : { configPath }),
    lab: given.flag("lab"),
    ...around,
    env: adhoc === undefined ? around.env : { ...around.env, SSH_MCP_ALLOW_ADHOC: adhoc },
  };
}
