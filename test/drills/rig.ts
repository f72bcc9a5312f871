import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialize, start, type Wire } from "../mcp/wire.ts";
import type { Drilled } from "./drilled.ts";
import type { Keys } from "./keys.ts";

/** The built server over devices of the lab, all of this process. */
export interface Rig {
  readonly wire: Wire;
  /** The text of ssh_change, or the protocol's error. */
  change(args: object): Promise<string>;
  /** Ends the server without a word; the state it keeps stays for the next one. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

export interface Place {
  readonly config: string;
  readonly state: string;
  remove(): void;
}

/** An inventory of these devices, and a folder for what is kept. */
export function place(devices: ReadonlyMap<string, Drilled>, { clientKey }: Keys): Place {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-drills-"));
  const keyPath = join(folder, "key");
  const knownHosts = join(folder, "known_hosts");
  const enable = join(folder, "enable");
  writeFileSync(keyPath, clientKey.private, { mode: 0o600 });
  writeFileSync(enable, "lab-enable", { mode: 0o600 });
  const known = [...devices.values()].map(({ server, hostKey }) => `[127.0.0.1]:${server.port} ${hostKey}\n`);
  writeFileSync(knownHosts, known.join(""));
  const hosts = [...devices].map(
    ([name, { server, login }]) => `  ${name}: { host: 127.0.0.1, port: ${server.port}, ${login} }`,
  );
  const lines = [
    "settings: { ssh_config: false }",
    "defaults:",
    "  policy: unrestricted",
    `  auth: { method: key, key_path: ${keyPath} }`,
    `  enable_file: ${enable}`,
    `  host_key: { known_hosts: ${knownHosts} }`,
    "  limits: { sessions: 8 }",
    "  timeouts: { keepalive: 1, keepalive_count: 3, connect: 10 }",
    "hosts:",
    ...hosts,
  ];
  const config = join(folder, "hosts.yaml");
  writeFileSync(config, `${lines.join("\n")}\n`, { mode: 0o600 });
  return {
    config,
    state: join(folder, "state"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function serve({ config, state }: Place): Promise<Rig> {
  const command = [process.execPath, "dist/cli.js", "--config", config, "--toolsets", "config"];
  const wire = start(command, { XDG_STATE_HOME: state });
  wire.send(initialize);
  await wire.answer(1);
  wire.send({ method: "notifications/initialized" });
  let last = 10;
  return {
    wire,
    async change(args) {
      const id = ++last;
      wire.send({ id, method: "tools/call", params: { name: "ssh_change", arguments: args } });
      const answer = JSON.parse(JSON.stringify(await wire.answer(id)));
      wire.lines.splice(0, wire.lines.length, ...wire.lines.filter((line) => !line.includes(`"id":${id}`)));
      return String(answer.result?.content?.[0]?.text ?? JSON.stringify(answer.error));
    },
    async kill() {
      wire.child.kill("SIGKILL");
      await wire.ended;
    },
    async close() {
      wire.child.stdin.end();
      await wire.ended;
    },
  };
}
