import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type { Job } from "./jobs.ts";

/** What a job cost. Tokens are characters / 4. */
export interface Cost {
  readonly calls: number;
  readonly results: number;
  /** Of these, the last lines. */
  readonly statusLines: number;
  /** Undefined: it was done; else the results, to see why not. */
  readonly undone?: string;
}

/** Plays a job on the server of a checkout, in a process of its own. */
export async function play(
  job: Job,
  server: { readonly checkout: string; readonly config: string },
): Promise<Cost> {
  return withServer(server, async (client) => {
    const texts: string[] = [];
    for (const { tool, args } of job.calls) {
      const { content } = await client.callTool({ name: tool, arguments: { ...args } });
      texts.push(content.flatMap((block) => (block.type === "text" ? [block.text] : [])).join("\n"));
    }
    const all = texts.join("\n");
    const last = texts.map((text) => text.split("\n").at(-1) ?? "");
    return {
      calls: texts.length,
      results: tokens(texts),
      statusLines: tokens(last.filter((line) => line.startsWith("["))),
      ...(job.proof.test(all) ? {} : { undone: all }),
    };
  });
}

/** What a model reads before it calls anything: names, descriptions and arguments of the tools, and the instructions. */
export async function contract(server: {
  readonly checkout: string;
  readonly config: string;
}): Promise<number> {
  return withServer(server, async (client) => {
    const { tools } = await client.listTools();
    const read = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
    return tokens([JSON.stringify(read), client.getInstructions() ?? ""]);
  });
}

function tokens(texts: readonly string[]): number {
  return Math.round(texts.reduce((sum, text) => sum + text.length, 0) / 4);
}

async function withServer<T>(
  { checkout, config }: { readonly checkout: string; readonly config: string },
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ name: "ssh-mcp-bench", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(checkout, "dist/cli.js"), "--lab", "--config", config],
      env: { PATH: process.env.PATH ?? "", HOME: join(config, ".."), SHELL: "/bin/sh" },
      stderr: "inherit",
    }),
  );
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
