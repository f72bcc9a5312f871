import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { start, type Wire } from "../mcp/wire.ts";
import { freePort } from "../ssh/sshd.ts";
import { build } from "./built.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..", "..");
let lab: Lab;
let folder: string;
let cli: string;
let args: string[];

beforeAll(async () => {
  lab = await startLab({ ...process.env, SHELL: "/bin/sh" });
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-trust-"));
  const [host] = lab.hosts;
  await writeFile(
    join(folder, "hosts.yaml"),
    `settings: {audit_log: audit.jsonl}\nhosts:\n  box:\n    host: 127.0.0.1\n    port: ${host?.port}\n    user: ${host?.user}\n` +
      `    host_key: {known_hosts: ${join(folder, "known_hosts")}}\n`,
    { mode: 0o600 },
  );
  cli = await build();
  args = [cli, "trust", "box", "--config", join(folder, "hosts.yaml")];
});
afterAll(async () => {
  await lab.dispose();
  await rm(folder, { recursive: true, force: true });
});

it("trust shows the fingerprint, asks, records a yes, and says so the next time", async () => {
  const unattended = await run(process.execPath, args, { cwd: root }).then(
    () => expect.fail("it recorded a key nobody compared"),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  expect(unattended.code).toBe(1);
  expect(unattended.stderr).toMatch(
    /not a terminal[\s\S]*Next: .*ssh-mcp trust --config \S+hosts\.yaml box --yes/,
  );

  const declined = start(["script", "-qec", [process.execPath, ...args].join(" "), "/dev/null"]);
  await declined.untilLine(/ssh-ed25519 SHA256:/);
  declined.child.stdin.write("n\n");
  await declined.untilLine(/Nothing was recorded/);
  await declined.ended;
  // Ctrl-D ends the question without an answer.
  const left = start(["script", "-qec", [process.execPath, ...args].join(" "), "/dev/null"]);
  await untilAsked(left);
  left.child.stdin.write("\u0004");
  await left.untilLine(/Nothing was recorded/);
  expect((await left.ended).code).toBe(1);
  await expect(readFile(join(folder, "known_hosts"))).rejects.toThrow();

  const accepted = start(["script", "-qec", [process.execPath, ...args].join(" "), "/dev/null"]);
  await accepted.untilLine(/ssh-ed25519 SHA256:/);
  accepted.child.stdin.write("y\n");
  await accepted.untilLine(/Recorded in .*known_hosts:1/);
  await accepted.ended;
  const [host] = lab.hosts;
  expect(await readFile(join(folder, "known_hosts"), "utf8")).toContain(
    `[127.0.0.1]:${host?.port} ssh-ed25519`,
  );

  const again = await run(process.execPath, [...args, "--yes"], { cwd: root });
  expect(again.stdout).toMatch(/known already: .*known_hosts:1/);

  const log = await readFile(join(folder, "audit.jsonl"), "utf8");
  const states = [...log.matchAll(/"event":"(?:outcome|error)".*?"(?:state|code)":"(\w+)"/g)].map(
    ([, one]) => one,
  );
  expect(states).toEqual(["invalid_argument", "declined", "declined", "added", "already_known"]);
  expect(log.match(/"event":"action","tool":"trust","verb":"trust","host":"box"/g)).toHaveLength(5);
  expect(log).toMatch(/"state":"added","key":"ssh-ed25519 SHA256:/);
});

it("several hosts, a group and a tag are one table and one yes; what failed is named, the others are recorded", async () => {
  const [shell, ios, router] = lab.hosts;
  const known = join(folder, "several_known_hosts");
  const config = join(folder, "several.yaml");
  const gone = await freePort();
  const host = (port: number | undefined, more: string) =>
    `{host: 127.0.0.1, port: ${port}, user: jo, host_key: {known_hosts: ${known}}${more}}`;
  await writeFile(
    config,
    `groups: {core: {}}\nhosts:\n  a: ${host(shell?.port, ", groups: core")}\n  b: ${host(ios?.port, ", tags: [prod]")}\n` +
      `  c: ${host(router?.port, ", groups: core")}\n  gone: ${host(gone, "")}\n`,
    { mode: 0o600 },
  );
  const trust = (...words: readonly string[]) =>
    run(process.execPath, [cli, "trust", ...words, "--config", config], {
      cwd: root,
    }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );

  const asked = await trust("group:core");
  expect(asked.code).toBe(1);
  expect(asked.stderr).toMatch(/not a terminal[\s\S]*ssh-mcp trust --config \S+ group:core --yes/);
  await expect(readFile(known)).rejects.toThrow();

  const first = await trust("group:core", "tag:prod", "a", "gone", "--yes");
  expect(first.code).toBe(1);
  const rows = first.stdout.split("\n");
  expect(rows[0]).toMatch(/^host +type +fingerprint +state$/);
  expect(rows.slice(1, 5).map((row) => row.split(/\s+/)[0])).toEqual(["a", "c", "b", "gone"]);
  for (const row of rows.slice(1, 4)) expect(row).toMatch(/ SHA256:[\w+/]{43} +new *$/);
  expect(rows[4]).toMatch(/no key: connect_failed/);
  expect(first.stderr).toContain(`refused the connection`);
  expect((await readFile(known, "utf8")).trim().split("\n")).toHaveLength(3);

  const again = await trust("a", "b", "c");
  expect([again.code, again.stdout.match(/known: /g)?.length]).toEqual([0, 3]);

  const slip = await trust("group:cor");
  expect([slip.code, slip.stdout]).toEqual([1, ""]);
  expect(slip.stderr).toMatch(/no host has the group "cor"; there are core[\s\S]*Next: ssh-mcp hosts list/);
}, 300_000);

/** Until the question is on the terminal, and so its reader is there: it has no line end. */
function untilAsked({ child }: Wire): Promise<void> {
  let seen = "";
  return new Promise((resolve) => {
    child.stdout.on("data", (chunk: string) => {
      seen += chunk;
      if (seen.includes("[y/N] ")) resolve();
    });
  });
}
