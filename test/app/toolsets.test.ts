import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolsetsOn } from "../../src/app/toolsets.ts";
import { toolsetsIn } from "../../src/base/toolsets.ts";
import { serverArguments } from "../../src/commands/serve.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { AGENT } from "../tools/fake.ts";

describe("the toolsets that are on", () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), "ssh-mcp-toolsets-"));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  const on = async (inventory: string | undefined, more: object = {}) => {
    const said: string[] = [];
    const configPath = join(home, "hosts.yaml");
    if (inventory !== undefined) writeFileSync(configPath, inventory, { mode: 0o600 });
    const place = {
      env: {},
      cwd: home,
      home,
      lab: false,
      ...(inventory === undefined ? {} : { configPath }),
    };
    const sets = await toolsetsOn({ ...place, ...more }, (sentence) => said.push(sentence));
    return [sets, said];
  };

  it("are those of the option, else of the environment, else of the inventory, else the default", async () => {
    const none = "settings: {toolsets: []}\n";
    expect(await on(undefined)).toEqual([["files", "custom"], []]);
    expect(await on("hosts: {}\n")).toEqual([["files", "custom"], []]);
    expect(await on(none)).toEqual([[], []]);
    expect(await on(none, { env: { SSH_MCP_TOOLSETS: "files" } })).toEqual([["files"], []]);
    expect(await on(none, { toolsets: ["files"] })).toEqual([["files"], []]);
    expect(await on(undefined, { env: { SSH_MCP_TOOLSETS: "none" } })).toEqual([[], []]);
  });

  it("are the default where what names them cannot be used, and that is said", async () => {
    const wrong = await on(undefined, { env: { SSH_MCP_TOOLSETS: "file" } });
    expect(wrong).toEqual([
      ["files", "custom"],
      [
        expect.stringMatching(
          /^SSH_MCP_TOOLSETS: there is no toolset "file"; there are files, .*, or none for the core alone$/,
        ),
      ],
    ]);
    expect(await on("settings: {toolsets: [nonsense]}\n")).toEqual([["files", "custom"], []]);
    expect(await on("toolsets: [\n")).toEqual([["files", "custom"], []]);
  });

  it("are named on the command line of a server, where a wrong name is the parser's to explain", () => {
    expect(serverArguments(["--toolsets", "none"])).toEqual({ toolsets: [], lab: false });
    expect(serverArguments(["--toolsets=files", "--lab"])).toEqual({ toolsets: ["files"], lab: true });
    expect(serverArguments(["--toolsets", "nonsense"])).toBeUndefined();
    expect(serverArguments(["--toolsets"])).toBeUndefined();
    expect(toolsetsIn(" files , files ")).toEqual(["files"]);
    expect(toolsetsIn("")).toMatch(/^there is no toolset ""/);
  });

  it("decide what is listed and what may be called; a tool of another is named with its toolset", async () => {
    const desk = createDesk({
      workspace: () => Promise.reject(new Error("nothing may be opened for this")),
      report: () => {},
      toolsets: async () => [],
    });
    const names = (await desk.definitions()).map(({ name }) => name);
    expect(names).toContain("ssh_shell");
    expect(names).not.toContain("ssh_read_file");
    const { result, text } = await desk.call(AGENT, "ssh_read_file", { host: "web1", path: "/etc/hosts" });
    expect(result.kind).toBe("unknown_tool");
    expect(text).toMatch(
      /^Unknown tool "ssh_read_file" \(of the toolset files, which the operator has not switched on\)/,
    );
  });
});
