import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canRunSshd, startSshd, type TestServer } from "../ssh/sshd.ts";

const run = promisify(execFile);
const program = join(import.meta.dirname, "../../dist/cli.js");

describe.skipIf(!canRunSshd)("ssh-mcp trust --rotate", () => {
  let server: TestServer;
  let config: string;
  let known: string;
  beforeAll(async () => {
    server = await startSshd({
      hostKeys: [
        ["-t", "ed25519"],
        ["-t", "ed25519"],
        ["-t", "rsa", "-b", "2048"],
      ],
    });
    config = join(server.folder, "hosts.yaml");
    known = join(server.folder, "known_hosts");
    const entry = (more: string) =>
      `{host: 127.0.0.1, port: ${server.port}, user: root, auth: {method: key, key_path: ${server.clientKey}}, host_key: ${more}}`;
    writeFileSync(
      config,
      `settings: {audit_log: audit.jsonl}\nhosts:\n  box: ${entry(`{known_hosts: ${known}}`)}\n` +
        `  pinned: ${entry("SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU")}\n`,
      { mode: 0o600 },
    );
  });
  afterAll(() => server.stop());

  const trust = (...words: readonly string[]) =>
    run(process.execPath, [program, "trust", ...words, "--config", config]).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  const line = (index: number) =>
    `[127.0.0.1]:${server.port} ${readFileSync(join(server.folder, `host-${index}.pub`), "utf8")
      .split(" ")
      .slice(0, 2)
      .join(" ")}`;

  it("logs in to no host whose present key is not known", async () => {
    writeFileSync(known, "");
    const before = server.log().length;
    const { code, stderr } = await trust("--rotate", "box", "--yes");
    expect(code).toBe(1);
    expect(stderr).toMatch(/host key of box .* is not known/);
    expect(server.log().slice(before)).not.toContain("Accepted");
    expect(readFileSync(known, "utf8")).toBe("");
  });

  it("records what the host has proved, once somebody agrees, and nothing twice", async () => {
    writeFileSync(known, `${line(0)}\n`);
    const asked = await trust("--rotate", "box");
    expect(asked.stderr).toMatch(/not a terminal[\s\S]*ssh-mcp trust --config \S+ --rotate box --yes/);
    expect(readFileSync(known, "utf8")).toBe(`${line(0)}\n`);
    const { code, stdout } = await trust("--rotate", "box", "--yes");
    expect(stdout).toMatch(
      /^box has proved to hold 3 keys\.\nNot recorded yet:\n {2}ssh-ed25519 SHA256:\S+\n {2}ssh-rsa \(2048 bits\) SHA256:\S+\nRecorded in \S+:2, \S+:3\.\n$/,
    );
    expect(code).toBe(0);
    expect(readFileSync(known, "utf8").trim().split("\n")).toEqual([line(0), line(1), line(2)]);
    expect((await trust("--rotate", "box")).stdout).toContain("All that may be recorded are recorded.");
    const log = readFileSync(join(server.folder, "audit.jsonl"), "utf8");
    expect(log).toMatch(/"state":"added","key":"ssh-ed25519 SHA256:\S+, ssh-rsa \(2048 bits\) SHA256:/);
  });

  it("never records a revoked key, and names a recorded one that is gone", async () => {
    const other = line(1)
      .replace(/AAAA\S+/, line(0).split(" ")[2] ?? "")
      .replace(/.$/, "A");
    writeFileSync(known, `${line(0)}\n@revoked * ${line(1).split(" ").slice(1).join(" ")}\n${other}\n`);
    const { stdout } = await trust("--rotate", "box", "--yes");
    expect(stdout).toMatch(/Marked @revoked, and not recorded: ssh-ed25519 SHA256:/);
    expect(stdout).toMatch(
      /It has no longer the key of \S+known_hosts:3 \(ssh-ed25519 SHA256:\S+\); remove that line by hand/,
    );
    expect(readFileSync(known, "utf8")).not.toContain(`\n${line(1)}`);
  });

  it("takes one host, and none whose key the inventory pins", async () => {
    expect((await trust("--rotate", "box", "pinned")).stderr).toContain("--rotate takes one host");
    expect((await trust("--rotate", "pinned", "--yes")).stderr).toContain(
      "The inventory pins the host key of pinned",
    );
  });
});
