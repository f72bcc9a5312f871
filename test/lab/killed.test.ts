import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { until } from "../real/kit/until.ts";

const root = join(import.meta.dirname, "..", "..");

/** Opens a shell of the lab, tells its folder and the shell's process, and waits to be killed. */
const SERVER = `
  import { readdirSync, readFileSync } from "node:fs";
  import { readFile } from "node:fs/promises";
  import { dirname, join } from "node:path";
  import ssh2 from "ssh2";
  import { startLab } from ${JSON.stringify(join(root, "src", "lab", "lab.ts"))};
  const lab = await startLab(process.env);
  const host = lab.hosts.find(({ name }) => name === "lab-sh");
  const folder = dirname(host.keyPath);
  const client = new ssh2.Client();
  client.on("ready", () => client.shell((error, channel) => {
    channel.on("data", () => {});
    channel.write("trap '' HUP; sleep 1000\\r");
    if (process.env.AT_ONCE) return console.log(JSON.stringify({ folder }));
    const timer = setInterval(() => {
      const note = readdirSync(folder).find((name) => name.startsWith("pty-"));
      const pid = note && readFileSync(join(folder, note), "utf8").split(" ")[0];
      if (!pid) return;
      clearInterval(timer);
      console.log(JSON.stringify({ folder, pid: Number(pid) }));
    }, 50);
  }));
  client.connect({ host: host.address, port: host.port, username: host.user, privateKey: await readFile(host.keyPath) });
`;

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** How many processes have this in their environment. */
function processesWith(mark: string): number {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/environ`, "latin1").includes(mark);
    } catch {
      return false; // It has ended.
    }
  }).length;
}

describe("the lab of a server that is killed", () => {
  it("leaves no shell behind that was only just starting", async () => {
    // It is passed on to the shell and what that starts.
    const home = mkdtempSync(join(tmpdir(), "killed-"));
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SERVER], {
      cwd: root,
      env: { ...process.env, AT_ONCE: "1", HOME: home },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    const { folder } = JSON.parse(String(line));
    child.kill("SIGKILL");
    const mark = `HOME=${home}\0`;
    await until(() => !existsSync(folder) && !existsSync(`${folder}.left`) && processesWith(mark) === 0, {
      describe: "the end of whatever was started",
      timeoutMs: 30_000,
    });
    rmSync(home, { recursive: true });
  });

  it("leaves neither its shell nor its keys behind", async () => {
    const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", SERVER], {
      cwd: root,
      env: { ...process.env, SHELL: "/bin/sh" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [line] = await once(child.stdout, "data");
    const { folder, pid } = JSON.parse(String(line));
    expect(alive(pid)).toBe(true);
    child.kill("SIGKILL");
    await until(() => !alive(pid) && !existsSync(folder), {
      describe: "the end of shell and folder",
      timeoutMs: 30_000,
    });
  });
});
