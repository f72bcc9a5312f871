import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { recordOwnLines } from "../../src/access/own-lines.ts";
import { type AuditLog, openAuditLog } from "../../src/audit/log.ts";
import { deniedLine } from "../../src/policy/deny.ts";
import { bench, type OnLine } from "../shell/cli/fake-device.ts";
import { fakeDesk, hostWith, outcomeOf } from "../tools/fake.ts";
import { entriesOf } from "./entries.ts";

let folder: string;
let path: string;
let audit: AuditLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-own-lines-"));
  path = join(folder, "audit.jsonl");
  audit = openAuditLog(path, () => 0);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const answers: OnLine = (line, device) => {
  if (line === "enable") device.print("\r\nPassword: ");
  else if (line === "a-long-secret") {
    device.prompt = "sw1#";
    device.answer("");
  } else device.answer("");
};
const profile = { open: [{ send: "terminal length 0" }, { send: "terminal width 0" }] };

describe("lines that the program composes itself", () => {
  it("are recorded with what they are for, a secret without its value", async () => {
    const record = recordOwnLines(audit);
    const host = { enable: { from: "env", name: "a-long-secret" } } as const;
    const onPut = (put: Parameters<typeof record>[0]) => record(put, { name: "sw1-2", host: "sw1" });
    const session = await bench(answers, { profile, host, onPut });
    await session.open();
    await session.run("show clock", { mode: "enable" });
    const entries = await entriesOf(path);
    expect(entries.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "setup terminal length 0",
      "setup terminal width 0",
      "secret [secret]",
    ]);
    expect(entries[0]).toMatchObject({ event: "typed", session: "sw1-2", host: "sw1" });
  });

  it("are judged by the deny patterns: what they deny is left out, and that is said", async () => {
    const { policy } = hostWith(["^terminal length"]);
    const session = await bench(answers, { profile, refuses: (line) => deniedLine(line, { policy }) });
    await session.open();
    expect(session.device.entered).toEqual(["terminal width 0"]);
    expect((await session.run("show clock")).notes.join()).toMatch(
      /left out `terminal length 0`: the operator's deny pattern/,
    );
  });

  // The bench's leave holds the lines that are judged, and no other byte is written.
  it.each([
    ["a tab", "show\tclock", ["show clock"]],
    ["a tab in front", "\tshow clock", [" show clock"]],
    ["blanks at the end", "show clock   ", ["show clock"]],
    ["tabs at the end", "show clock\t\t", ["show clock"]],
    ["line ends of three kinds, and empty lines", "a\r\nb\r\n\n\rc\n", ["a", "b", "c"]],
    ["letters of several bytes", "description Süd é", ["description Süd é"]],
    ["what a shell would expand", "show $HOME `id` !1", ["show $HOME `id` !1"]],
  ])("and the caller's lines are typed as they were judged: %s", async (_what, text, typed) => {
    const host = { enable: { from: "env", name: "a-long-secret" } } as const;
    const session = await bench(answers, { profile, host });
    await session.open();
    const before = session.device.entered.length;
    await session.run(text, { mode: "enable" });
    expect(session.device.entered.slice(before).filter((line) => line !== "a-long-secret")).toEqual([
      "enable",
      ...typed,
    ]);
  });

  it("stand in the entry of the command that they are typed for, as they are typed", async () => {
    const lines = [
      { text: "configure terminal", why: "mode" },
      { text: "no shutdown", why: "command" },
    ] as const;
    const idle = { transcript: "", commands: [], outcome: outcomeOf({ state: "done", evidence: "prompt" }) };
    const desk = fakeDesk({ ...idle, view: { expand: () => lines } }, { audit });
    await desk.call("ssh_shell", { session: "web1", command: "no\tshutdown" });
    expect((await entriesOf(path))[0]).toMatchObject({
      text: "no\tshutdown",
      typed: "configure terminal\nno shutdown",
    });
    const denied = fakeDesk(
      { ...idle, view: { expand: () => lines }, denyPatterns: ["^no shut"] },
      { audit },
    );
    expect((await denied.call("ssh_shell", { session: "web1", command: "no\tshutdown" })).text).toMatch(
      /^denied/,
    );
  });
});
