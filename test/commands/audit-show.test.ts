import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openAuditLog } from "../../src/audit/log.ts";
import { passes, timeOf } from "../../src/commands/audit/filter.ts";
import { type Showing, showLog } from "../../src/commands/audit/show.ts";

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-show-"));
  path = join(folder, "audit.jsonl");
  let now = Date.parse("2026-11-30T12:00:00Z");
  const log = openAuditLog(path, () => now, undefined, { rotation: { size: 500 } });
  for (const [event, host, more] of [
    ["action", "web1", { text: "uptime" }],
    ["action", "web2", { text: "reboot", approval: "ssh-mcp approve A7K3X" }],
    ["refused", "web1", { text: "rm -rf /", message: "no" }],
    ["error", "sw1", { message: "lost" }],
    ["host_key", "sw1", { state: "refused" }],
    ["outcome", "web1", { state: "done" }],
  ] as const) {
    log.record({ event, host, session: `${host}-a`, ...more });
    now += 3_600_000;
  }
  log.close();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

async function shown(how: Partial<Showing>): Promise<string[]> {
  let text = "";
  vi.spyOn(process.stdout, "write").mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  const around = { lab: false, env: {}, cwd: folder, home: folder };
  expect(await showLog(path, { count: 50, form: "words", filter: {}, ...how }, around)).toBe(0);
  return text.trimEnd().split("\n");
}

describe("ssh-mcp audit show", () => {
  it("reads over rotated files, the newest entries of all", async () => {
    const lines = await shown({});
    expect(lines.filter((line) => !line.includes("continued"))).toHaveLength(6);
    expect(lines.some((line) => line.includes("continued"))).toBe(true);
    expect(await shown({ count: 1 })).toEqual([expect.stringMatching(/outcome web1\/web1-a state="done"/)]);
  });

  it("shows what is of a host, of a time, of a verdict", async () => {
    const at = (time: string) => timeOf(time, "--since", 0);
    const events = async (filter: Showing["filter"]) =>
      (await shown({ filter })).map((line) => line.split(" ").slice(2, 4).join(" "));
    expect(await events({ host: "web?", verdict: "allowed" })).toEqual(["action web1/web1-a"]);
    expect(await events({ verdict: "approved" })).toEqual(["action web2/web2-a"]);
    expect(await events({ verdict: "refused" })).toEqual(["refused web1/web1-a", "host_key sw1/sw1-a"]);
    expect(await events({ verdict: "failed" })).toEqual(["error sw1/sw1-a"]);
    expect(await events({ session: "web1-a", since: at("2026-11-30T14:00Z") })).toEqual([
      "refused web1/web1-a",
      "outcome web1/web1-a",
    ]);
    expect(await events({ host: "*", until: at("2026-11-30T12:30Z") })).toEqual(["action web1/web1-a"]);
  });

  it("prints a table, or the very lines of the log", async () => {
    const [head, ...rows] = await shown({ form: "table", filter: { host: "web2" } });
    expect(head).toMatch(/^SEQ +TIME +EVENT +VERDICT +HOST +SESSION +WHAT$/);
    expect(rows).toEqual([expect.stringMatching(/^\d +2026\S+ +action +approved +web2 +web2-a +reboot$/)]);
    const [line = ""] = await shown({ form: "json", filter: { host: "web2" } });
    expect(JSON.parse(line)).toMatchObject({ event: "action", host: "web2", text: "reboot" });
  });

  it("takes times as they are written, or so long ago, and nothing else", () => {
    expect(timeOf("2h", "--since", 7_200_001)).toBe(1);
    expect(timeOf("1970-01-02", "--since", 0)).toBe(86_400_000);
    for (const wrong of ["yesterday", "2", "2w", "", "-1h"])
      expect(() => timeOf(wrong, "--since", 0)).toThrow(/--since takes a time/);
    expect(passes(undefined, { host: "*" })).toBe(false);
  });
});
