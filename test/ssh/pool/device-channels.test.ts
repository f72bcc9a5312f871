import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { afterEach, describe, expect, it } from "vitest";
import { openCatalog } from "../../../src/devices/catalog.ts";
import { equip } from "../../../src/multiplexer/equip.ts";
import type { ChannelEnd, OpenedPty } from "../../../src/ssh/contract.ts";
import { createTransport } from "../../../src/ssh/transport.ts";
import { aHost } from "../../a-host.ts";
import { noSecrets, PTY } from "../hosts.ts";

/** What a device does about a second channel on one connection. */
type Bears = "any" | "ends with the second" | "ends when one closes";

const catalog = openCatalog();
const cleanup: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const one of cleanup.splice(0).reverse()) await one();
});

/** A device's SSH server that notes each connection and each channel request. */
async function serve(bears: Bears, ident = "Cisco-1.25") {
  const keys = newKey();
  const requests: string[] = [];
  let connections = 0;
  const server = new ssh2.Server({ hostKeys: [keys.private], ident }, (client) => {
    const me = ++connections;
    let open = 0;
    client.on("error", () => {});
    client.on("authentication", (auth) => auth.accept());
    client.on("session", (accept) => {
      requests.push(`channel ${++open} on connection ${me}`);
      if (bears === "ends with the second" && open > 1) {
        client.end();
        return;
      }
      const session = accept();
      session.on("close", () => {
        open--;
        if (bears === "ends when one closes" && open > 0) client.end();
      });
      session.on("pty", (ok) => ok?.());
      session.on("shell", (ok) => void ok().write("R1#"));
      session.on("exec", (_ok, no) => {
        requests.push("exec");
        no?.();
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  cleanup.push(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const { port } = server.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-channels-"));
  cleanup.push(() => rmSync(folder, { recursive: true, force: true }));
  const known = join(folder, "known_hosts");
  writeFileSync(known, `[127.0.0.1]:${port} ${keys.public}\n`);
  const host = aHost({
    name: "r1",
    address: "127.0.0.1",
    port,
    auth: [{ method: "password", secret: { from: "env", name: "PW" } }],
    hostKey: { mode: "strict", files: [known] },
    platform: "cisco_ios",
  });
  const transport = createTransport({ secrets: noSecrets });
  cleanup.push(() => transport.dispose());
  return { host, requests, transport };
}

function newKey() {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}

const ends = ({ channel }: OpenedPty) => new Promise<ChannelEnd>((resolve) => void channel.onClose(resolve));

describe("a network device", () => {
  it.each(["any", "ends with the second", "ends when one closes"] as const)(
    "is asked for one channel a connection, whatever it does about a second (%s)",
    async (bears) => {
      const { host, requests, transport } = await serve(bears);
      const link = transport.link(equip(host, catalog));
      const first = await link.openPty(PTY);
      let over: ChannelEnd | undefined;
      void ends(first).then((end) => {
        over = end;
      });
      const second = await link.openPty(PTY);
      second.channel.close();
      await ends(second);
      expect(over).toBeUndefined();
      expect(requests).toEqual(["channel 1 on connection 1", "channel 1 on connection 2"]);
    },
  );

  it("is asked for as many as the inventory says, and for none beyond", async () => {
    const { host, requests, transport } = await serve("any");
    const limits = { ...host.limits, channelsPerConnection: 2, fixed: ["channelsPerConnection"] as const };
    const link = transport.link(equip({ ...host, limits }, catalog));
    for (let count = 0; count < 3; count++) await link.openPty(PTY);
    expect(requests).toEqual([
      "channel 1 on connection 1",
      "channel 2 on connection 1",
      "channel 1 on connection 2",
    ]);
  });

  it("of unknown platform is one by its identification: nothing is tried on its connection", async () => {
    const { host, requests, transport } = await serve("ends with the second", "Cisco-1.25");
    const link = transport.link(equip({ ...host, platform: "auto" }, catalog));
    await link.openPty(PTY);
    await link.openPty(PTY);
    expect(requests).toEqual(["channel 1 on connection 1", "channel 1 on connection 2"]);
  });

  it("that ends the connection with a second channel is told as that", async () => {
    const { host, transport } = await serve("ends with the second");
    const limits = { ...host.limits, channelsPerConnection: 2, fixed: ["channelsPerConnection"] as const };
    const link = transport.link(equip({ ...host, limits }, catalog));
    const first = await link.openPty(PTY);
    const over = ends(first);
    first.channel.onData(() => {});
    await link.openPty(PTY);
    expect(await over).toMatchObject({
      reason: "disconnect",
      message: expect.stringMatching(/a second channel was opened on it: limits\.channels_per_connection: 1/),
    });
  });
});
