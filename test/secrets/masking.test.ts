import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAuditLog } from "../../src/audit/log.ts";
import { createSecrets } from "../../src/secrets/secrets.ts";
import { fakeDesk, outcomeOf, record, type Scripted } from "../tools/fake.ts";

const SECRET = "Tr0ub4dor-and-3";
const secrets = createSecrets({ env: { PASS: SECRET } });
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-masking-"));
  (await secrets.read({ from: "env", name: "PASS" })).reveal();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const { redact } = secrets;
const done = (transcript: string, more: Partial<Scripted> = {}): Scripted => ({
  transcript,
  commands: [record(7, 0, transcript.length, `echo ${SECRET}`)],
  outcome: outcomeOf({ state: "done", evidence: "sentinel" }, { to: transcript.length }),
  ...more,
});

describe("a secret of the inventory that the far side shows", () => {
  it.each([
    ["ssh_shell", { session: "web1", command: "env" }],
    ["ssh_read", { session: "web1", command: 7 }],
    ["ssh_read", { session: "web1", grep: "PASS" }],
    ["ssh_sessions", {}],
  ])("is masked in the result of %s %j", async (tool, args) => {
    const { call } = fakeDesk(done(`PASS=${SECRET}\nOTHER=1\n`), { redact });
    const { text } = await call(tool, args);
    expect(text).toContain("[secret]");
    expect(text).not.toContain(SECRET);
  });

  it("is masked on the screen, also where it is wrapped into the next row", async () => {
    const rows = [`PASS=${SECRET}`, `${"x".repeat(30)}${SECRET.slice(0, 7)}`, `${SECRET.slice(7)} after`];
    const { call } = fakeDesk(done("", { screen: { rows } }), { redact });
    const { text } = await call("ssh_read", { session: "web1", screen: true });
    expect(text).not.toContain(SECRET.slice(0, 7));
    expect(text).not.toContain(SECRET.slice(7));
    expect(text).toContain(" after");
  });

  it("is masked in notes, in what asks, and in errors", async () => {
    const asking = outcomeOf(
      { state: "asking", asked: "question", evidence: "pattern", row: `use ${SECRET}?` },
      { notes: [`it said ${SECRET}`] },
    );
    const { call } = fakeDesk(done("", { outcome: asking }), { redact });
    expect((await call("ssh_read", { session: "web1" })).text).not.toContain(SECRET);
    expect((await call("ssh_read", { session: "web1", grep: `(${SECRET}` })).text).not.toContain(SECRET);
  });

  it("is not shown by halves when a result begins or ends within it", async () => {
    const transcript = `PASS=${SECRET}\n`;
    const at = 5 + 8;
    const ends = outcomeOf({ state: "running", evidence: "timeout" }, { from: 0, to: at });
    const begins = outcomeOf({ state: "done", evidence: "sentinel" }, { from: at, to: transcript.length });
    for (const [outcome, part] of [
      [ends, SECRET.slice(0, 8)],
      [begins, SECRET.slice(8)],
    ] as const) {
      const { call } = fakeDesk({ ...done(transcript), outcome }, { redact });
      const { text } = await call("ssh_read", { session: "web1", timeout_s: 1 });
      expect(text).not.toContain(part);
      expect(text).toContain("[secret]");
    }
  });

  it("leaves the names of sessions and hosts as they are, which the caller needs for the next call", async () => {
    const name = "edge-router";
    const named = createSecrets({ env: { PASS: name } });
    (await named.read({ from: "env", name: "PASS" })).reveal();
    const outcome = outcomeOf({ state: "done", evidence: "sentinel" }, { to: 18, session: name });
    const { call } = fakeDesk(done(`login ${name}\n`, { view: { name }, outcome }), { redact: named.redact });
    expect((await call("ssh_shell", { session: name, command: "x" })).text).toMatch(
      /^login \[secret\]\n\[edge-router #7 done/,
    );
    expect((await call("ssh_sessions", {})).text).toMatch(/^edge-router /);
  });

  it("is counted in the status line, and a mark that the far side prints itself is not", async () => {
    const twice = fakeDesk(done(`${SECRET} [secret] ${SECRET}\n`), { redact });
    expect((await twice.call("ssh_read", { session: "web1", command: 7 })).text).toMatch(/ masked=2\]$/);
    const none = fakeDesk(done("[secret]\n"), { redact });
    expect((await none.call("ssh_read", { session: "web1", command: 7 })).text).not.toContain("masked");
    const echoed = fakeDesk(done("Password: [secret]\n", { view: { masked: 1 } }), { redact });
    expect((await echoed.call("ssh_shell", { session: "web1", command: "x" })).text).toMatch(/ masked=1\]$/);
  });

  it("is masked in every line of the audit log", async () => {
    const path = join(folder, "audit.jsonl");
    const audit = openAuditLog(path, () => 0, redact);
    const { call } = fakeDesk(done(""), { redact, audit });
    await call("ssh_shell", { session: "web1", command: `mysql -p${SECRET}` });
    await call("ssh_send", { session: "web1", text: SECRET });
    audit.close();
    const text = readFileSync(path, "utf8");
    expect(text).toContain('"text":"mysql -p[secret]"');
    expect(text).not.toContain(SECRET);
  });
});
