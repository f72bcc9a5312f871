import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import { systemClock } from "../../src/base/clock.ts";
import type { ResolvedHost } from "../../src/inventory/host.ts";
import { createIosConfig, createIosTerminal } from "../../src/lab/catalyst/ios.ts";
import { deviceShell } from "../../src/lab/device-shell.ts";
import { type LabServer, type LabShell, listen } from "../../src/lab/server.ts";
import { aHost } from "../a-host.ts";

/** What may be wrong with a device; each is a reason of its own. */
export const FAULTS = ["refused", "login", "host key", "no ssh", "closes", "cut", "down"] as const;
export type Fault = (typeof FAULTS)[number];

/** What a result says of each. */
export const REASONS: Readonly<Record<Fault, RegExp>> = {
  refused: /refused the connection/,
  login: /no method|refused the login|Permission|authentication|accepted none/i,
  "host key": /host key/i,
  "no ssh": /answers in SMTP/,
  closes: /Maximum number of sessions reached/,
  cut: /link was lost|closed/,
  down: /^Vlan10 .*administratively down/m,
};

const ENABLE = "lab-enable-1";

export interface FleetLab {
  readonly hosts: readonly ResolvedHost[];
  close(): Promise<void>;
}

interface Keys {
  readonly host: string;
  readonly hostPublic: string;
  readonly client: string;
  readonly other: string;
}

/** Switches of the lab, each with a name, a configuration and a port of its own; `faultOf`: what is wrong with one. */
export async function fleetLab(
  count: number,
  faultOf: (index: number) => Fault | undefined = () => undefined,
  {
    timing = {},
    change = () => ({}),
  }: { timing?: Partial<ResolvedHost["timing"]>; change?: (index: number) => Partial<ResolvedHost> } = {},
): Promise<FleetLab> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-mcp-fleet-"));
  const servers: Pick<LabServer, "close">[] = [];
  const keys = pairs();
  const path = join(folder, "key");
  await writeFile(path, keys.clientPrivate, { mode: 0o600 });
  const enable = join(folder, "enable");
  await writeFile(enable, ENABLE, { mode: 0o600 });
  const start = async (index: number): Promise<ResolvedHost> => {
    const name = `leaf${String(index + 1).padStart(4, "0")}`;
    const fault = faultOf(index);
    const server = await serverOf(name, fault, keys);
    servers.push(server);
    const { address, port } = server;
    const known = join(folder, `${name}.known`);
    const key = fault === "host key" ? keys.other : keys.hostPublic;
    await writeFile(known, `[${address}]:${port} ${key}\n`);
    return aHost({
      name,
      address,
      port,
      user: "noc",
      platform: "cisco_ios",
      groups: ["leafs"],
      enable: { from: "file", path: enable },
      auth: [{ method: "key", path }],
      hostKey: { mode: "strict", files: [known] },
      timing: { connectTimeoutMs: 60_000, commandTimeoutMs: 120_000, keepaliveIntervalMs: 0, ...timing },
      ...change(index),
    });
  };
  const hosts: ResolvedHost[] = [];
  for (let index = 0; index < count; index++) hosts.push(await start(index));
  return {
    hosts,
    async close() {
      await Promise.all(servers.map((server) => server.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function serverOf(
  name: string,
  fault: Fault | undefined,
  keys: Keys,
): Promise<Pick<LabServer, "address" | "port" | "close">> {
  if (fault === "refused") {
    const closed = await tcp((socket) => socket.destroy());
    await closed.close();
    return { ...closed, close: async () => {} };
  }
  if (fault === "no ssh") return tcp((socket) => socket.end("220 mail.example.com ESMTP\r\n"));
  return listen({
    hostKey: keys.host,
    clientKey: fault === "login" ? keys.other : keys.client,
    user: "noc",
    ident: "Cisco-1.25",
    shell: shellOf(name, fault),
  });
}

function shellOf(name: string, fault: Fault | undefined): LabShell {
  const config = createIosConfig({ hostname: name, enableSecret: ENABLE });
  if (fault === "down") for (const [, one] of config.running.interfaces) one.shutdown = true;
  const shell = deviceShell((login) =>
    createIosTerminal({ ...login, config, clock: systemClock, random: Math.random }),
  );
  if (fault !== "closes" && fault !== "cut") return shell;
  return {
    ...shell,
    onPty(channel, login, command) {
      if (fault === "cut") {
        // Behind its set-up: at the first letters of the command itself.
        let typed = "";
        channel.on("data", (bytes: Buffer) => {
          typed += bytes.toString("latin1");
          if (typed.includes("show ip")) channel.destroy();
        });
        return shell.onPty(channel, login, command);
      }
      channel.write("% Maximum number of sessions reached\r\n");
      channel.exit(1);
      channel.end();
      return { resize() {}, signal() {} };
    },
  };
}

function tcp(onSocket: (socket: Socket) => void): Promise<Pick<LabServer, "address" | "port" | "close">> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    onSocket(socket);
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const at = server.address();
      resolve({
        address: "127.0.0.1",
        port: at === null || typeof at === "string" ? 0 : at.port,
        close: () =>
          new Promise<void>((done) => {
            server.close(() => done());
            for (const socket of sockets) socket.destroy();
          }),
      });
    }),
  );
}

function pairs(): Keys & { readonly clientPrivate: string } {
  const [host, client, other] = [newKey(), newKey(), newKey()];
  return {
    host: host.private,
    hostPublic: host.public,
    client: client.public,
    clientPrivate: client.private,
    other: other.public,
  };
}

/** One key in 250 comes out of ssh2 in a form that it does not read itself. */
function newKey(): { readonly private: string; readonly public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync("ed25519");
    if (!(ssh2.utils.parseKey(pair.public) instanceof Error)) return pair;
  }
}
