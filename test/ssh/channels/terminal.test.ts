import { afterEach, describe, expect, it } from "vitest";
import { createTransport } from "../../../src/ssh/transport.ts";
import { failureOf, PTY, secretsOf } from "../hosts.ts";
import { type Script, startScripted, until } from "../scripted.ts";

describe("the requests for a terminal", () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });
  const linkTo = async (script: Script) => {
    const server = await startScripted(script);
    ending.push(() => server.stop());
    const transport = createTransport({ secrets: secretsOf(async () => ({ reveal: () => "x" })) });
    ending.push(() => transport.dispose());
    return { server, link: transport.link(server.host) };
  };

  it("and for its shell are made together: the second does not wait for the answer to the first", async () => {
    const made: string[] = [];
    const { link } = await linkTo({
      ignores: (request) => {
        made.push(request);
        return request === "pty-req";
      },
    });
    link.openPty(PTY).catch(() => {});
    await until(() => made.includes("shell"), "the shell is asked for");
    expect(made.slice(0, 2)).toEqual(["channel", "pty-req"]);
  });

  it("knows how much of what is typed a host has not taken that stopped reading", async () => {
    const { link } = await linkTo({ shell: (channel) => void channel.pause() });
    const { channel } = await link.openPty(PTY);
    channel.write("x".repeat(1_000));
    expect(channel.untaken).toBe(0);
    channel.write("x".repeat(4_000_000));
    channel.write("\u0003");
    expect(channel.untaken).toBeGreaterThan(1_000_000);
    channel.close();
    expect(channel.untaken).toBe(0);
  });

  it("that is refused while the shell is given gives none, and leaves no channel open", async () => {
    const { server, link } = await linkTo({ refusesTerminal: true });
    const error = await failureOf(link.openPty(PTY));
    expect(error.toText()).toMatch(
      /^channel_refused: .*refused a terminal: Unable to request a pseudo-terminal/,
    );
    await until(() => server.channels() === 0, "the channel is closed");
  });
});
