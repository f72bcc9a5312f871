import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SaxesParser } from "saxes";
import { afterAll, describe, expect, it } from "vitest";
import { launchdService, systemdService } from "../../src/commands/daemon/service.ts";
import { CLI, until, World } from "./kit.ts";

const world = new World();
const folder = mkdtempSync(join(tmpdir(), "dm-units-"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await world.dispose();
});

const around = { env: {}, cwd: "/", home: "/home/jo & co", lab: false };
const argv = ["/usr/bin/node", "/opt/ssh mcp/cli.js", "daemon", "start", "--config", "/home/jo/100%/$x.yaml"];

describe("the files of a service", () => {
  it("for systemd are understood by systemd, with odd words in their paths", () => {
    const { files } = systemdService(world.place, argv, around);
    for (const { path, text } of files) writeFileSync(join(folder, path.split("/").at(-1) ?? ""), text);
    const [socket, service] = files.map(({ path }) => join(folder, path.split("/").at(-1) ?? ""));
    expect(readFileSync(service ?? "", "utf8")).toContain('"/home/jo/100%%/$$x.yaml"');
    expect(readFileSync(socket ?? "", "utf8")).toContain(
      `ListenStream=${world.place.socket}\nSocketMode=0600\nDirectoryMode=0700`,
    );
    const verified = spawnSync("systemd-analyze", ["--user", "verify", socket ?? "", service ?? ""], {
      encoding: "utf8",
    });
    // Where there is no systemd, its own check cannot be made.
    if (verified.error === undefined)
      expect(verified.stderr).not.toMatch(/ssh-mcp-.*(Unknown|Failed|Invalid)/);
  });

  it("for launchd are XML that holds every word as it is", () => {
    const { files } = launchdService(world.place, argv, around);
    const words: string[] = [];
    const parser = new SaxesParser();
    parser.on("text", (text) => words.push(text));
    parser.on("error", (error) => {
      throw error;
    });
    parser.write(files[0]?.text ?? "").close();
    expect(words).toEqual(expect.arrayContaining(argv));
    expect(files[0]?.path).toMatch(
      /^\/home\/jo & co\/Library\/LaunchAgents\/io\.ssh-mcp-[0-9a-f]{12}\.plist$/,
    );
  });

  it("are written and removed by install and uninstall", async () => {
    const { stdout } = await world.run("daemon", "install", "--files-only");
    const path = /written: (\S+\.socket)/.exec(stdout)?.[1] ?? "";
    expect(readFileSync(path, "utf8")).toContain(world.place.socket);
    expect(stdout).toMatch(/run: systemctl --user enable --now ssh-mcp-[0-9a-f]{12}\.socket/);
    await world.run("daemon", "uninstall", "--files-only");
    expect(() => readFileSync(path)).toThrow();
  });
});

it("a daemon that is handed its socket, as systemd does it, serves on that", async () => {
  mkdirSync(world.place.folder, { recursive: true, mode: 0o700 });
  const program = [
    "import os, socket, sys",
    "s = socket.socket(socket.AF_UNIX)",
    "s.bind(sys.argv[1])",
    "s.listen()",
    "os.dup2(s.fileno(), 3)",
    "os.set_inheritable(3, True)",
    "os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))",
    "os.execv(sys.argv[2], sys.argv[2:])",
  ].join("\n");
  const words = [process.execPath, CLI, "daemon", "start", "--foreground", "--lab"];
  const child = spawn("python3", ["-c", program, world.place.socket, ...words], {
    env: world.env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  await until(async () => (await world.status().catch(() => undefined))?.pid === child.pid);
  expect((await world.run("daemon", "stop")).stdout).toBe("the daemon has ended\n");
});
