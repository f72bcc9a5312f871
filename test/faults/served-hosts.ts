import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initialize, start, type Wire } from "../mcp/wire.ts";
import { type DelayProxy, delayProxy } from "../real/kit/proxy.ts";
import { startSshd, type TestServer } from "../ssh/sshd.ts";

/** The link is given up within (count + 1) × interval. */
const KEEPALIVE = "{ keepalive: 1, keepalive_count: 2, connect: 20 }";

/** The built server, and one host behind links of several kinds: `plain`, `slow`, `bytes`. */
export interface ServedHosts {
  readonly wire: Wire;
  readonly links: { readonly plain: DelayProxy; readonly slow: DelayProxy; readonly bytes: DelayProxy };
  readonly sshd: TestServer;
  /** Removed at the end. */
  readonly folder: string;
  /** A tool's text, or the protocol's error. */
  call(tool: string, args: object): Promise<string>;
  close(): Promise<void>;
}

export async function servedHosts(): Promise<ServedHosts> {
  const folder = mkdtempSync(join(tmpdir(), "ssh-mcp-served-"));
  const sshd = await startSshd({ config: ["MaxStartups 200:30:400"] });
  const knownHosts = join(folder, "known_hosts");
  writeFileSync(
    knownHosts,
    [...sshd.hostKeys.values()].map((key) => `[127.0.0.1]:${sshd.port} ${key}\n`).join(""),
  );
  const target = { address: "127.0.0.1", port: sshd.port, knownHosts };
  const plain = await delayProxy({ target });
  const slow = await delayProxy({ target, rttMs: 120 });
  const bytes = await delayProxy({ target, chunk: 1 });
  const links = { plain, slow, bytes };
  const entry = ([name, { port }]: [string, DelayProxy]) => `  ${name}: { host: 127.0.0.1, port: ${port} }\n`;
  const config = join(folder, "hosts.yaml");
  writeFileSync(
    config,
    `settings: { ssh_config: false }\ndefaults:\n  user: root\n  platform: posix\n  auth: { method: key, key_path: ${sshd.clientKey} }\n` +
      `  host_key: { known_hosts: ${knownHosts} }\n  limits: { sessions: 250 }\n  timeouts: ${KEEPALIVE}\nhosts:\n${Object.entries(links).map(entry).join("")}`,
    { mode: 0o600 },
  );
  const wire = start([process.execPath, "dist/cli.js", "--config", config]);
  wire.send(initialize);
  await wire.answer(1);
  wire.send({ method: "notifications/initialized" });
  let last = 10;
  return {
    wire,
    links,
    sshd,
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
      await sshd.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
