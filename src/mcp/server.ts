import { CLIENT_INFO_META_KEY, ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import packageJson from "../../package.json" with { type: "json" };
import { visibleLine } from "../base/text.ts";
import type { Desk } from "../desk/contract.ts";
import { approvalFormFor, formFor } from "./elicitation.ts";
import { instructions } from "./instructions.ts";
import { progressFor } from "./progress.ts";
import type { RecalledForms } from "./recalled.ts";

export interface ServerParts {
  readonly desk: Desk;
  /** Who this connection is to the desk. */
  readonly callerId: string;
  /** Called when the client knows the server: its first call may follow. Again for each list of tools. */
  readonly introduced?: () => void;
  /** Its tools are its caller's own: no cache gives the list to another one. */
  readonly ownTools?: boolean;
  /** What clients of the 2026-07-28 revision were asked, where a server is made for each call anew. */
  readonly forms: RecalledForms;
}

/** The name clients show before a tool's own, so a short one. */
export const SERVER_NAME = "ssh";
export const VERSION: string = packageJson.version;

/** The tool list never changes while a server runs; clients of the 2026-07-28 revision may keep it for an hour. */
const LIST_TTL_MS = 3_600_000;

/**
 * One protocol endpoint. The low-level `Server` of the SDK, because the desk reads and refuses arguments itself: an
 * unknown or misspelt one is answered with those that exist.
 */
export function createServer({
  desk,
  callerId,
  introduced = () => {},
  ownTools = false,
  forms,
}: ServerParts): Server {
  const server = new Server(
    { name: SERVER_NAME, title: "SSH sessions", version: VERSION },
    {
      capabilities: { tools: {} },
      instructions,
      cacheHints: {
        "tools/list": { ttlMs: LIST_TTL_MS, cacheScope: ownTools ? "private" : "public" },
        "server/discover": { ttlMs: LIST_TTL_MS, cacheScope: "public" },
      },
    },
  );
  server.oninitialized = introduced;
  server.setRequestHandler("tools/list", async () => {
    introduced();
    const definitions = await desk.definitions();
    return { tools: definitions.map((definition) => ({ ...definition })) };
  });
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    const { mcpReq } = context;
    const ask = formFor(server, context);
    const recalled = forms.of(context);
    const approve = recalled?.approve ?? approvalFormFor(server, context);
    const progress = progressFor(mcpReq._meta, context);
    const client = clientName(mcpReq.envelope) ?? server.getClientVersion()?.name;
    const caller = {
      id: callerId,
      kind: "agent" as const,
      signal: mcpReq.signal,
      ...(ask === undefined ? {} : { ask }),
      ...(approve === undefined ? {} : { approve }),
      ...(progress === undefined ? {} : { progress }),
      ...(client === undefined ? {} : { client: visibleLine(client, 80) }),
    };
    const { result, text } = await desk.call(caller, params.name, params.arguments);
    const question =
      result.kind === "error" && result.error.code === "approval_needed" ? recalled?.question() : undefined;
    if (question !== undefined) return question;
    if (result.kind === "unknown_tool") throw new ProtocolError(ProtocolErrorCode.InvalidParams, text);
    return {
      content: [{ type: "text" as const, text }],
      ...(result.kind === "error" ? { isError: true } : {}),
    };
  });
  return server;
}

/** The client's name in the envelope that every request of the 2026-07-28 revision carries. */
function clientName(envelope: object | undefined): string | undefined {
  const info: unknown = Object.entries(envelope ?? {}).find(([key]) => key === CLIENT_INFO_META_KEY)?.[1];
  if (typeof info !== "object" || info === null || !("name" in info)) return undefined;
  return typeof info.name === "string" ? info.name : undefined;
}
