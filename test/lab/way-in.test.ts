import ssh2, { type ClientChannel } from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { createIosConfig, createIosTerminal, type IosConfig } from "../../src/lab/catalyst/ios.ts";
import { deviceShell } from "../../src/lab/device-shell.ts";
import { type LabServer, listen } from "../../src/lab/server.ts";
import type { FakeClock } from "../fake-clock.ts";
import { SECRET, SwitchConsole } from "./ios-console.ts";

const MINUTE = 60_000;
const hostKey = ssh2.utils.generateKeyPairSync("ed25519");
const clientKey = ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 });

let server: LabServer | undefined;
const clients: ssh2.Client[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await server?.close();
});

interface Switch {
  readonly clock: FakeClock;
  readonly config: IosConfig;
  /** Somebody at its console port, whom no list keeps out. */
  readonly console: SwitchConsole;
  readonly server: LabServer;
}

async function served(): Promise<Switch> {
  const config = createIosConfig({ enableSecret: SECRET, archive: "flash:backup" });
  const console = new SwitchConsole({ config }).enable();
  const { clock } = console;
  const shell = deviceShell((login) => createIosTerminal({ ...login, config, clock, random: Math.random }));
  server = await listen({
    hostKey: hostKey.private,
    clientKey: clientKey.public,
    user: "noc",
    shell,
    door: config.door,
  });
  return { clock, config, console, server };
}

interface Person {
  readonly channel: ClientChannel;
  /** What the device said, all of it. */
  readonly said: () => string;
  readonly until: (pattern: RegExp) => Promise<void>;
  readonly gone: Promise<unknown>;
}

async function login({ server: { port } }: Switch): Promise<Person> {
  const client = new ssh2.Client();
  clients.push(client);
  const gone = new Promise<void>((resolve) => client.on("close", () => resolve()));
  await new Promise<void>((resolve, reject) => {
    client.once("ready", resolve).on("error", reject);
    client.connect({ host: "127.0.0.1", port, username: "noc", privateKey: clientKey.private });
  });
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    client.shell({ term: "vt100", cols: 80, rows: 24 }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    ),
  );
  let text = "";
  const heard = new Set<() => void>();
  channel.on("data", (bytes: Buffer) => {
    text += bytes.toString("latin1");
    for (const listener of heard) listener();
  });
  const until = (pattern: RegExp) =>
    new Promise<void>((resolve) => {
      const look = () => pattern.test(text) && resolve();
      heard.add(look);
      look();
    });
  return { channel, said: () => text, until, gone };
}

function configure({ console }: Switch, ...lines: readonly string[]): void {
  for (const line of ["configure terminal", ...lines, "end"]) console.run(line);
}

describe("a device behind its own configuration", () => {
  it("says nothing while its address is gone, and goes on when the timer brings it back", async () => {
    const lab = await served();
    const person = await login(lab);
    await person.until(/lab-ios>$/);
    lab.console.run("configure terminal revert timer 1");
    for (const line of ["interface Vlan10", "no ip address", "end"]) lab.console.run(line);
    person.channel.write("show privilege\r");
    let arrived = false;
    const late = login(lab).then((other) => {
      arrived = true;
      return other;
    });
    // The loopback delivers in less than a turn or two; somebody else's login proves that time enough went by.
    await elsewhere();
    expect(person.said()).not.toContain("show privilege");
    expect(arrived).toBe(false);
    lab.clock.advance(MINUTE);
    await person.until(/show privilege\r\nCurrent privilege level is 1\r\n/);
    await (await late).until(/lab-ios>$/);
  });

  it("refuses new connections by its lines and lets old ones be", async () => {
    const lab = await served();
    const person = await login(lab);
    configure(lab, "line vty 0 15", "transport input none");
    await expect(login(lab)).rejects.toThrow(/ECONNRESET|closed|handshake/i);
    person.channel.write("show privilege\r");
    await person.until(/Current privilege level is 1\r\n/);
  });

  it("lets nobody log in where AAA knows nobody", async () => {
    const lab = await served();
    configure(lab, "aaa new-model", "aaa authentication login default group tacacs+");
    await expect(login(lab)).rejects.toThrow(/authentication methods failed/);
  });

  it("forgets its connections at a reload, and takes new ones once it is up", async () => {
    const lab = await served();
    const person = await login(lab);
    lab.console.run("reload");
    lab.console.type("\r");
    const late = login(lab);
    expect(lab.server.connections).toBe(0);
    lab.clock.advance(MINUTE);
    await person.gone;
    await (await late).until(/lab-ios>$/);
  });

  it("is as silent behind a link that is down", async () => {
    const lab = await served();
    const person = await login(lab);
    lab.server.link(false);
    person.channel.write("show privilege\r");
    await elsewhere();
    expect(person.said()).not.toContain("show privilege");
    lab.server.link(true);
    await person.until(/Current privilege level is 1\r\n/);
    lab.server.drop();
    await person.gone;
  });
});

/** A whole login to another device, before and after which nothing is waited for. */
async function elsewhere(): Promise<void> {
  const own = server;
  const other = await served();
  await (await login(other)).until(/lab-ios>$/);
  await other.server.close();
  server = own;
}
