import { readFileSync } from "node:fs";
import type { Client } from "@modelcontextprotocol/client";
import { describe, expect, it } from "vitest";
import { serve, textOf } from "./rig.ts";
// In one file with these: the whole program is loaded once for both.
import "./eras.cases.ts";

/** Every way to name a session that a caller has no business with, and the same with a name that nobody has. */
const WAYS: readonly [tool: string, args: (session: string) => Record<string, unknown>][] = [
  ["ssh_read", (session) => ({ session })],
  ["ssh_read", (session) => ({ session, command: 1 })],
  ["ssh_read", (session) => ({ session, screen: true })],
  ["ssh_send", (session) => ({ session, text: "x" })],
  ["ssh_send", (session) => ({ session, keys: "<C-c>" })],
  ["ssh_send", (session) => ({ session, cols: 100, rows: 30 })],
  ["ssh_sessions", (session) => ({ session })],
  ["ssh_disconnect", (session) => ({ session })],
  ["ssh_read_file", (session) => ({ session, path: "/etc/hostname" })],
  ["ssh_list_dir", (session) => ({ session, path: "/" })],
  ["ssh_check", (session) => ({ session, command: "ls" })],
];

const open = (client: Client, session: string) => textOf(client, "ssh_connect", { host: "lab-sh", session });

