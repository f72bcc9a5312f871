import type { Caller } from "../base/contract/caller.ts";
import { messageOf, SshMcpError } from "../base/errors.ts";
import { nearest, visibleLine } from "../base/text.ts";
import { render } from "../results/render.ts";
import type { Answer, Result } from "../results/result.ts";
import { tools } from "../tools/index.ts";
import type { DeskParts, Served } from "./contract.ts";

/** Finds the tool, lets it act, and turns what it gives back into text. */
export async function dispatch(
  { workspace, report }: DeskParts,
  caller: Caller,
  name: string,
  args: unknown,
): Promise<Served> {
  const tool = tools.find((candidate) => candidate.name === name);
  if (tool === undefined) return served({ result: unknownTool(name) });
  try {
    const { multiplexer, access, clock } = await workspace();
    const context = { multiplexer, access, clock, caller: { ...caller, tool: name } };
    return await served(await tool.call(args, context));
  } catch (error) {
    return served({ result: { kind: "error", error: known(error, report) } });
  }
}

async function served(answer: Answer): Promise<Served> {
  return { result: answer.result, text: await render(answer) };
}

function unknownTool(name: string): Result {
  const names = tools.map((tool) => tool.name);
  return { kind: "unknown_tool", name, known: nearest(name, names) };
}

/** An error from below names no tool where a person at a shell may read it, too; an agent's next call is added here. */
function withTool(error: SshMcpError): SshMcpError {
  if (error.code !== "unknown_host" || error.next?.includes("ssh_") === true) return error;
  const next = [error.next, "ssh_hosts lists all hosts."].filter((part) => part !== undefined).join(" ");
  return new SshMcpError(error.code, error.message, next, { cause: error });
}

/** The one place where anything thrown becomes an error a caller may see. A stack never leaves it. */
function known(error: unknown, report: (error: unknown) => void): SshMcpError {
  if (error instanceof SshMcpError) return withTool(error);
  report(error);
  return new SshMcpError(
    "internal",
    `an unexpected error in ssh-mcp itself: ${visibleLine(messageOf(error).split("\n", 1).join(""))}`,
    "Other sessions are not affected; ssh_sessions shows what is open.",
  );
}
