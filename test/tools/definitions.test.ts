import { describe, expect, it } from "vitest";
import { callTool } from "../../src/desk/boundary.ts";
import { tools } from "../../src/tools/index.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { fakeContext, outcomeOf } from "./fake.ts";

function tool(name: string): Tool {
  const found = tools.find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`no tool ${name}`);
  return found;
}

const idle = { transcript: "", commands: [], outcome: outcomeOf({ state: "done", evidence: "sentinel" }) };

describe("the tool definitions", () => {
  it("are the core set, in a constant order", () => {
    expect(tools.map(({ name }) => name)).toEqual([
      "ssh_hosts",
      "ssh_connect",
      "ssh_shell",
      "ssh_send",
      "ssh_read",
      "ssh_sessions",
      "ssh_disconnect",
    ]);
  });

  it("cost an agent less than 3,000 tokens together", () => {
    const text = JSON.stringify(tools.map(({ definition }) => definition));
    expect(text.length / 4).toBeLessThan(3_000);
  });

  it.each(tools)("$name sets all four annotations", ({ definition }) => {
    expect(Object.keys(definition.annotations).sort()).toEqual([
      "destructiveHint",
      "idempotentHint",
      "openWorldHint",
      "readOnlyHint",
    ]);
  });

  it.each(tools)("$name describes every parameter", ({ definition }) => {
    const { properties } = definition.inputSchema;
    expect(properties).toBeTypeOf("object");
    for (const [name, property] of Object.entries(properties ?? {}))
      expect(property, name).toHaveProperty("description");
  });

  it.each(tools)("$name is frozen", (frozen) => {
    expect(Object.isFrozen(frozen)).toBe(true);
    expect(Object.isFrozen(frozen.definition)).toBe(true);
  });
});

describe("arguments", () => {
  it("may be numbers and booleans written as strings", async () => {
    const { context, calls } = fakeContext(idle);
    await callTool(
      tool("ssh_send"),
      { session: "web1", text: "y", enter: "true", timeout_s: "2.5" },
      context,
    );
    expect(calls[0]?.request).toMatchObject({ text: "y", enter: true, timeoutMs: 2_500 });
  });

  it("may be strings written as numbers", async () => {
    const { context, calls } = fakeContext(idle);
    await callTool(tool("ssh_send"), { session: "web1", text: 42, enter: true }, context);
    expect(calls[0]?.request).toMatchObject({ text: "42" });
  });

  it("given as null count as not given", async () => {
    const { context, calls } = fakeContext(idle);
    await callTool(tool("ssh_shell"), { session: "web1", command: "ls", wait_for: null }, context);
    expect(calls[0]?.request).not.toHaveProperty("waitFor");
  });

  it("that are unknown are answered with the known ones, nearest first", async () => {
    const { context, calls } = fakeContext(idle);
    const result = await callTool(tool("ssh_shell"), { session: "web1", cmd: "ls" }, context);
    expect(result.isError).toBe(true);
    expect(result.text).toBe(
      'invalid_argument: ssh_shell: unknown argument "cmd".\n' +
        "Next: ssh_shell knows: mode, command, session, timeout_s, wait_for, keep_going, max_tokens.",
    );
    expect(calls).toEqual([]);
  });

  it("that do not fit name the field and what is expected", async () => {
    const { context } = fakeContext(idle);
    const result = await callTool(tool("ssh_shell"), { session: "web1", timeout_s: "soon" }, context);
    expect(result.text).toContain('"command": expected string');
    expect(result.text).toContain('"timeout_s": expected number');
  });

  it("that are not an object are refused in a sentence", async () => {
    const { context } = fakeContext(idle);
    expect((await callTool(tool("ssh_hosts"), [1], context)).text).toMatch(
      /^invalid_argument: .*JSON object/,
    );
  });

  it("ask for waits of 50 seconds at most, and the result says so", async () => {
    const { context, calls } = fakeContext(idle);
    const result = await callTool(
      tool("ssh_shell"),
      { session: "web1", command: "ls", timeout_s: 600 },
      context,
    );
    expect(calls[0]?.request).toMatchObject({ timeoutMs: 50_000 });
    expect(result.text).toContain("note: timeout_s is limited to 50");
  });

  it("leave the wait to the host's default when none is given", async () => {
    const { context, calls } = fakeContext(idle);
    await callTool(tool("ssh_shell"), { session: "web1", command: "ls" }, context);
    expect(calls[0]?.request).not.toHaveProperty("timeoutMs");
  });

  it("send either keys or text", async () => {
    const { context } = fakeContext(idle);
    const both = await callTool(tool("ssh_send"), { session: "web1", keys: "a", text: "a" }, context);
    expect(both.text).toMatch(/^invalid_argument: .*not both[\s\S]*\nNext: /);
    const neither = await callTool(tool("ssh_send"), { session: "web1" }, context);
    expect(neither.text).toMatch(/nothing to send/);
    const enterAlone = await callTool(tool("ssh_send"), { session: "web1", enter: true }, context);
    expect(enterAlone.isError).toBeUndefined();
  });
});

describe("errors", () => {
  it("nobody foresaw become one line without a stack, and are reported", async () => {
    const { context } = fakeContext(idle);
    const broken = {
      ...context,
      multiplexer: { ...context.multiplexer, shell: () => Promise.reject(new TypeError("x is\nnot y")) },
    };
    const reported: unknown[] = [];
    const result = await callTool(tool("ssh_shell"), { session: "web1", command: "ls" }, broken, (error) =>
      reported.push(error),
    );
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(/^internal: an unexpected error in ssh-mcp itself: x is\nNext: /);
    expect(reported).toHaveLength(1);
  });
});
