import { connect } from "node:net";
import type { Transport } from "@modelcontextprotocol/server";
import { afterEach, describe, expect, it } from "vitest";
import { Realms } from "../../../src/desk/realms.ts";
import { listen } from "../../../src/mcp/http/listen.ts";
import { ProtocolSessions } from "../../../src/mcp/http/protocol-sessions.ts";
import { FakeClock } from "../../fake-clock.ts";
import { until } from "../../ssh/scripted.ts";

const MINUTE = 60_000;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function rig(most?: number) {
  const clock = new FakeClock();
  const report = (error: unknown) => expect.unreachable(String(error));
  const realms = new Realms({
    clock,
    report,
    open: async () => expect.unreachable("nothing is called here"),
  });
  ends.push(() => realms.close());
  const sessions = new ProtocolSessions({ realms, clock, report, ...(most === undefined ? {} : { most }) });
  ends.push(() => sessions.dispose());
  return { clock, report, realms, sessions };
}

/** A client that says nothing. */
function aTransport(): Transport {
  const transport: Transport = {
    start: async () => {},
    send: async () => {},
    close: async () => transport.onclose?.(),
  };
  return transport;
}

describe("sessions of the older revisions", () => {
  it("beyond the most there may be take a place of the token that has most of them, never another one's", async () => {
    const { clock, sessions } = rig(3);
    const begin = (id: string, token: string) =>
      sessions.add(id, { token, scope: {}, session: id }, aTransport());
    const there = (id: string, token: string) => () => sessions.find(id, { token, scope: {} });
    await begin("of-bob", "bob");
    for (const id of ["a1", "a2", "a3", "a4"]) {
      await clock.pass(1);
      await begin(id, "ann");
    }
    expect(there("of-bob", "bob")).not.toThrow();
    expect(there("a2", "ann")).toThrow(/no such session/);
    expect(there("a4", "ann")).not.toThrow();
  });

  it("end with their time where others use what they share", async () => {
    const { clock, realms, sessions } = rig();
    const who = { token: "ann", scope: {}, key: "k" };
    await sessions.add("silent", { ...who, session: "silent" }, aTransport());
    const other = realms.enter(who);
    await clock.pass(31 * MINUTE);
    expect(sessions.size).toBe(0);
    other.leave();
  });
});

it("streams that were asked for one behind the other end with their connection", async () => {
  const { clock, report, realms } = rig();
  const listening = await listen({
    address: "127.0.0.1",
    port: 0,
    realms,
    clock,
    report,
    authorities: { hosts: () => new Set(["here"]), origins: new Set(), secure: false },
    authenticate: () => ({ token: "ann", scope: {} }),
    healthy: async () => {},
  });
  ends.push(() => listening.close());
  const socket = connect(listening.port, "127.0.0.1");
  socket.write("GET /sse HTTP/1.1\r\nHost: here\r\n\r\n".repeat(3));
  await until(() => realms.size === 3, "all three are open");
  socket.destroy();
  await until(() => realms.size === 0, "none is open");
});
