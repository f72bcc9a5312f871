import { EventEmitter } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createTransport } from "../../src/ssh/transport.ts";
import { deskOver } from "../tools/desk-over.ts";
import { AGENT } from "../tools/fake.ts";
import { failureOf, noSecrets, PTY, testHost } from "./hosts.ts";
import { startScripted, startTcp, until } from "./scripted.ts";

/** Node warns of the eleventh listener. */
const SESSIONS = 24;

let warnings: Error[];
const heard = (warning: Error) => void warnings.push(warning);
beforeEach(() => {
  warnings = [];
  process.on("warning", heard);
});
const ending: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  process.off("warning", heard);
});

/** Warnings are given out on the next tick. */
const given = () => new Promise<void>((resolve) => setImmediate(resolve));

describe(`${SESSIONS} sessions on one connection`, () => {
  it("leave no warning of too many listeners, opened, written to and closed at the same time", async () => {
    const server = await startScripted({
      // Of OpenSSH's server more is done while a terminal opens.
      ident: "OpenSSH_9.2p1",
      shell: (channel) => {
        channel.write("edge1> ");
        channel.on("data", (keys: Buffer) =>
          channel.write(keys.toString().replace(/[\r\n]+/g, "\r\nready\r\nedge1> ")),
        );
      },
    });
    ending.push(() => server.stop());
    const limits = {
      ...server.host.limits,
      sessions: 100,
      channelsPerConnection: 100,
      fixed: ["sessions", "channelsPerConnection"] as const,
    };
    const desk = deskOver([{ ...server.host, name: "edge1", platform: "generic_cli", limits }]);
    ending.push(() => desk.dispose());
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

const HOSTS = 20;
describe(`${HOSTS} hosts that are dialled at the same time`, () => {
  it("leave no warning of too many listeners, also where all of them are called off", async () => {
    const silent = await startTcp(() => {});
    ending.push(() => silent.stop());
    const transport = createTransport({ secrets: noSecrets });
    const failed = Array.from({ length: HOSTS }, (_, index) =>
      failureOf(transport.link(testHost(silent.port, { user: `user${index}` })).openPty(PTY)),
    );
    await until(() => silent.accepted() === HOSTS, "all are dialled");
    await transport.dispose();
    for (const { code } of await Promise.all(failed)) expect(code).toBe("connect_failed");
    await given();
    expect(warnings).toEqual([]);
  });
});
