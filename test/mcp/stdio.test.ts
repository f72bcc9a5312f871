import { rm } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundled } from "../bundled.ts";
import { initialize, start, type Wire } from "./wire.ts";

let fake: string;
beforeAll(async () => {
  fake = await bundled("test/mcp/fake-server.ts");
});
afterAll(() => rm(fake));

async function opened(env: NodeJS.ProcessEnv = {}): Promise<Wire> {
  const wire = start([process.execPath, fake], env);
  wire.send(initialize);
  await wire.answer(1);
  wire.send({ method: "notifications/initialized" });
  return wire;
}

async function withSession(env: NodeJS.ProcessEnv = {}): Promise<Wire> {
  const wire = await opened(env);
  wire.send({ id: 2, method: "tools/call", params: { name: "ssh_sessions", arguments: {} } });
  await wire.answer(2);
  return wire;
}

describe("stdout", () => {
  it("carries the protocol and not one byte else, whatever prints", async () => {
    const wire = await opened();
    wire.send({ id: 2, method: "tools/list" });
    wire.send({ id: 3, method: "tools/call", params: { name: "ssh_sessions", arguments: {} } });
    wire.send({ id: 4, method: "tools/call", params: { name: "ssh_nothing", arguments: {} } });
    await Promise.all([wire.answer(2), wire.answer(3), wire.answer(4)]);
    await wire.untilStderr(/a stray line from console\.log\n[\s\S]*a stray write\n/);
    wire.child.stdin.end();
    await wire.ended;
    for (const line of wire.lines) expect(JSON.parse(line)).toHaveProperty("jsonrpc", "2.0");
  });

  it("names the tools there are to a caller of another one", async () => {
    const wire = await opened();
    wire.send({ id: 4, method: "tools/call", params: { name: "ssh_execute", arguments: {} } });
    expect(await wire.answer(4)).toMatchObject({
      error: { code: -32602, message: expect.stringMatching(/Unknown tool "ssh_execute"; there are ssh_/) },
    });
    wire.child.stdin.end();
    await wire.ended;
  });
});

describe("what the first call needs", () => {
  it("is loaded once the client knows the server, before any call", async () => {
    const wire = await opened();
    await wire.untilStderr(/^warmed\n$/);
    wire.child.stdin.end();
    await wire.ended;
  });
});

describe("a caller", () => {
  it("is this connection, under the client's own name", async () => {
    const wire = await opened();
    wire.send({ id: 5, method: "tools/call", params: { name: "ssh_read", arguments: { session: "web1" } } });
    await wire.untilStderr(/waiting: stdio-\d+ wire\n/);
    wire.child.stdin.end();
    await wire.ended;
  });
});

describe("a long call", () => {
  it("tells a client that gave a token how it goes on, and no other", async () => {
    const wire = await opened();
    const call = (id: number, meta: object) =>
      wire.send({
        id,
        method: "tools/call",
        params: { name: "ssh_read", arguments: { session: "web1" }, ...meta },
      });
    call(5, {});
    call(6, { _meta: { progressToken: "long-6" } });
    await wire.untilLine(/"progressToken":"long-6","progress":\d+,"message":"\d+ s, 0 B/);
    const told = wire.lines.filter((line) => line.includes("notifications/progress"));
    expect(told.length).toBeGreaterThan(0);
    for (const line of told) expect(JSON.parse(line)).toHaveProperty("params.progressToken", "long-6");
    wire.child.stdin.end();
    await wire.ended;
  });
});

describe("a message that is too long", () => {
  const call = (id: number | string, first: boolean) => {
    const params = { name: "ssh_sessions", arguments: { x: "y".repeat(12_000_000) } };
    const head = { jsonrpc: "2.0", id };
    const rest = { method: "tools/call", params };
    return first ? { ...head, ...rest } : { ...rest, ...head };
  };

  it.each([
    ["at its beginning", 7, true],
    ["at its end", 8, false],
    ["as text", "call-9", true],
  ])("is answered with an error to its id, %s, and the server goes on", async (_, id, first) => {
    const wire = await opened();
    wire.child.stdin.write(`${JSON.stringify(call(id, first))}\n`);
    await wire.untilLine(
      new RegExp(`"id":"?${id}"?,"error":\\{"code":-32600,"message":"this message has 12`),
    );
    wire.send({ id: 10, method: "tools/list" });
    expect(await wire.answer(10)).toHaveProperty("result.tools");
    wire.child.stdin.end();
    expect((await wire.ended).code).toBe(0);
  });

  it("that never ends does not hide the end of the input", async () => {
    const wire = await opened();
    for (let i = 0; i < 40; i++) wire.child.stdin.write("z".repeat(1_000_000));
    wire.child.stdin.end();
    expect((await wire.ended).code).toBe(0);
  });
});

describe("cancelling a call", () => {
  it("ends the wait and leaves the server and its sessions alone", async () => {
    const wire = await opened();
    wire.send({ id: 5, method: "tools/call", params: { name: "ssh_read", arguments: { session: "web1" } } });
    await wire.untilStderr(/waiting/);
    wire.send({ method: "notifications/cancelled", params: { requestId: 5 } });
    await wire.untilStderr(/aborted/);
    wire.send({ id: 6, method: "tools/call", params: { name: "ssh_sessions", arguments: {} } });
    expect(JSON.stringify(await wire.answer(6))).toContain("web1");
    expect(wire.lines.some((line) => line.includes('"id":5'))).toBe(false);
    wire.child.stdin.end();
    await wire.ended;
  });
});

describe("the end", () => {
  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "by %s closes the sessions and exits 0",
    async (signal) => {
      const wire = await withSession();
      wire.mark();
      wire.child.kill(signal);
      await wire.untilStderr(/disposed/);
      const { code, afterMs } = await wire.ended;
      expect(code).toBe(0);
      expect(afterMs).toBeLessThan(10_000);
    },
  );

  it("by the end of stdin closes the sessions and exits 0", async () => {
    const wire = await withSession();
    wire.mark();
    wire.child.stdin.end();
    await wire.untilStderr(/disposed/);
    const { code, afterMs } = await wire.ended;
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(10_000);
  });

  it("by a client that no longer reads closes the sessions and exits 0", async () => {
    const wire = await withSession();
    wire.child.stdout.destroy();
    wire.send({ id: 7, method: "tools/list" });
    await wire.untilStderr(/disposed/);
    expect((await wire.ended).code).toBe(0);
  });

  it("comes though a session will not close", async () => {
    const wire = await withSession({ FAKE_STUCK: "1" });
    wire.mark();
    wire.child.kill("SIGTERM");
    const { code, afterMs } = await wire.ended;
    expect(code).toBe(0);
    expect(afterMs).toBeLessThan(10_000);
  });

  it("does not wait for a call that is still waiting", async () => {
    const wire = await opened();
    wire.send({ id: 5, method: "tools/call", params: { name: "ssh_read", arguments: { session: "web1" } } });
    await wire.untilStderr(/waiting/);
    wire.mark();
    wire.child.stdin.end();
    expect((await wire.ended).afterMs).toBeLessThan(10_000);
  });
});
