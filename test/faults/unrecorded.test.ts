import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifyAuditLog } from "../../src/audit/verify.ts";
import { initialize, start, type Wire } from "../mcp/wire.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-unrecorded-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The built server over its embedded hosts; `call` gives a tool's text. */
async function served(command: readonly string[], state: string, args: readonly string[] = []) {
  const wire: Wire = start([...command, process.execPath, "dist/cli.js", "--lab", ...args], {
    XDG_STATE_HOME: state,
  });
  wire.send(initialize);
  await wire.answer(1);
  wire.send({ method: "notifications/initialized" });
  let last = 10;
  return {
    wire,
    async call(name: string, given: object = {}) {
      const id = ++last;
      wire.send({ id, method: "tools/call", params: { name, arguments: given } });
      return JSON.parse(JSON.stringify(await wire.answer(id))).result.content[0].text as string;
    },
    async end() {
      wire.child.stdin.end();
      await wire.ended;
    },
  };
}

describe("the built server whose log cannot be written", () => {
  it("says so at its start, changes nothing, reads on with a warning, and records once it can", async () => {
    const state = join(folder, "state");
    writeFileSync(state, "a file where a folder would be\n");
    const server = await served([], state);
    try {
      await server.wire.untilStderr(/audit\.jsonl cannot be written .*a container needs a writable volume/);
      expect(await server.call("ssh_hosts")).toContain("lab-sh");
      for (const [tool, args] of [
        ["ssh_connect", { host: "lab-sh" }],
        ["ssh_exec", { host: "lab-sh", command: "touch /tmp/x" }],
      ] as const)
        expect(await server.call(tool, args)).toMatch(
          /^audit_failed: .*nothing that changes state is done.*\nNext: .*settings\.audit_log.*audit_log: off.*no restart is needed/s,
        );
      rmSync(state);
      expect(await server.call("ssh_connect", { host: "lab-sh" })).toContain("ready");
    } finally {
      await server.end();
    }
    const log = join(state, "ssh-mcp", "audit.jsonl");
    expect(readFileSync(log, "utf8")).toContain('"event":"missed"');
    expect((await verifyAuditLog(log)).problems).toEqual([]);
  });

  it("on a full disk refuses commands, and reads, interrupts and closes with a warning", async () => {
    const state = join(folder, "full");
    // No file may have more than this: the system's answer is that of a full disk.
    const limited = ["bash", "-c", 'ulimit -f 16; exec "$0" "$@"'];
    const server = await served(limited, state);
    try {
      expect(await server.call("ssh_connect", { host: "lab-sh" })).toContain("ready");
      const fill = (count: number) => `: ${"x".repeat(2_000)} ${count}`;
      let said = "";
      for (let count = 0; count < 40 && !said.startsWith("audit_failed"); count++)
        said = await server.call("ssh_shell", { session: "lab-sh", command: fill(count) });
      expect(said).toMatch(/^audit_failed: .*cannot be written/);
      // Shorter lines may fit still: what is left is filled.
      for (let count = 0; count < 40; count++) {
        said = await server.call("ssh_shell", { session: "lab-sh", command: "true" });
        if (said.startsWith("audit_failed")) break;
      }
      expect(said).toMatch(/^audit_failed: /);
      const warned = /note: this is NOT in the audit log/;
      expect(await server.call("ssh_read", { session: "lab-sh", screen: true })).toMatch(warned);
      expect(await server.call("ssh_send", { session: "lab-sh", keys: "<C-c>" })).toMatch(warned);
      expect(await server.call("ssh_disconnect", { session: "lab-sh" })).toMatch(/closed/);
    } finally {
      await server.end();
    }
    const log = join(state, "ssh-mcp", "audit.jsonl");
    expect((await verifyAuditLog(log)).problems).toEqual([]);
  });
});
