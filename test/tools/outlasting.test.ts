import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AuditEvent } from "../../src/audit/log.ts";
import { until } from "../real/kit/until.ts";
import { hostOf } from "../ssh/hosts.ts";
import { canRunSshd, startSshd, type TestServer } from "../ssh/sshd.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

describe.skipIf(!canRunSshd)("what outlasts its call is in the audit log again when it ends", () => {
  let server: TestServer;
  let desk: DeskOver;
  let folder: string;
  let recorded: AuditEvent[] = [];
  beforeAll(async () => {
    server = await startSshd({ config: ["Subsystem sftp internal-sftp"] });
  });
  afterAll(() => server.stop());
  beforeEach(() => {
    recorded = [];
    folder = mkdtempSync(join(tmpdir(), "ssh-mcp-outlasting-"));
    const places = { roots: [folder], cwd: folder, home: folder, withheld: [] };
    desk = deskOver([{ ...hostOf(server), name: "web1" }], {
      places,
      audit: { record: (event) => void recorded.push(event), close() {} },
    });
    return async () => {
      await desk.dispose();
      rmSync(folder, { recursive: true });
    };
  });

  /** A short wait is to be one for the command, not for the login. */
  const connected = () => desk.call("ssh_exec", { host: "web1", command: "true" });
  const ended = () => recorded.filter(({ event }) => event === "ended");

  it("a command, with its exit code and the bytes it printed", async () => {
    const gate = join(folder, "gate");
    const command = `until [ -e ${gate} ]; do sleep 0.05; done; echo through; exit 3`;
    await connected();
    expect(await desk.call("ssh_exec", { host: "web1", command, timeout_s: 0.5 })).toMatch(/ #2 running /);
    expect(recorded.at(-1)).toMatchObject({ event: "outcome", state: "running" });
    await desk.call("ssh_read", { exec: 2, timeout_s: 0 });
    writeFileSync(gate, "");
    await until(() => ended().length > 0, { describe: "it ends" });
    expect(ended()).toEqual([
      expect.objectContaining({
        ...{ event: "ended", tool: "ssh_exec", verb: "exec", host: "web1", command: 2 },
        ...{ state: "done", evidence: "exit", exit: 3, bytes: 8 },
      }),
    ]);
  });

  it("a command that was ended within its call is not there twice", async () => {
    await desk.call("ssh_exec", { host: "web1", command: "true" });
    expect(recorded.map(({ event }) => event)).toEqual(["action", "outcome"]);
  });

  it("a command that still runs when the program ends, before the log is closed", async () => {
    await connected();
    await desk.call("ssh_exec", { host: "web1", command: "sleep 300", timeout_s: 0.5 });
    await desk.dispose();
    expect(ended()).toEqual([
      expect.objectContaining({ verb: "exec", command: 2, state: expect.stringMatching(/closed|done/) }),
    ]);
  });

  it("a transfer, with the bytes that arrived, at each host it was done on", async () => {
    writeFileSync(join(folder, "here"), "x".repeat(100_000));
    const path = join(folder, "there");
    expect(await desk.call("ssh_upload", { local: "here", host: "web1", path, timeout_s: 0 })).toMatch(
      / upload running T1 /,
    );
    await until(() => ended().length > 0, { describe: "it ends" });
    expect(ended()).toEqual([
      expect.objectContaining({
        ...{ event: "ended", tool: "ssh_upload", verb: "file", kind: "upload", path },
        ...{ transfer: "T1", state: "done", bytes: 100_000 },
      }),
    ]);
    expect(readFileSync(join(folder, "there"), "utf8")).toHaveLength(100_000);
  });
});
