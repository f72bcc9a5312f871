import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { AGENT } from "../tools/fake.ts";
import { type ScriptedServer, startScripted } from "./scripted.ts";

const SESSIONS = 60;

let warnings: Error[];
const heard = (warning: Error) => void warnings.push(warning);
beforeEach(() => {
  warnings = [];
  process.on("warning", heard);
});
let server: ScriptedServer;
let desk: DeskOver;
afterEach(async () => {
  process.off("warning", heard);
  await desk.dispose();
  await server.stop();
});

/** Warnings are given out on the next tick. */
const given = () => new Promise<void>((resolve) => setImmediate(resolve));

describe(`${SESSIONS} sessions on one connection`, () => {
  it("leave no warning of too many listeners, opened, written to and closed at the same time", async () => {
    server = await startScripted({
      shell: (channel) => {
        channel.write("edge1> ");
        channel.on("data", (keys: Buffer) =>
          channel.write(keys.toString().replace(/[\r\n]+/g, "\r\nready\r\nedge1> ")),
        );
      },
    });
    const limits = {
      ...server.host.limits,
      sessions: 100,
      channelsPerConnection: 100,
      fixed: ["sessions", "channelsPerConnection"] as const,
    };
    desk = deskOver([{ ...server.host, name: "edge1", platform: "generic_cli", limits }]);
    const names = Array.from({ length: SESSIONS }, (_, index) => `s${index + 1}`);
    const each = (tool: string, args: object) =>
      Promise.all(
        names.map((session) =>
          desk.call(tool, { session, ...args }, { ...AGENT, signal: new AbortController().signal }),
        ),
      );
    await each("ssh_connect", { host: "edge1" });
    expect(server.connections()).toBe(1);
    expect(server.channels()).toBe(SESSIONS);
    for (const text of await each("ssh_shell", { command: "show it" })) expect(text).toContain("ready");
    await each("ssh_disconnect", {});
    await given();
    expect(warnings).toEqual([]);

    // So that none would have been missed.
    const full = new EventEmitter();
    for (let listeners = 0; listeners < 11; listeners++) full.on("x", () => {});
    await given();
    expect(warnings.map(({ name }) => name)).toEqual(["MaxListenersExceededWarning"]);
  }, 60_000);
});
