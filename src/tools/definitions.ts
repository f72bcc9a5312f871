import type { Toolset } from "../base/toolsets.ts";
import { core, toolsets } from "./index.ts";
import type { Tool, ToolDefinition } from "./tool.ts";

/**
 * The answer to `tools/list`, by toolset. The build evaluates this module and puts its value in its place: a client that
 * starts the server only to learn its tools does not wait for the tools' own code.
 */
export const definitions: Readonly<Record<"core" | Toolset, readonly ToolDefinition[]>> = {
  core: defined(core),
  files: defined(toolsets.files),
  monitor: defined(toolsets.monitor),
  network: defined(toolsets.network),
  devices: defined(toolsets.devices),
  config: defined(toolsets.config),
  docker: defined(toolsets.docker),
  database: defined(toolsets.database),
  voip: defined(toolsets.voip),
  custom: [],
};

function defined(tools: readonly Tool[]): ToolDefinition[] {
  return tools.map(({ definition }) => definition);
}
