import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, expect, it } from "vitest";
import { build } from "./built.ts";

const root = join(import.meta.dirname, "..", "..");
let folder: string;
let client: Client;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-readme-"));
  const config = join(folder, "hosts.yaml");
  await writeFile(config, "settings: { ssh_config: false }\n", { mode: 0o600 });
  client = new Client({ name: "test", version: "1" });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [await build(), "--lab", "--config", config],
      cwd: root,
      env: { PATH: process.env.PATH ?? "", HOME: folder, SHELL: "/bin/sh" },
      stderr: "inherit",
    }),
  );
});
afterAll(async () => {
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

interface Sample {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  /** Lines that the result has to have. */
  readonly lines: readonly string[];
}

/** The calls of README.md on the lab's switch, each with the lines it says are printed. */
async function samples(): Promise<Sample[]> {
  const text = await readFile(join(root, "README.md"), "utf8");
  const block = text.slice(text.indexOf("The switch of the lab"), text.indexOf("[docs/network.md]"));
  return block.split(/^ +(?=ssh_\w+\()/m).flatMap((part) => {
    const [call = "", ...rest] = part.trimEnd().split("\n");
    const [, tool, args] = /^(ssh_\w+)\((.*)\)$/.exec(call) ?? [];
    if (tool === undefined) return [];
    const lines = rest.map((line) => line.trim()).filter((line) => line !== "");
    return [
      {
        tool,
        args: JSON.parse(`{${args?.replace(/(\w+): "/g, '"$1": "')}}`),
        // Behind an arrow there are words about the result, or its status line.
        lines: lines
          .map((line) => line.replace(/^→ /, ""))
          .filter((line, at) => at > 0 || line.startsWith("[")),
      },
    ];
  });
}

/** Without what differs from run to run. */
function steady(line: string): string {
  return line
    .trim()
    .replace(/\b\d+(\.\d+)?s\b/, "TIME")
    .replace(/:\d{4,5}\b/, ":PORT")
    .replace(/cursor=\d+/, "cursor=N");
}

it("README.md shows what the lab's switch really answers", async () => {
  const all = await samples();
  expect(all.map(({ tool }) => tool)).toEqual([
    "ssh_shell",
    "ssh_shell",
    "ssh_shell",
    "ssh_send",
    "ssh_shell",
  ]);
  for (const { tool, args, lines } of all) {
    const { content } = await client.callTool({ name: tool, arguments: args });
    const shown = content
      .flatMap((block) => (block.type === "text" ? block.text.split("\n") : []))
      .map(steady);
    expect(lines.length).toBeGreaterThan(0);
    expect(shown).toEqual(expect.arrayContaining(lines.map(steady)));
  }
});
