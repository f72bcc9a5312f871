import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace } from "../../src/app/workspace.ts";
import { Board } from "../../src/approval/board.ts";
import type { Workspace } from "../../src/desk/contract.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { canRunSshd, startSshd, type TestServer } from "../ssh/sshd.ts";
import { AGENT } from "../tools/fake.ts";

describe.skipIf(!canRunSshd)("a host key that nobody knows yet", () => {
  let server: TestServer;
  let workspace: Workspace;
  let board: Board;
  let known: string;
  const exec = async (host: string) =>
    (
      await createDesk({ workspace: async () => workspace, report: () => {} }).call(AGENT, "ssh_exec", {
        host,
        command: "echo came through",
      })
    ).text;
  const answered = async (yes: boolean) => {
    const [order] = await board.waiting();
    if (order === undefined) throw new Error("nothing waits");
    await board.give(order.id, { yes, by: "jo at a terminal", at: Date.now(), key: order.key });
    return order;
  };

  beforeAll(async () => {
    server = await startSshd();
    known = join(server.folder, "known");
    writeFileSync(known, "");
    const at = `host: 127.0.0.1, port: ${server.port}, user: root, platform: posix, auth: { method: key, key_path: ${server.clientKey} }, host_key: { known_hosts: ${known} }`;
    const configPath = join(server.folder, "hosts.yaml");
    writeFileSync(
      configPath,
      `settings: { ssh_config: false }\nhosts:\n  new1: { ${at} }\n  new2: { ${at} }\n`,
      {
        mode: 0o600,
      },
    );
    const env = { PATH: process.env.PATH, SHELL: "/bin/sh", XDG_STATE_HOME: join(server.folder, "state") };
    board = new Board(join(server.folder, "state", "ssh-mcp"), () => Date.now());
    const place = { env, cwd: server.folder, home: server.folder };
    workspace = await openWorkspace({ configPath, lab: false, ...place });
  });
  afterAll(async () => {
    await workspace?.dispose();
    await server?.stop();
  });

  it("is refused where a person says no, and asked for again after that", async () => {
    expect(await exec("new1")).toMatch(/^host_key_unknown: .*Asking approval #A/);
    await answered(false);
    expect(await exec("new1")).toMatch(/^host_key_unknown: .*jo at a terminal said/);
    expect(await exec("new1")).toContain("Asking approval #A");
  });

  it("is recorded once a person has approved that very key for that very host", async () => {
    const text = await exec("new1");
    const [order] = await board.waiting();
    expect(text).toContain(`ssh-mcp approve ${order?.id}`);
    expect(text).toContain(`ssh-mcp trust new1`);
    expect(order?.text).toMatch(/^ssh-ed25519 SHA256:\S+\n.*127\.0\.0\.1/);
    expect(readFileSync(known, "utf8")).toBe("");
    const { id } = await answered(true);
    expect(await exec("new2")).toContain("host_key_unknown");
    expect(await exec("new1")).toContain("came through");
    expect(readFileSync(known, "utf8")).toMatch(/^\[127\.0\.0\.1\]:\d+ ssh-ed25519 /);
    const log = readFileSync(join(server.folder, "state", "ssh-mcp", "audit.jsonl"), "utf8");
    expect(log).toMatch(new RegExp(`"event":"host_key".*"state":"accepted".*ssh-mcp approve ${id}`));
  });
});
