import { AsyncLocalStorage } from "node:async_hooks";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import type { AskPerson } from "../../../src/base/contract/caller.ts";
import type { ResolvedHost } from "../../../src/inventory/host.ts";
import type { ReadSecret } from "../../../src/secrets/reference.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { aHost } from "../../a-host.ts";
import { failureOf, PTY, secretsOf } from "../hosts.ts";

const cleanup: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of cleanup.splice(0).reverse()) await one();
});

interface Login {
  readonly password: string;
  readonly reason?: string;
}

/** A server that takes any password, and asks for a reason behind it where `asks` says so; it forwards anywhere. */
async function serve(name: string, asks: boolean): Promise<{ host: ResolvedHost; logins: Login[] }> {
  const keys = newKey();
  const logins: Login[] = [];
  const server = new ssh2.Server({ hostKeys: [keys.private] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (auth) => {
      if (auth.method !== "keyboard-interactive") return auth.reject(["keyboard-interactive"]);
      const prompts = [
        { prompt: "Password: ", echo: false },
        { prompt: "Reason: ", echo: true },
      ];
      auth.prompt(prompts.slice(0, asks ? 2 : 1), ([password = "", reason]) => {
        logins.push({ password, ...(reason === undefined ? {} : { reason }) });
        auth.accept();
      });
    });
    client.on("tcpip", (accept, _reject, { destPort }) => {
      const socket = connect(destPort, "127.0.0.1");
      const channel = accept();
      socket
        .on("error", () => {})
        .pipe(channel)
        .pipe(socket);
      channel.on("error", () => {});
    });
    client.on("session", (accept) => {
      const session = accept();
      session.on("pty", (ok) => ok?.());
      session.on("shell", (ok) => void ok().write("$ "));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  cleanup.push(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-circles-"));
  cleanup.push(() => rmSync(folder, { recursive: true, force: true }));
  const known = join(folder, "known_hosts");
  writeFileSync(known, `[127.0.0.1]:${port} ${keys.public}\n`);
  const host = aHost({
    name,
    address: "127.0.0.1",
    port,
    auth: [{ method: "password", secret: { from: "env", name: "PW" } }],
    hostKey: { mode: "strict", files: [known] },
  });
  return { host, logins };
}

function newKey() {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}

function transportWith(read: ReadSecret) {
  const transport = createTransport({ secrets: secretsOf(read) });
  cleanup.push(() => transport.dispose());
  return transport;
}

const secret: ReadSecret = async () => ({ reveal: () => "secret" });
const says =
  (reason: string): AskPerson =>
  async () =>
    reason;

describe("a connection whose login a person answered questions for", () => {
  it("serves that person's circle again, and nobody of another one", async () => {
    const { host, logins } = await serve("one", true);
    const transport = transportWith(secret);
    const [ann, bob] = [Symbol("ann"), Symbol("bob")];
    await transport.link(host, ann).openPty({ ...PTY, ask: says("by ann") });
    await transport.link(host, ann).openPty(PTY);
    expect(logins).toEqual([{ password: "secret", reason: "by ann" }]);
    expect((await failureOf(transport.link(host, bob).openPty(PTY))).message).toMatch(/asked "Reason:"/);
    await transport.link(host, bob).openPty({ ...PTY, ask: says("by bob") });
    expect(logins.map(({ reason }) => reason)).toEqual(["by ann", "by bob"]);
  });

  it("takes nobody of another circle to a host behind it", async () => {
    const { host: bastion, logins } = await serve("bastion", true);
    const { host: inner, logins: within } = await serve("inner", false);
    const transport = transportWith(secret);
    const [ann, bob] = [Symbol("ann"), Symbol("bob")];
    const behind = { ...inner, jump: [bastion] };
    await transport.link(bastion, ann).openPty({ ...PTY, ask: says("by ann") });
    await transport.link(behind, ann).openPty(PTY);
    const error = await failureOf(transport.link(behind, bob).openPty(PTY));
    expect(error.message).toMatch(/On the way to inner: .*asked "Reason:"/);
    expect([logins.length, within.length]).toEqual([1, 1]);
  });

  it("fails for its own circle alone where its person does not answer", async () => {
    const { host, logins } = await serve("one", true);
    const transport = transportWith(secret);
    const silent = transport.link(host, Symbol("ann")).openPty({ ...PTY, ask: async () => undefined });
    const other = transport.link(host, Symbol("bob")).openPty({ ...PTY, ask: says("by bob") });
    expect((await failureOf(silent)).message).toMatch(/nor did the person who was asked/);
    await other;
    expect(logins.map(({ reason }) => reason)).toEqual(["by bob"]);
  });
});

it("a connection that nobody was asked for is everybody's", async () => {
  const { host, logins } = await serve("one", false);
  const transport = transportWith(secret);
  await transport.link(host, Symbol("ann")).openPty({ ...PTY, ask: says("never asked") });
  await transport.link(host, Symbol("bob")).openPty(PTY);
  expect(logins).toEqual([{ password: "secret" }]);
});

it("what a login needs is read where its opener is, also when another one's login made room for it", async () => {
  const { host, logins } = await serve("one", false);
  const callers = new AsyncLocalStorage<string>();
  const own: ReadSecret = async () => {
    const caller = callers.getStore() ?? "nobody";
    return { reveal: () => caller };
  };
  const limits = { ...host.limits, channelsPerConnection: 1, exact: true };
  const link = transportWith(own).link({ ...host, limits });
  await Promise.all(["ann", "bob", "eve"].map((who) => callers.run(who, () => link.openPty(PTY))));
  expect(logins.map(({ password }) => password).sort()).toEqual(["ann", "bob", "eve"]);
});
