import type { Client, ClientChannel } from "ssh2";
import ssh2 from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { Openings } from "../../../src/ssh/channels/asked.ts";
import { PTY } from "../hosts.ts";
import { type Script, startScripted, until } from "../scripted.ts";

/** The same object without some of its parts, however deep: "channel" stands for any name. */
function without<T extends object>(whole: T, path: readonly string[]): T {
  const [hidden, ...deeper] = path;
  return new Proxy(whole, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      const here = hidden === "channel" ? typeof name === "string" : name === hidden;
      if (here && deeper.length === 0) return undefined;
      if (here && typeof value === "object" && value !== null) return without(value, deeper);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("a terminal, where the inside of ssh2 is another", () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });
  async function openings(path: readonly string[], script: Script) {
    const server = await startScripted(script);
    ending.push(() => server.stop());
    const client = new ssh2.Client();
    ending.push(() => client.end());
    const ready = new Promise<void>((resolve, reject) => {
      client.once("ready", () => resolve()).once("error", reject);
    });
    const { address, port } = server.host;
    client.connect({ host: address, port, username: "u", password: "x" });
    await ready;
    const seen: Client = path.length === 0 ? client : without(client, path);
    return { server, openings: new Openings(seen) };
  }
  const opened = (all: Openings) =>
    new Promise<ClientChannel>((resolve, reject) =>
      all.open(PTY, (error, channel) => (channel && !error ? resolve(channel) : reject(error))),
    );

  it.each([
    ["nothing is missing", []],
    ["its protocol is missing", ["_protocol"]],
    ["its way to ask for a terminal is missing", ["_protocol", "pty"]],
    ["its way to ask for a shell is missing", ["_protocol", "shell"]],
    ["its channels are missing", ["_chanMgr"]],
    ["its channels have other names", ["_chanMgr", "_channels"]],
    ["the numbers of a channel are missing", ["_chanMgr", "_channels", "channel", "outgoing"]],
    ["who waits on a channel is missing", ["_chanMgr", "_channels", "channel", "_callbacks"]],
  ])("is opened all the same, with its shell, also several at once: %s", async (_what, path) => {
    let terminals = 0;
    let shells = 0;
    const { server, openings: all } = await openings(path, {
      terminal: () => terminals++,
      shell: () => shells++,
    });
    const channels = await Promise.all([opened(all), opened(all), opened(all)]);
    channels.push(await opened(all));
    for (const channel of channels) channel.resume();
    expect({ terminals, shells }).toEqual({ terminals: 4, shells: 4 });
    await until(() => server.channels() === 4, "no other channel is left open");
  });

  it("that is refused is told as refused", async () => {
    const { openings: all } = await openings(["_chanMgr"], { refusesTerminal: true });
    await expect(opened(all)).rejects.toThrow("Unable to request a pseudo-terminal");
  });
});
