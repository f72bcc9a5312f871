import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ssh2 from "ssh2";
import type { Access } from "../../src/access/access.ts";
import { resolvedLabHost } from "../../src/app/lab-hosts.ts";
import { type Clock, systemClock } from "../../src/base/clock.ts";
import type { HostPolicy } from "../../src/base/contract/policy.ts";
import type { HostDirectory } from "../../src/inventory/host.ts";
import { createIosConfig, createIosTerminal, type IosConfig } from "../../src/lab/catalyst/ios.ts";
import { deviceShell } from "../../src/lab/device-shell.ts";
import { listen } from "../../src/lab/server.ts";
import { SECRET, SwitchConsole } from "../lab/ios-console.ts";
import { type DeskOver, deskOver } from "./desk-over.ts";

/** A switch behind the whole server but the protocol, and somebody at its console. */
export interface ChangeRig extends DeskOver {
  readonly config: IosConfig;
  readonly console: SwitchConsole;
  /** Where changes are remembered. */
  readonly folder: string;
  /** The same folder and device for another process. */
  again(): DeskOver;
}

/** Time that passes `times` as fast. */
export function fast(times: number): Clock {
  const began = systemClock.wallTime();
  return {
    now: () => systemClock.now() * times,
    wallTime: () => began + (systemClock.wallTime() - began) * times,
    after: (ms, action) => systemClock.after(ms / times, action),
  };
}

/** `clock`: of both the server and the device. */
export async function changeRig(
  clock: Clock,
  {
    archive = "flash:backup",
    policy = {},
    gate,
  }: {
    readonly archive?: string;
    readonly policy?: Partial<HostPolicy>;
    readonly gate?: (directory: HostDirectory) => Access;
  } = {},
): Promise<ChangeRig> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-mcp-changes-"));
  const [hostKey, clientKey] = [
    ssh2.utils.generateKeyPairSync("ed25519"),
    ssh2.utils.generateKeyPairSync("ed25519"),
  ];
  const config = createIosConfig({ enableSecret: SECRET, ...(archive === "" ? {} : { archive }) });
  const console = new SwitchConsole({ config }).enable();
  const server = await listen({
    hostKey: hostKey.private,
    clientKey: clientKey.public,
    user: "noc",
    ident: "Cisco-1.25",
    shell: deviceShell((login) => createIosTerminal({ ...login, config, clock, random: Math.random })),
    door: config.door,
  });
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  };
  const keyPath = await file("key", clientKey.private);
  const enablePath = await file("enable", SECRET);
  const [type = "", blob = ""] = hostKey.public.split(" ");
  const knownHostsPath = await file("known", `[127.0.0.1]:${server.port} ${type} ${blob}\n`);
  const lab = resolvedLabHost({
    name: "sw1",
    description: "",
    address: "127.0.0.1",
    port: server.port,
    user: "noc",
    platform: "cisco_ios",
    keyPath,
    knownHostsPath,
    enablePath,
  });
  const host = { ...lab, policy: { ...lab.policy, ...policy } };
  const strict = { ...host, name: "strict", policy: { ...host.policy, denyPatterns: ["^configure revert"] } };
  const opened: DeskOver[] = [];
  const again = () => {
    const desk = deskOver([host, strict], {
      clock,
      toolsets: ["config"],
      changes: join(folder, "changes"),
      ...(gate === undefined ? {} : { gate }),
    });
    opened.push(desk);
    return desk;
  };
  return {
    ...again(),
    config,
    console,
    folder: join(folder, "changes"),
    again,
    async dispose() {
      for (const desk of opened) await desk.dispose();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
