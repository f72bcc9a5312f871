import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Client,
  type ClientOptions,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Transport,
} from "@modelcontextprotocol/client";
import { afterAll } from "vitest";
import { startHttp } from "../../../src/app/http.ts";
import { type HttpOptions, httpOptions } from "../../../src/app/http-options.ts";
import type { Scope } from "../../../src/base/contract/scope.ts";
import { type KnownToken, newToken, type TokenEntry, writeTokens } from "../../../src/secrets/tokens.ts";

const ends: (() => Promise<unknown> | unknown)[] = [];
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

export type Era = "2026-07-28" | "2025-06-18" | "sse";

export interface Asked {
  readonly era?: Era;
  readonly key?: string;
  readonly client?: ClientOptions;
}

/** What a token is to be. */
export type Wanted = Scope & Pick<KnownToken, "person">;

export interface Served {
  readonly port: number;
  readonly url: URL;
  readonly home: string;
  readonly tokensFile: string;
  readonly said: string[];
  /** The token of this name. */
  token(name: string): string;
  connect(name: string, asked?: Asked): Promise<Client>;
  /** Sends bytes as they are; what came until the connection ended. */
  raw(text: string): Promise<string>;
  setTokens(tokens: Readonly<Record<string, Wanted>>): Promise<void>;
}

/** A server on a free port of loopback with the lab's hosts, and a token for each name. */
export async function serve(
  scopes: Readonly<Record<string, Wanted>>,
  change: Partial<HttpOptions> = {},
): Promise<Served> {
  const home = mkdtempSync(join(tmpdir(), "http-"));
  ends.push(() => rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }));
  const file = join(home, "tokens.json");
  const tokens = new Map<string, { token: string; sha256: string }>();
  const setTokens = async (wanted: Readonly<Record<string, Wanted>>) => {
    const entries = Object.entries(wanted).map(([name, { hosts, toolsets, level, person }]): TokenEntry => {
      const made = tokens.get(name) ?? newToken();
      tokens.set(name, made);
      return {
        name,
        sha256: made.sha256,
        created: "2026-01-01",
        ...(hosts === undefined ? {} : { hosts: [...hosts] }),
        ...(toolsets === undefined ? {} : { toolsets: [...toolsets] }),
        ...(level === undefined ? {} : { level }),
        ...(person === undefined ? {} : { person: [...person] }),
      };
    });
    writeTokens(file, entries);
  };
  await setTokens(scopes);
  const said: string[] = [];
  const env = { PATH: process.env.PATH, HOME: home, SHELL: "/bin/bash" };
  const options = {
    ...httpOptions({ listen: "127.0.0.1:0", flags: new Map() }, {}, 1),
    reloadMs: 50,
    ...change,
  };
  const served = await startHttp({ env, cwd: home, home, lab: true }, options, {
    file,
    say: (sentence) => said.push(sentence),
    report: (error) => said.push(`unexpected: ${error instanceof Error ? error.stack : error}`),
  });
  ends.push(() => served.close());
  const url = new URL(`http://127.0.0.1:${served.port}/mcp`);
  const token = (name: string) => tokens.get(name)?.token ?? "";
  return {
    port: served.port,
    url,
    home,
    tokensFile: file,
    said,
    token,
    setTokens,
    async connect(name, { era = "2026-07-28", key, client: more = {} } = {}) {
      const headers = {
        authorization: `Bearer ${token(name)}`,
        ...(key === undefined ? {} : { "x-session-key": key }),
      };
      const transport: Transport =
        era === "sse"
          ? new SSEClientTransport(new URL("/sse", url), { requestInit: { headers } })
          : new StreamableHTTPClientTransport(url, { requestInit: { headers } });
      const client = new Client(
        { name, version: "1" },
        {
          versionNegotiation: { mode: era === "2026-07-28" ? { pin: era } : "legacy" },
          ...(era === "2025-06-18" ? { supportedProtocolVersions: [era] } : {}),
          ...more,
        },
      );
      await client.connect(transport);
      ends.push(() => client.close().catch(() => {}));
      return client;
    },
    raw: (text) => raw(served.port, text),
  };
}

function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let got = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      got += chunk;
      // The head is what is asked for; a connection that is kept would stay open.
      if (got.includes("\r\n\r\n")) socket.end();
    });
    socket.on("error", (error) => (got === "" ? reject(error) : resolve(got)));
    socket.on("close", () => resolve(got));
  });
}

export async function textOf(
  client: Client,
  name: string,
  args: Record<string, unknown> = {},
): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args });
  return content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n");
}
