import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialize, start, type Wire } from "../mcp/wire.ts";
import { type DelayProxy, delayProxy } from "../real/kit/proxy.ts";
import { startSshd, type TestServer } from "../ssh/sshd.ts";
import { type HangingHost, hangingHost } from "./hanging-host.ts";

/** The link is given up within (count + 1) × interval. */
const KEEPALIVE = "keepalive: 1, keepalive_count: 2";
/** Where nothing is lost but time, and a busy machine takes its own on top. */
const PATIENT = "timeouts: { keepalive: 10, connect: 20 }";

/** The hosts of the inventory, by what lies between them and the server; `behind` is reached through `hop`. */
export const HOSTS = ["plain", "slow", "bytes", "rekey", "hop", "login"] as const;
export type HostName = (typeof HOSTS)[number];

/** The built server, and hosts behind links of several kinds. */
export interface ServedHosts {
  readonly wire: Wire;
  /** The link to each host; only the last part of the way to `behind` is direct. */
  readonly links: Readonly<Record<HostName, DelayProxy>>;
  /** The servers: one for `plain`, `slow`, `bytes` and `behind`, one that rekeys after each kilobyte, one for `hop`. */
  readonly sshd: Readonly<Record<"main" | "rekey" | "hop", TestServer>>;
  /** A server whose login stops where it is told to. */
  readonly hanging: HangingHost;
  /** Removed at the end. */
  readonly folder: string;
  /** A tool's text, or the protocol's error. */
  call(tool: string, args: object): Promise<string>;
  close(): Promise<void>;
}

/** `nodeOptions`: arguments for node itself, in front of the server. */
export async function servedHosts(nodeOptions: readonly string[] = []): Promise<ServedHosts> {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-served-"));
  const hostKeys = [["-t", "ed25519"]];
  const [main, rekey, hop, hanging] = await Promise.all([
    startSshd({ hostKeys, config: ["MaxStartups 200:30:400"] }),
    startSshd({ hostKeys, config: ["RekeyLimit 1K"] }),
    startSshd({ hostKeys }),
    hangingHost(),
  ]);
  const sshd = { main, rekey, hop };
  const knownHosts = join(folder, "known_hosts");
  const known = Object.values(sshd).flatMap(({ hostKeys: keys, port }) =>
    [...keys.values()].map((key) => `[127.0.0.1]:${port} ${key}`),
  );
  writeFileSync(knownHosts, `${[...known, ...hanging.knownHosts].join("\n")}\n`);
  const to = (port: number) => ({ target: { address: "127.0.0.1", port, knownHosts } });
  const links = {
    plain: await delayProxy(to(main.port)),
    slow: await delayProxy({ ...to(main.port), rttMs: 120 }),
    bytes: await delayProxy({ ...to(main.port), chunk: 1 }),
    rekey: await delayProxy(to(rekey.port)),
    hop: await delayProxy(to(hop.port)),
    login: await delayProxy(to(hanging.port)),
  };
  const login = ({ clientKey }: TestServer) => `auth: { method: key, key_path: ${clientKey} }`;
  const at = (name: HostName, more: string) =>
    `  ${name}: { host: 127.0.0.1, port: ${links[name].port}, ${more} }`;
  const config = join(folder, "hosts.yaml");
  const lines = [
    "settings: { ssh_config: false }",
    "defaults:",
    "  user: root",
    "  platform: posix",
    "  policy: unrestricted",
    `  host_key: { known_hosts: ${knownHosts} }`,
    "  limits: { sessions: 250 }",
    `  timeouts: { ${KEEPALIVE}, connect: 20 }`,
    "hosts:",
    at("plain", login(main)),
    at("slow", `${login(main)}, ${PATIENT}`),
    at("bytes", `${login(main)}, ${PATIENT}`),
    at("rekey", `${login(rekey)}, ${PATIENT}`),
    at("hop", login(hop)),
    at("login", `${login(main)}, timeouts: { ${KEEPALIVE}, connect: 2 }`),
    `  behind: { host: 127.0.0.1, port: ${main.port}, jump: hop, ${login(main)} }`,
  ];
  writeFileSync(config, `${lines.join("\n")}\n`, { mode: 0o600 });
  const wire = start([process.execPath, ...nodeOptions, "dist/cli.js", "--config", config]);
  wire.send(initialize);
  await wire.answer(1);
  wire.send({ method: "notifications/initialized" });
  let last = 10;
  return {
    wire,
    links,
    sshd,
    hanging,
    folder,
    async call(name, args) {
      const id = ++last;
      wire.send({ id, method: "tools/call", params: { name, arguments: args } });
      const answer = JSON.parse(JSON.stringify(await wire.answer(id)));
      // Answers are looked for among all lines: what was answered is done with.
      wire.lines.splice(0, wire.lines.length, ...wire.lines.filter((line) => !line.includes(`"id":${id}`)));
      return String(answer.result?.content?.[0]?.text ?? JSON.stringify(answer.error));
    },
    async close() {
      wire.child.stdin.end();
      await wire.ended;
      await Promise.all(Object.values(links).map((link) => link.close()));
      await Promise.all([...Object.values(sshd), hanging].map((server) => server.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
