import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { startTcp } from "../ssh/scripted.ts";
import { build } from "./built.ts";

let folder: string;
let cli: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-mcp-ends-"));
  cli = await build();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly env?: Record<string, string>;
  readonly node?: readonly string[];
  /** A shell's words around the program: `$0 "$@"` is the program with its arguments. */
  readonly sh?: string;
  readonly stdout?: number;
}

/** Runs the built program in a home of its own until it ends. */
function ended(args: readonly string[], { env, node = [], sh, stdout }: Started = {}): Promise<Ended> {
  const program = [process.execPath, ...node, cli, ...args];
  const [command = "", ...rest] = sh === undefined ? program : ["bash", "-c", sh, ...program];
  const child = spawn(command, rest, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "", HOME: folder, SHELL: "/bin/sh", TMPDIR: folder, ...env },
    stdio: ["ignore", stdout ?? "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
      said[name] += chunk;
    });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...said })));
}

const PIPED = '"$0" "$@" | head -1 > /dev/null; exit "${PIPESTATUS[0]}"';

describe("a command whose output goes nowhere", () => {
  it("ends cleanly where its reader leaves in the middle, and removes what it had made", async () => {
    const { code, stderr } = await ended(["demo"], { sh: PIPED });
    expect({ code, stderr }).toEqual({ code: 141, stderr: "" });
    expect((await readdir(folder)).filter((name) => name.startsWith("ssh-mcp-"))).toEqual([]);
  });

  it.each([["devices", "list"], ["schema"], ["--help"], ["--version"], ["doctor", "nowhere"]])(
    "says that it could not be written and fails: %s %s",
    async (...args) => {
      const full = openSync("/dev/full", "w");
      try {
        const { code, stderr } = await ended(
          args.filter((word) => word !== undefined),
          { stdout: full },
        );
        expect(code).toBe(1);
        expect(stderr).toMatch(/^ssh-mcp: the output could not be written: ENOSPC/m);
      } finally {
        closeSync(full);
      }
    },
  );
});

describe("where it runs", () => {
  it.each(["", "relative"])("HOME=%j is none: the system's home of the user counts", async (HOME) => {
    const { stdout } = await ended(["serve", "--help"], { env: { HOME } });
    expect(stdout).toContain("Usage");
    const { stderr } = await ended(["audit", "verify"], { env: { HOME, SSH_MCP_CONFIG: "~/no-such.yaml" } });
    expect(stderr).toContain(join(userInfo().homedir, "no-such.yaml"));
  });

  it("a deleted working directory is named, also by the server; what needs none works", async () => {
    const gone = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"';
    for (const args of [["doctor", "x"], []])
      expect(await ended(args, { sh: gone })).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^ssh-mcp: the working directory cannot be used, it may have been deleted/,
        ),
      });
    expect(await ended(["--version"], { sh: gone })).toMatchObject({
      code: 0,
      stdout: `${packageJson.version}\n`,
    });
    expect(await ended(["schema"], { sh: gone })).toMatchObject({ code: 0 });
  });

  it("an older Node is told which one is needed, by the server and by every command", async () => {
    const preload = join(folder, "old-node.mjs");
    await writeFile(preload, 'Object.defineProperty(process.versions, "node", { value: "18.20.8" });');
    for (const args of [[], ["demo"], ["--version"]])
      expect(await ended(args, { node: ["--import", preload] })).toEqual({
        code: 1,
        stdout: "",
        stderr: expect.stringMatching(/^ssh-mcp: ssh-mcp needs Node 20\.19 or later; this is Node 18\.20\.8/),
      });
  });
});

describe("a port that is no SSH server's", () => {
  it.each([
    ["closes", "", /closed the connection before identifying itself/],
    ["answers in HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", /answers in HTTP, not in SSH/],
  ])("that %s is reported by doctor and trust, which end when they have", async (_how, says, reason) => {
    const server = await startTcp((socket) => socket.end(says));
    try {
      const config = join(folder, "port.yaml");
      const host = `{host: 127.0.0.1, port: ${server.port}, user: u, timeouts: {connect: 1s}}`;
      await writeFile(config, `hosts:\n  box: ${host}\n`, { mode: 0o600 });
      const doctor = await ended(["doctor", "box", "--config", config]);
      expect(doctor).toMatchObject({ code: 1, stderr: "" });
      expect(doctor.stdout.replace(/\s+/g, " ")).toMatch(reason);
      const trust = await ended(["trust", "box", "--config", config]);
      expect(trust).toMatchObject({ code: 1, stderr: expect.stringMatching(reason) });
    } finally {
      await server.stop();
    }
  });
});
