import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { type AuditLog, openAuditLog } from "../../src/audit/log.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import { readOn } from "../../src/tools/acts/read.ts";
import { runCommand } from "../../src/tools/acts/run.ts";
import { typeInto } from "../../src/tools/acts/type.ts";
import { fleet, warmUp } from "../multiplexer/fake-fleet.ts";
import { callerNamed } from "../multiplexer/permitted.ts";
import { hostWith } from "../tools/fake.ts";
import { entriesOf } from "./entries.ts";

let folder: string;
let audit: AuditLog;
let path: string;

beforeAll(warmUp);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-open-"));
  path = join(folder, "audit.jsonl");
  audit = openAuditLog(path, () => 0);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A real session behind the real gate; the host can be taken out of the inventory. */
async function guarded() {
  const rig = fleet();
  let listed = true;
  const directory = {
    resolve: async (name: string) => {
      if (listed) return hostWith([]);
      throw new SshMcpError("unknown_host", `there is no host "${name}"`);
    },
  };
  const access = createAccess({ directory, audit });
  const { multiplexer, clock } = rig;
  const context = { multiplexer, access, clock, caller: callerNamed("agent") };
  const run = (command: string, timeoutMs = 1000) =>
    rig.drive(runCommand(context, { session: "fake", command }, { timeoutMs }));
  const type = (input: { keys?: string; text?: string; enter?: boolean }) =>
    rig.drive(typeInto(context, { session: "fake", ...input }, { timeoutMs: 1000 }));
  await run("true");
  const shell = rig.shells[0];
  if (!shell) throw new Error("no shell was opened");
  const delist = () => {
    listed = false;
  };
  return { ...rig, context, shell, run, type, delist };
}

describe("a command whose host is taken out of the inventory", () => {
  it("can be interrupted and read; nothing else is run or typed", async () => {
    const { run, type, delist, context, drive, shell } = await guarded();
    await run("sleep 9");
    delist();
    await expect(type({ text: "y", enter: true })).rejects.toMatchObject({ code: "unknown_host" });
    await expect(run("echo no")).rejects.toMatchObject({ code: "unknown_host" });
    const read = await drive(readOn(context, "fake", undefined, { timeoutMs: 100 }));
    expect(read.outcome).toMatchObject({ state: "running", command: 2 });
    expect((await type({ keys: "<C-c>" })).outcome).toMatchObject({ state: "done", exit: 130, command: 2 });
    expect(shell.ran).toEqual(["true", "sleep 9"]);
  });
});

describe("a secret that a program reads without a word", () => {
  it("never stands in the audit log", async () => {
    const { run, type, shell } = await guarded();
    shell.scripts.set("read -s x", () => {
      shell.echoes = false;
    });
    await run("read -s x");
    await type({ text: "hunter2", enter: true });
    const text = await readFile(path, "utf8");
    expect(text).not.toContain("hunter2");
    expect(text).toContain("[unrecorded, 7 chars]");
  });

  it("is recorded after all where the terminal shows it", async () => {
    const { run, type, shell } = await guarded();
    shell.scripts.set("cat", () => {});
    await run("cat");
    await type({ text: "hello there", enter: true });
    expect((await entriesOf(path)).slice(-3)).toMatchObject([
      { event: "action", text: "[unrecorded, 11 chars]" },
      { event: "outcome" },
      { event: "echoed", text: "hello there" },
    ]);
  });
});
