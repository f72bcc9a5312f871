import { describe, expect, it } from "vitest";
import { TOOLSETS } from "../../src/base/toolsets.ts";
import { instructions } from "../../src/mcp/instructions.ts";
import { core, toolsOn } from "../../src/tools/index.ts";
import type { Tool } from "../../src/tools/tool.ts";
import { fakeDesk, outcomeOf } from "./fake.ts";

const tools = toolsOn(TOOLSETS);

const idle = { transcript: "", commands: [], outcome: outcomeOf({ state: "done", evidence: "sentinel" }) };

/** What a client hands to a model of them, four characters a token. */
function tokensOf(tools: readonly Tool[]): number {
  const read = tools.map(({ definition: { name, description, inputSchema } }) => ({
    name,
    description,
    inputSchema,
  }));
  return JSON.stringify(read).length / 4;
}

describe("the tool definitions", () => {
  it("are the core set, in a constant order", () => {
    expect(core.map(({ name }) => name)).toEqual([
      "ssh_hosts",
      "ssh_connect",
      "ssh_shell",
      "ssh_exec",
      "ssh_send",
      "ssh_read",
      "ssh_sessions",
      "ssh_disconnect",
      "ssh_check",
    ]);
  });

  it("cost an agent at most 2,500 tokens together with the instructions", () => {
    expect(tokensOf(core) + instructions.length / 4).toBeLessThanOrEqual(2_500);
  });

  it("cost at most 4,500 with those for files", () => {
    expect(tokensOf(toolsOn(["files"])) + instructions.length / 4).toBeLessThanOrEqual(4_500);
  });

  it("say no bound that means nothing to a model", () => {
    const text = JSON.stringify(tools.map(({ definition }) => definition));
    expect(text).not.toMatch(/9007199254740991|minLength|maxLength/);
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
    const { call, calls } = fakeDesk(idle);
    await call("ssh_send", { session: "web1", text: "y", enter: "true", timeout_s: "2.5" });
    expect(calls[0]?.request).toMatchObject({ bytes: Buffer.from("y\r"), timeoutMs: 2_500 });
  });

  it("may be strings written as numbers", async () => {
    const { call, calls } = fakeDesk(idle);
    await call("ssh_send", { session: "web1", text: 42, enter: true });
    expect(calls[0]?.request).toMatchObject({ bytes: Buffer.from("42\r") });
  });

  it("given as null count as not given", async () => {
    const { call, calls } = fakeDesk(idle);
    await call("ssh_shell", { session: "web1", command: "ls", wait_for: null });
    expect(calls[0]?.request).not.toHaveProperty("waitFor");
  });

  it("that are unknown are answered with the known ones, nearest first", async () => {
    const { call, calls } = fakeDesk(idle);
    const result = await call("ssh_shell", { session: "web1", cmd: "ls" });
    expect(result.isError).toBe(true);
    expect(result.text).toBe(
      'invalid_argument: ssh_shell: unknown argument "cmd".\n' +
        "Next: ssh_shell knows: mode, command, grep, here, tail, after, secret, context, session, timeout_s, wait_for, keep_going, max_tokens.",
    );
    expect(calls).toEqual([]);
  });

  it("that do not fit name the field and what is expected", async () => {
    const { call } = fakeDesk(idle);
    const result = await call("ssh_shell", { session: "web1", timeout_s: "soon" });
    expect(result.text).toContain('"command": expected string');
    expect(result.text).toContain('"timeout_s": expected number');
  });

  it("that are not an object are refused in a sentence", async () => {
    const { call } = fakeDesk(idle);
    expect((await call("ssh_hosts", [1])).text).toMatch(/^invalid_argument: .*JSON object/);
  });

  it("ask for waits of 50 seconds at most, and the result says so", async () => {
    const { call, calls } = fakeDesk(idle);
    const result = await call("ssh_shell", { session: "web1", command: "ls", timeout_s: 600 });
    expect(calls[0]?.request).toMatchObject({ timeoutMs: 50_000 });
    expect(result.text).toContain("note: timeout_s is limited to 50");
  });

  it("leave the wait to the host's default when none is given", async () => {
    const { call, calls } = fakeDesk(idle);
    await call("ssh_shell", { session: "web1", command: "ls" });
    expect(calls[0]?.request).not.toHaveProperty("timeoutMs");
  });

  it("send either keys or text", async () => {
    const { call } = fakeDesk(idle);
    const both = await call("ssh_send", { session: "web1", keys: "a", text: "a" });
    expect(both.text).toMatch(/^invalid_argument: .*not both[\s\S]*\nNext: /);
    const neither = await call("ssh_send", { session: "web1" });
    expect(neither.text).toMatch(/nothing to send/);
    const enterAlone = await call("ssh_send", { session: "web1", enter: true });
    expect(enterAlone.isError).toBeUndefined();
  });
});

describe("errors", () => {
  it("nobody foresaw become one line without a stack, and are reported", async () => {
    const broken = { run: () => Promise.reject(new TypeError("x is\nnot y")) };
    const { call, reported } = fakeDesk(idle, { multiplexer: broken });
    const result = await call("ssh_shell", { session: "web1", command: "ls" });
    expect(result.isError).toBe(true);
    expect(result.text).toMatch(/^internal: an unexpected error in ssh-mcp itself: x is\nNext: /);
    expect(reported).toHaveLength(1);
  });
});