async function sees(client: Client, session: string): Promise<string[]> {
  const answers: string[] = [];
  for (const [tool, args] of WAYS)
    answers.push((await textOf(client, tool, args(session))).replaceAll(session, "NAME"));
  return answers;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("the sessions of another token", () => {
  it("answer exactly as those that do not exist, and may have the same names", async () => {
    const server = await serve({ ann: {}, bob: {} });
    const [ann, bob] = [await server.connect("ann"), await server.connect("bob")];
    expect(await open(ann, "secret-work")).toMatch(/\[secret-work /);
    await textOf(ann, "ssh_shell", { session: "secret-work", command: "echo of-ann" });
    expect(await sees(bob, "secret-work")).toEqual(await sees(bob, "never-there"));
    expect(await textOf(bob, "ssh_sessions")).not.toContain("secret-work");
    expect(await textOf(bob, "ssh_disconnect", { all: true })).not.toContain("secret-work");
    expect(await open(bob, "secret-work")).toMatch(/\[secret-work /);
    expect(await textOf(bob, "ssh_shell", { session: "secret-work", command: "echo of-bob" })).toMatch(
      /\[secret-work #1 /,
    );
    expect(await textOf(ann, "ssh_read", { session: "secret-work", command: 1 })).toContain("of-ann");
    expect(await textOf(bob, "ssh_read", { session: "secret-work", command: 1 })).toContain("of-bob");
  });

  it("are not numbered together: a command without a session is unknown to the other", async () => {
    const server = await serve({ ann: {}, bob: {} });
    const [ann, bob] = [await server.connect("ann"), await server.connect("bob")];
    expect(await textOf(ann, "ssh_exec", { host: "lab-sh", command: "echo of-ann" })).toContain("of-ann");
    expect(await textOf(bob, "ssh_read", { exec: 1 })).toMatch(/^unknown_command: /);
    expect(await textOf(bob, "ssh_disconnect", { exec: 1 })).toMatch(/^unknown_command: /);
  });
});

describe("X-Session-Key", () => {
  it("finds the same sessions again from another connection, in either era", async () => {
    const server = await serve({ ann: {} });
    const first = await server.connect("ann", { key: "desk-1" });
    await open(first, "work");
    await textOf(first, "ssh_shell", { session: "work", command: "MINE=42" });
    await first.close();
    for (const era of ["2025-06-18", "sse", "2026-07-28"] as const) {
      const again = await server.connect("ann", { key: "desk-1", era });
      expect(await textOf(again, "ssh_shell", { session: "work", command: "echo mine=$MINE" })).toContain(
        "mine=42",
      );
      await again.close();
    }
  });

  it("separates callers of one token, and counts inside its token only", async () => {
    const server = await serve({ ann: {}, bob: {} });
    await open(await server.connect("ann", { key: "shared" }), "work");
    for (const other of [
      await server.connect("ann", { key: "other" }),
      await server.connect("ann"),
      await server.connect("bob", { key: "shared" }),
    ])
      expect(await textOf(other, "ssh_read", { session: "work" })).toMatch(
        /^unknown_session: .*none is open/,
      );
  });

  it("is written nowhere", async () => {
    const server = await serve({ ann: {} });
    const client = await server.connect("ann", { key: "key-of-the-canary" });
    await open(client, "work");
    expect(await textOf(client, "ssh_sessions", { session: "work" })).not.toContain("canary");
    const log = readFileSync(`${server.home}/.local/state/ssh-mcp/audit.jsonl`, "utf8");
    expect(log).toContain("http:ann:1");
    expect(log).not.toContain("canary");
    expect(log).not.toContain(server.token("ann"));
    expect(server.said.join()).not.toContain("canary");
  });
});

describe("clients of an older revision", () => {
  it("are separated by their protocol session, whose end closes what only they could reach", async () => {
    const server = await serve({ ann: {} });
    const one = await server.connect("ann", { era: "2025-06-18" });
    const other = await server.connect("ann", { era: "2025-06-18" });
    await open(one, "work");
    const shell = /^pid=(\d+)$/m.exec(
      await textOf(one, "ssh_shell", { session: "work", command: "echo pid=$$" }),
    )?.[1];
    expect(await textOf(other, "ssh_read", { session: "work" })).toMatch(/^unknown_session: /);
    const { transport } = one;
    if (transport === undefined || !("terminateSession" in transport)) throw new Error("no session");
    await (transport as unknown as { terminateSession(): Promise<void> }).terminateSession();
    await expect.poll(() => isAlive(Number(shell)), { timeout: 30_000 }).toBe(false);
  });

  it("cannot use a protocol session of another token: it is unknown", async () => {
    const server = await serve({ ann: {}, bob: {} });
    const ann = await server.connect("ann", { era: "2025-06-18" });
    const id = ann.transport?.sessionId ?? "";
    const ask = (name: string, session: string) =>
      fetch(server.url, {
        method: "POST",
        headers: {
          authorization: `Bearer ${server.token(name)}`,
          "mcp-session-id": session,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
      });
    expect((await ask("ann", id)).status).toBe(200);
    const [foreign, unknown] = [
      await ask("bob", id),
      await ask("bob", "3f2b6d1e-0000-4000-8000-000000000000"),
    ];
    expect([foreign.status, await foreign.text()]).toEqual([unknown.status, await unknown.text()]);
    expect(foreign.status).toBe(404);
  });
});

describe("with --global", () => {
  it("all tokens of one scope share one set of sessions", async () => {
    const server = await serve({ ann: {}, bob: {}, narrow: { hosts: ["lab-ios"] } }, { global: true });
    await open(await server.connect("ann"), "work");
    expect(await textOf(await server.connect("bob"), "ssh_sessions")).toContain("work");
    expect(await textOf(await server.connect("narrow"), "ssh_sessions")).not.toContain("work");
  });
});

describe("two tokens at random", () => {
  it("get nothing of each other's output, events or progress", async () => {
    const server = await serve({ ann: {}, bob: {} });
    const names = ["ann", "bob"] as const;
    const seed = Date.now() % 2 ** 31;
    let state = seed;
    const random = (most: number) => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
      return state % most;
    };
    const heard = new Map<string, string[]>();
    const work = async (name: (typeof names)[number]) => {
      const client = await server.connect(name);
      const mine: string[] = [];
      heard.set(name, mine);
      await open(client, "work");
      for (let turn = 0; turn < 12; turn++) {
        const mark = `${name}-says-${turn}`;
        const acts = [
          () => textOf(client, "ssh_shell", { session: "work", command: `echo ${mark}` }),
          () => textOf(client, "ssh_shell", { session: "work", command: `(sleep 0.2; echo bg-${mark}) &` }),
          () => textOf(client, "ssh_exec", { host: "lab-sh", command: `echo ${mark}` }),
          () => textOf(client, "ssh_read", { session: "work", timeout_s: 0 }),
          () => textOf(client, "ssh_sessions"),
        ];
        mine.push((await acts[random(acts.length)]?.()) ?? "");
      }
      mine.push(await textOf(client, "ssh_read", { session: "work", since: 0 }));
    };
    await Promise.all(names.map(work));
    expect(heard.get("ann")?.join("\n"), `seed ${seed}`).not.toContain("bob-says");
    expect(heard.get("bob")?.join("\n"), `seed ${seed}`).not.toContain("ann-says");
  });
});
