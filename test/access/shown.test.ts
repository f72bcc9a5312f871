import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Passage } from "../../src/access/step.ts";
import { redaction } from "../../src/access/steps/redaction.ts";
import { type AuditLog, openAuditLog } from "../../src/audit/log.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { caller } from "../permits.ts";
import { fakeDesk, outcomeOf, type Scripted } from "../tools/fake.ts";
import { entriesOf } from "./entries.ts";

/** What is recorded of `typed` behind its act, where the terminal has shown these rows since. */
async function recordedOf(typed: string, rows: readonly string[]): Promise<string | undefined> {
  const bytes = Buffer.from(`${typed}\r`);
  const terminal = { echo: async () => "unknown" as const, end: 0, text: async () => ({ lines: rows }) };
  const passage: Passage = {
    caller: caller(),
    notes: [],
    action: { verb: "type", how: "text", shown: typed, bytes },
    target: {
      host: { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy: UNRESTRICTED },
      session: { name: "web1", state: "running", level: 1, row: "" },
      terminal,
    },
  };
  const step = redaction();
  await step.before?.(passage);
  expect(passage.recordable?.()).toMatch(/^\[unrecorded, /);
  await step.done?.(passage, undefined);
  return passage.echoed;
}

describe("a text that the terminal was not known to show", () => {
  it.each([
    ["alone on its row", ["hello"]],
    ["before what the program answers", ["hello", "and good bye"]],
    ["behind blanks", ["  hello"]],
  ])("counts as shown %s", async (_where, rows) => {
    expect(await recordedOf("hello", rows)).toBe("hello");
  });

  it.each([
    ["in the middle of the row", ["you said hello"]],
    ["at its end", ["login: hello"]],
    ["on a later row", ["", "hello"]],
    ["on the row behind another", ["welcome", "hello"]],
    ["only in part", ["hell"]],
    ["nowhere", []],
  ])("does not count as shown where it stands %s", async (_where, rows) => {
    expect(await recordedOf("hello", rows)).toBeUndefined();
  });

  it("of several lines is shown line by line", async () => {
    expect(await recordedOf("begin\rmore", ["begin", "more"])).toBe("begin\rmore");
    expect(await recordedOf("begin\rmore", ["begin", "Password:"])).toBe("begin\r[unrecorded, 4 chars]");
  });
});

describe("a command that is given while a password is asked for", () => {
  let folder: string;
  let path: string;
  let audit: AuditLog;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssh-mcp-shown-"));
    path = join(folder, "audit.jsonl");
    audit = openAuditLog(path, () => 0);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const asking: Scripted = {
    transcript: "",
    commands: [],
    outcome: outcomeOf({ state: "running", evidence: "timeout" }),
  };

  it.each([
    ["asks for it", { state: "asking", asked: "password", row: "Word: " }, undefined],
    ["shows a row that does", { state: "running", command: 7, row: "[sudo] password for jo: " }, undefined],
    ["does not show what is typed", { state: "running", command: 7, row: "" }, "off"],
  ] as const)("does not stand in the audit log where the program %s", async (_what, facts, echo) => {
    const desk = fakeDesk({ ...asking, facts, ...(echo === undefined ? {} : { echo }) }, { audit });
    await desk.call("ssh_shell", { session: "web1", command: "hunter2" });
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
    expect((await entriesOf(path))[0]).toMatchObject({ verb: "run", kind: "command", text: "[secret]" });
  });

  it("does not stand there where it is denied, either", async () => {
    const facts = { state: "asking", asked: "password", row: "Password: " };
    const desk = fakeDesk({ ...asking, facts, denyPatterns: ["hunter"] }, { audit });
    const { text } = await desk.call("ssh_shell", { session: "web1", command: "hunter2" });
    expect(text).toMatch(/^denied: /);
    expect(await readFile(path, "utf8")).not.toContain("hunter2");
    expect((await entriesOf(path)).at(-1)).toMatchObject({ event: "refused", text: "[secret]" });
  });
});
