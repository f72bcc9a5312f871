import type { ToolDefinition } from "../tools/tool.ts";

const NAME = "confirm_dangerous";

/** Where the operator lets an agent's own word count somewhere: each tool that acts takes it. */
export function confirming(definition: ToolDefinition): ToolDefinition {
  const { inputSchema, annotations } = definition;
  if (!acts(definition)) return definition;
  const { properties } = inputSchema;
  const more = {
    type: "boolean",
    description:
      "Your own word that a risky call is meant; counts on hosts that allow it, and never for what cannot be undone.",
  };
  const known = typeof properties === "object" && properties !== null ? properties : {};
  return {
    ...definition,
    annotations,
    inputSchema: { ...inputSchema, properties: { ...known, [NAME]: more } },
  };
}

function acts({ name, annotations }: ToolDefinition): boolean {
  return !annotations.readOnlyHint && name !== "ssh_connect" && name !== "ssh_disconnect";
}

/** The arguments without it, and whether it was said. Another value than true or false is left for the tool to answer. */
export function withoutConfirmation(
  definition: ToolDefinition,
  args: unknown,
): { readonly args: unknown; readonly confirms: boolean } {
  if (!acts(definition) || typeof args !== "object" || args === null || !(NAME in args))
    return { args, confirms: false };
  const { [NAME]: said, ...rest } = args;
  return typeof said === "boolean" ? { args: rest, confirms: said } : { args, confirms: false };
}
