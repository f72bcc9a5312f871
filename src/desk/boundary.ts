import { messageOf, SshMcpError } from "../base/errors.ts";
import { visibleLine } from "../base/text.ts";
import type { ToolResult } from "../results/result.ts";
import type { Tool, ToolContext } from "../tools/tool.ts";

/** The one place where anything thrown becomes text: `code: sentence`, then `Next: …`. A stack never leaves it. */
export async function callTool(
  tool: Tool,
  args: unknown,
  context: ToolContext,
  report: (error: unknown) => void = () => {},
): Promise<ToolResult> {
  try {
    return await tool.call(args, context);
  } catch (error) {
    return errorResult(error, report);
  }
}

export function errorResult(error: unknown, report: (error: unknown) => void = () => {}): ToolResult {
  if (error instanceof SshMcpError) return { text: error.toText(), isError: true };
  report(error);
  const wrapped = new SshMcpError(
    "internal",
    `an unexpected error in ssh-mcp itself: ${visibleLine(messageOf(error).split("\n", 1).join(""))}`,
    "Other sessions are not affected; ssh_sessions shows what is open.",
  );
  return { text: wrapped.toText(), isError: true };
}
