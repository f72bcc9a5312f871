// npm run conformance: the official suite's scenarios that apply to this server, against the built program over HTTP, on Node 22 (which
// the suite needs; npx fetches both). Its other scenarios call tools, prompts and resources of a test server that this one does not have.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SUITE = "@modelcontextprotocol/conformance@0.1.16";
const SCENARIOS = [
  "server-initialize",
  "ping",
  "tools-list",
  "server-sse-multiple-streams",
  "dns-rebinding-protection",
];
const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "conformance-"));
const env = { PATH: process.env.PATH, HOME: folder, XDG_STATE_HOME: join(folder, "s") };
const args = ["dist/cli.js", "serve", "--http", "127.0.0.1:0", "--without-token", "--lab"];
const server = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "ignore", "pipe"] });

/** Where it serves, as it says itself. */
function served() {
  return new Promise((resolve, reject) => {
    let said = "";
    server.stderr.on("data", (chunk) => {
      said += chunk;
      const url = /serving MCP at (\S+\/mcp)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    server.once("exit", () => reject(new Error(`the server ended: ${said}`)));
  });
}

let failed = 0;
try {
  const url = await served();
  for (const scenario of process.argv.length > 2 ? process.argv.slice(2) : SCENARIOS) {
    const words = ["-y", "-p", "node@22", "-p", SUITE, "conformance", "server", "--url", url];
    const ran = spawnSync("npx", [...words, "--scenario", scenario], { cwd: folder, encoding: "utf8" });
    const text = `${ran.stdout}${ran.stderr}`;
    const passed = /Passed: .*/.exec(text)?.[0] ?? `exit code ${ran.status}`;
    process.stdout.write(`${scenario}: ${passed}\n`);
    if (ran.status === 0) continue;
    failed++;
    process.stdout.write(`${text}\n`);
  }
} finally {
  server.kill("SIGTERM");
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
