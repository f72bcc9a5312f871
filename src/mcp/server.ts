import { ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import packageJson from "../../package.json" with { type: "json" };
import type { Gate } from "../access/gate.ts";
import { nearest, visibleLine } from "../base/text.ts";
import type { Multiplexer } from "../multiplexer/types.ts";
import { instructions } from "./instructions.ts";

/** Everything behind the protocol. Made on the first tool call: a client may start a server only to ask what it is. */
export interface Workspace {
  readonly multiplexer: Multiplexer;
  readonly gate: Gate;
  /** Closes every session; resolves within 2 s. */
  dispose(): Promise<void>;
}

export interface ServerParts {
  readonly workspace: () => Promise<Workspace>;
  /** Where unexpected errors go; never stdout. */
  readonly report: (error: unknown) => void;
}

/** The name clients show before a tool's own, so a short one. */
export const SERVER_NAME = "ssh";
export const VERSION: string = packageJson.version;

/** The tool list never changes while a server runs; clients of the 2026-07-28 revision may keep it for an hour. */
const LIST_TTL_MS = 3_600_000;

/**
 * One protocol endpoint. The low-level `Server` of the SDK, because `tools/` reads and refuses arguments itself: an
 * unknown or misspelt one is answered with those that exist. The tools are loaded when first asked for.
 */
export function createServer({ workspace, report }: ServerParts): Server {
  const server = new Server(
    { name: SERVER_NAME, title: "SSH sessions", version: VERSION },
    {
      capabilities: { tools: {} },
      instructions,
      cacheHints: {
        "tools/list": { ttlMs: LIST_TTL_MS, cacheScope: "public" },
        "server/discover": { ttlMs: LIST_TTL_MS, cacheScope: "public" },
      },
    },
  );
  server.setRequestHandler("tools/list", async () => {
    const { definitions } = await import("../tools/definitions.ts");
    return { tools: definitions.map((definition) => ({ ...definition })) };
  });
  server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) => {
    const [{ tools }, { callTool, errorResult }] = await Promise.all([
      import("../tools/index.ts"),
      import("../desk/boundary.ts"),
    ]);
    const tool = tools.find(({ name }) => name === params.name);
    if (tool === undefined) throw unknownTool(params.name, tools);
    let result: { readonly text: string; readonly isError?: boolean };
    try {
      const { multiplexer, gate } = await workspace();
      const context = { multiplexer, gate, signal: mcpReq.signal };
      result = await callTool(tool, params.arguments, context, report);
    } catch (error) {
      result = errorResult(error, report);
    }
    return {
      content: [{ type: "text" as const, text: result.text }],
      ...(result.isError === true ? { isError: true } : {}),
    };
  });
  return server;
}

function unknownTool(name: string, tools: readonly { name: string }[]): ProtocolError {
  const known = nearest(
    name,
    tools.map((tool) => tool.name),
  ).join(", ");
  const message = `Unknown tool ${JSON.stringify(visibleLine(name, 60))}; there are ${known}`;
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
