import { createHash } from "node:crypto";
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Surroundings } from "../../src/app/surroundings.ts";
import { openWorkspace } from "../../src/app/workspace.ts";
import { showRecording } from "../../src/commands/recordings/show.ts";
import type { Workspace } from "../../src/desk/contract.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { until } from "../real/kit/until.ts";
import { knownHosts } from "../ssh/hosts.ts";
import { canRunSshd, keygen, startSshd, type TestServer } from "../ssh/sshd.ts";
import { AGENT } from "../tools/fake.ts";
import { read } from "./rig.ts";

const CANARY = "c4nary-in-the-M1ne";
const COMMUNITY = "n0c-Gr3en-Tea";

describe.skipIf(!canRunSshd)("a session on a host with record: true", () => {
  let server: TestServer;
  let workspace: Workspace;
  let around: Surroundings;
  let state: string;
  const call = async (tool: string, args: object) =>
    (await createDesk({ workspace: async () => workspace, report: () => {} }).call(AGENT, tool, args)).text;
  const folder = () => join(state, "recordings");
  const files = () => readdirSync(folder()).toSorted();
  const text = (file: string) => readFileSync(join(folder(), file), "utf8");
  const audit = () =>
    readFileSync(join(state, "audit.jsonl"), "utf8")
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));

  beforeAll(async () => {
    server = await startSshd();
    keygen(join(server.folder, "locked"), ["-N", "another"]);
    state = join(server.folder, "state", "ssh-mcp");
    const at = `host: 127.0.0.1, port: ${server.port}, user: root, platform: posix, policy: unrestricted, host_key: { known_hosts: ${knownHosts(server)} }`;
    const key = `auth: { method: key, key_path: ${server.clientKey} }`;
    const inventory = [
      "settings: { ssh_config: false, recordings: { days: 30 } }",
      "groups: { seen: { record: true } }",
      "hosts:",
      `  web1: { ${at}, ${key}, groups: seen, mask_secrets: true }`,
      `  unseen: { ${at}, ${key} }`,
      `  locked: { ${at}, auth: { method: key, key_path: ${join(server.folder, "locked")}, passphrase_env: CANARY } }`,
    ];
    const configPath = join(server.folder, "hosts.yaml");
    writeFileSync(configPath, `${inventory.join("\n")}\n`, { mode: 0o600 });
    const env = {
      PATH: process.env.PATH,
      SHELL: "/bin/sh",
      CANARY,
      XDG_STATE_HOME: join(server.folder, "state"),
    };
    around = { configPath, lab: false, env, cwd: server.folder, home: server.folder };
    workspace = await openWorkspace(around);
  });
  afterAll(async () => {
    await workspace?.dispose();
    await server?.stop();
  });

  it("is in one file of this user alone, with its commands, and without a secret in any form", async () => {
    // The passphrase opens no key, and is a secret in use from now on.
    await call("ssh_connect", { host: "locked" });
    await call("ssh_connect", { host: "unseen" });
    await call("ssh_connect", { host: "web1", cols: 100, rows: 30 });
    const file = join(server.folder, "shown");
    const quoted = JSON.stringify(JSON.stringify({ password: CANARY }));
    writeFileSync(file, `plain ${CANARY} end\n${quoted}\nsnmp-server community ${COMMUNITY} RO\nlast row\n`);
    await call("ssh_shell", { session: "web1", command: `cat ${file}` });
    const [one, two] = [CANARY.slice(0, 6), CANARY.slice(6)];
    await call("ssh_shell", {
      session: "web1",
      command: `printf %s ${one}; sleep 0.3; printf '%s\\n' '${two}'`,
    });
    await call("ssh_shell", { session: "web1", command: "(exit 3)" });
    await call("ssh_disconnect", { session: "web1" });
    await call("ssh_disconnect", { session: "unseen" });
    await until(() => audit().some(({ event, state }) => event === "recording" && state === "ended"), {
      describe: "the end of the recording",
    });
    expect(files()).toHaveLength(1);
    const [name = ""] = files();
    expect(name).toMatch(/^web1\.\d{8}T\d{6}Z-[0-9a-f]{4}\.cast$/);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder(), name)).mode & 0o777).toBe(0o600);
    const { header, output, markers } = read(text(name));
    expect(header.term).toEqual({ cols: 100, rows: 30, type: "xterm-256color" });
    expect(text(name)).not.toContain(CANARY);
    expect(text(name)).not.toContain(COMMUNITY);
    expect(output).toContain("plain [secret] end");
    expect(output).toMatch(/community \[masked:[0-9a-f]{10}\] RO/);
    expect(output).toContain("last row\r\n");
    expect(markers).toContain(`#1 cat ${file}`);
    expect(markers).toContain("#1 done exit=0");
    expect(markers).toContain("#3 (exit 3)");
    expect(markers).toContain("#3 done exit=3");
    expect(markers.at(-1)).toMatch(/^closed: /);
    const ended = audit().find(({ event, state }) => event === "recording" && state === "ended");
    expect(ended).toMatchObject({
      file: name,
      session: "web1",
      started: header.ssh_mcp.audit_seq,
      commands: 3,
      hash: createHash("sha256").update(text(name)).digest("hex"),
    });
    expect(audit().find(({ seq }) => seq === header.ssh_mcp.audit_seq)).toMatchObject({
      event: "recording",
      state: "started",
      file: name,
    });
    const printed = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    expect(await showRecording("web1", around)).toBe(0);
    chmodSync(join(folder(), name), 0o600);
    writeFileSync(join(folder(), name), `${text(name)}[0.000,"m","#4 rm -rf /"]\n`);
    expect(await showRecording("web1", around)).toBe(1);
    const shown = printed.mock.calls.map(([text]) => text).join("");
    printed.mockRestore();
    expect(shown).toContain("#3 done exit=3");
    expect(shown).toContain(`${ended?.hash}: the audit log's line ${ended?.seq} says the same`);
    expect(shown).toContain(`CHANGED: the audit log's line ${ended?.seq} says ${ended?.hash}`);
    rmSync(join(folder(), name));
  });

  it("goes into a new file when a new shell is opened under the same name", async () => {
    for (const round of [1, 2]) {
      await call("ssh_connect", { host: "web1" });
      await call("ssh_shell", { session: "web1", command: `echo round ${round}` });
      await call("ssh_disconnect", { session: "web1" });
    }
    await until(() => audit().filter(({ state }) => state === "ended").length === 3, {
      describe: "both ends",
    });
    const rounds = files().map((file) => /echo round (\d)/.exec(text(file))?.[1]);
    expect(rounds.toSorted()).toEqual(["1", "2"]);
    for (const file of files()) rmSync(join(folder(), file));
  });

  it("that cannot be recorded goes on, and its caller is told once", async () => {
    chmodSync(folder(), 0o755);
    const connected = await call("ssh_connect", { host: "web1" });
    const first = await call("ssh_shell", { session: "web1", command: "echo still here" });
    expect(first).toContain("still here");
    const told = [connected, first, await call("ssh_read", { session: "web1" })].join("\n");
    expect(told.match(/NOT recorded: .*chmod 700/g)).toHaveLength(1);
    expect(audit().some(({ event, state }) => event === "recording" && state === "refused")).toBe(true);
    await call("ssh_disconnect", { session: "web1" });
    chmodSync(folder(), 0o700);
  });
});
