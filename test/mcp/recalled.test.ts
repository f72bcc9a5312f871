import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { Approvals } from "../../src/approval/approvals.ts";
import { Board } from "../../src/approval/board.ts";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import { SshMcpError } from "../../src/base/errors.ts";
import type { Desk } from "../../src/desk/contract.ts";
import { serveConnection } from "../../src/mcp/connection.ts";
import { Guard } from "../../src/policy/guard.ts";
import { aHost, UNRESTRICTED } from "../a-host.ts";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Whoever gives a call again waits for the answer at the terminal, which is none of these tests' matter. */
const HURRY = 400;
const hurried: Clock = {
  wallTime: () => systemClock.wallTime(),
  now: () => systemClock.now() * HURRY,
  after: (ms, then) => systemClock.after(ms / HURRY, then),
};

/** A client of the 2026-07-28 revision at a real gate: its one tool runs a command on web1. */
function client(capabilities: object = { elicitation: { form: {} } }) {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-recalled-"));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const host = aHost({ policy: { ...UNRESTRICTED, level: "guarded" } });
  const board = new Board(folder, () => systemClock.wallTime());
  const access = createAccess({
    directory: { resolve: async () => host, outdated: undefined },
    guard: new Guard(async () => undefined, systemClock),
    approvals: new Approvals({ board, clock: hurried }),
  });
  const ran: string[] = [];
  const facts = { name: "web1", address: "jo@192.0.2.1:22", platform: "posix", policy: host.policy };
  const desk: Desk = {
    definitions: async () => [],
    call: async (caller, _tool, args) => {
      const command = String(Object(args).command);
      try {
        await access.pass(caller, { verb: "exec", command }, { host: facts }, async () => ran.push(command));
        return { result: { kind: "sessions", sessions: [] }, text: "ran" };
      } catch (error) {
        if (!(error instanceof SshMcpError)) throw error;
        return { result: { kind: "error", error }, text: error.toText() };
      }
    },
  };
  const [input, output] = [new PassThrough(), new PassThrough()];
  const served = serveConnection({ desk, callerId: "agent-1", input, output, report: () => {} });
  ends.push(() => served.close());
  const waiting = new Map<number, (message: unknown) => void>();
  let rest = "";
  output.on("data", (bytes: Buffer) => {
    const lines = (rest + bytes.toString()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const message = JSON.parse(line);
      waiting.get(message.id)?.(message);
    }
  });
  let last = 0;
  const call = (command: string, more: object = {}) =>
    new Promise<{ result?: Record<string, unknown>; text: string }>((resolve) => {
      const id = ++last;
      waiting.set(id, (message) => resolve({ ...Object(message), text: JSON.stringify(message) }));
      const _meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { name: "client", version: "1" },
        "io.modelcontextprotocol/clientCapabilities": capabilities,
      };
      const params = { name: "run", arguments: { command }, _meta, ...more };
      input.write(`${JSON.stringify({ jsonrpc: "2.0", id, method: "tools/call", params })}\n`);
    });
  const brought = (asked: { result?: Record<string, unknown> }, content: object, action = "accept") => ({
    requestState: asked.result?.requestState,
    inputResponses: { approval: { action, content } },
  });
  return { call, brought, ran, board };
}

const approved = { decision: "approve" };

describe("a client of the 2026-07-28 revision", () => {
  it("is given the question in place of the result, and runs it once by calling again with an explicit yes", async () => {
    const { call, brought, ran, board } = client();
    const asked = await call("reboot");
    expect(asked.result).toMatchObject({ resultType: "input_required" });
    expect(asked.text).toContain("An agent wants to run a command on web1");
    expect(ran).toEqual([]);
    expect((await call("reboot", brought(asked, approved))).text).toContain("ran");
    expect(ran).toEqual(["reboot"]);
    expect(await board.waiting()).toEqual([]);
    const again = await call("reboot", brought(asked, approved));
    expect(again.text).toContain("approval_needed");
    expect(ran).toEqual(["reboot"]);
  });

  it.each([
    ["another command", "poweroff", approved, "accept"],
    ["a no", "reboot", { decision: "deny" }, "accept"],
    ["a refusal", "reboot", {}, "decline"],
    ["no answer", "reboot", {}, "cancel"],
    ["an answer that is none", "reboot", { decision: true }, "accept"],
  ])("runs nothing by %s", async (_what, command, content, action) => {
    const { call, brought, ran } = client();
    const asked = await call("reboot");
    expect((await call(command, brought(asked, content, action))).text).toMatch(/approval_needed|denied/);
    expect(ran).toEqual([]);
  });

  it("runs nothing by a state that nobody gave it, nor what cannot be undone without the host's name", async () => {
    const { call, brought, ran } = client();
    const forged = {
      requestState: "made-up",
      inputResponses: { approval: { action: "accept", content: approved } },
    };
    expect((await call("reboot", forged)).text).toContain("approval_needed");
    const asked = await call("mkfs.ext4 /dev/sdb");
    expect((await call("mkfs.ext4 /dev/sdb", brought(asked, approved))).text).toContain("approval_needed");
    const named = await call("mkfs.xfs -f /dev/sdc");
    await call("mkfs.xfs -f /dev/sdc", brought(named, { ...approved, host: "web1" }));
    expect(ran).toEqual(["mkfs.xfs -f /dev/sdc"]);
  });

  it("that shows no forms is told the other way", async () => {
    const { call } = client({});
    expect((await call("reboot")).text).toMatch(/approval_needed.*ssh-mcp approve/);
  });
});
