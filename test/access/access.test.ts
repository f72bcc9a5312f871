import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuditLog, openAuditLog } from "../../src/audit/log.ts";
import { fakeDesk, outcomeOf } from "../tools/fake.ts";
import { entriesOf } from "./entries.ts";

let folder: string;
let path: string;
let audit: AuditLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-gate-"));
  path = join(folder, "audit.jsonl");
  audit = openAuditLog(path, () => 0);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const entries = () => entriesOf(path);

const idle = {
  transcript: "",
  commands: [],
  outcome: outcomeOf({ state: "done", evidence: "sentinel" }, { exit: 0 }),
};

describe("the gate", () => {
  it("records an action before it runs, and its outcome after", async () => {
    const { call } = fakeDesk(idle, { audit });
    await call("ssh_shell", { session: "web1", command: "uptime" });
    expect(await entries()).toMatchObject([
      {
        seq: 1,
        event: "action",
        tool: "ssh_shell",
        session: "web1",
        host: "web1",
        kind: "command",
        text: "uptime",
      },
      { seq: 2, event: "outcome", tool: "ssh_shell", state: "done", exit: 0 },
    ]);
  });

  it("records the row that is a prompt on the caller's word", async () => {
    const facts = { state: "asking", asked: "shell", row: "other}#" };
    const { call } = fakeDesk({ ...idle, facts }, { audit });
    await call("ssh_shell", { session: "web1", command: "uptime", here: "prompt" });
    expect((await entries())[0]).toMatchObject({ event: "action", here: "prompt", row: "other}#" });
  });

  it("records the name of the secret that a command is given", async () => {
    const { call, calls } = fakeDesk(idle, { audit });
    await call("ssh_shell", { session: "web1", command: "sudo id", secret: "sudo" });
    expect(calls[0]?.request).toMatchObject({ text: "sudo id", secret: "sudo" });
    expect((await entries())[0]).toMatchObject({ event: "action", text: "sudo id", secret: "sudo" });
  });

  it("refuses text that matches a deny pattern, whatever its case, and sends nothing", async () => {
    const { call, calls } = fakeDesk({ ...idle, denyPatterns: ["rm\\s+-rf\\s+/"] }, { audit });
    const shell = await call("ssh_shell", { session: "web1", command: "RM -rf /" });
    expect(shell.text).toMatch(/^denied: .*"rm\\\\s\+-rf\\\\s\+\/"/);
    const text = await call("ssh_send", { session: "web1", text: "rm -rf /", enter: true });
    const keys = await call("ssh_send", { session: "web1", keys: "rm<Space>-rf<Space>/<Enter>" });
    expect([text.isError, keys.isError]).toEqual([true, true]);
    expect(calls).toEqual([]);
    expect((await entries()).map(({ event }) => event)).toEqual(["refused", "refused", "refused"]);
  });

  it("refuses everything typed when a deny pattern cannot be read", async () => {
    const { call, calls } = fakeDesk({ ...idle, denyPatterns: ["(?=x)"] });
    const result = await call("ssh_shell", { session: "web1", command: "ls" });
    expect(result.text).toMatch(/^inventory_invalid: /);
    expect(calls).toEqual([]);
  });

  it("never records what is typed into a password question", async () => {
    const asking = {
      ...idle,
      outcome: outcomeOf({ state: "asking", asked: "password", evidence: "kernel", row: "Password:" }),
      view: { state: "asking" as const },
      facts: { state: "asking", asked: "password", row: "Password:" },
    };
    const { call } = fakeDesk(asking, { audit });
    await call("ssh_shell", { session: "web1", command: "sudo -i" });
    await call("ssh_send", { session: "web1", text: "hunter2", enter: true });
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
    expect((await entries())[2]).toMatchObject({ event: "action", tool: "ssh_send", text: "[secret]" });
  });

  it("records an answer to an ordinary question as it is", async () => {
    const asking = {
      ...idle,
      outcome: outcomeOf({ state: "asking", asked: "confirm", evidence: "pattern", row: "Continue? [Y/n]" }),
      view: { state: "asking" as const },
      facts: { state: "asking", asked: "confirm", row: "Continue? [Y/n]" },
    };
    const { call } = fakeDesk(asking, { audit });
    await call("ssh_read", { session: "web1" });
    await call("ssh_send", { session: "web1", text: "y", enter: true });
    expect((await entries())[2]).toMatchObject({ event: "action", text: "y" });
  });

  it("records who acted: the caller and its client program", async () => {
    const { call } = fakeDesk(idle, { audit });
    await call("ssh_shell", { session: "web1", command: "uptime" });
    expect((await entries())[0]).toMatchObject({ caller: "agent-1", client: "a client", verb: "run" });
  });

  it("lets an interrupt pass though the log cannot be written", async () => {
    const { call, calls } = fakeDesk({ ...idle, facts: { state: "running" } }, { audit });
    audit.close();
    const interrupt = await call("ssh_send", { session: "web1", keys: "<C-c>" });
    expect(interrupt.isError).toBeUndefined();
    expect(calls).toMatchObject([{ verb: "send", request: { bytes: Buffer.from([3]) } }]);
    const more = await call("ssh_send", { session: "web1", keys: "<C-c>ls<Enter>" });
    expect(more.text).toMatch(/^audit_failed: /);
  });

  it("refuses what changes state once the log cannot be written, and still reads", async () => {
    const { call, calls } = fakeDesk(idle, { audit });
    audit.close();
    const shell = await call("ssh_shell", { session: "web1", command: "ls" });
    expect(shell.text).toMatch(/^audit_failed: /);
    expect(calls).toEqual([]);
    const read = await call("ssh_read", { session: "web1" });
    expect(read.isError).toBeUndefined();
  });

  it("never refuses to read, to interrupt or to close for it, and warns in each result", async () => {
    for (const [tool, args] of [
      ["ssh_read", { session: "web1" }],
      ["ssh_read", { session: "web1", timeout_s: 1 }],
      ["ssh_read", { session: "web1", screen: true }],
      ["ssh_read", { session: "web1", grep: "x" }],
      ["ssh_send", { session: "web1", keys: "<C-c>" }],
      ["ssh_disconnect", { session: "web1" }],
    ] as const) {
      const { call } = fakeDesk({ ...idle, facts: { state: "running" } }, { audit });
      audit.close();
      const { text, isError } = await call(tool, args);
      expect({ tool, isError, text }).toEqual({
        tool,
        text: expect.stringMatching(
          /note: this is NOT in the audit log: .*cannot be written(?:.|\n)*notes=\d\]$/,
        ),
      });
    }
  });
});
