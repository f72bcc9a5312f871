import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorkspace } from "../../../src/app/workspace.ts";
import type { Workspace } from "../../../src/desk/contract.ts";
import { createDesk } from "../../../src/desk/desk.ts";
import { knownHosts } from "../../ssh/hosts.ts";
import { canRunSshd, startSshd, type TestServer } from "../../ssh/sshd.ts";
import { AGENT } from "../../tools/fake.ts";

const COMMUNITY = "n0c-Gr3en-Tea";
const HASH = "$9$nhEmQVczB7dqsO$X.HsgL6x1il0RxkOSSvyQYwucySCt7qFm4v7pqCxkKM";
const CONFIG = [
  "hostname sw1",
  `enable secret 9 ${HASH}`,
  `snmp-server community ${COMMUNITY} RO`,
  "interface Vlan1",
  ' description "password vault uplink"',
  "end",
];
const TOKEN = /\[masked:[0-9a-f]{10}\]/g;

describe.skipIf(!canRunSshd)("a host whose secrets are masked", () => {
  let server: TestServer;
  let workspace: Workspace;
  let state: string;
  let file: string;
  const call = async (tool: string, args: object) =>
    (await createDesk({ workspace: async () => workspace, report: () => {} }).call(AGENT, tool, args)).text;

  beforeAll(async () => {
    server = await startSshd({ config: ["Subsystem sftp internal-sftp"] });
    state = join(server.folder, "state");
    file = join(server.folder, "sw1.cfg");
    writeFileSync(file, `${CONFIG.join("\n")}\n`);
    const at = `host: 127.0.0.1, port: ${server.port}, user: root, platform: posix, policy: unrestricted, auth: { method: key, key_path: ${server.clientKey} }, host_key: { known_hosts: ${knownHosts(server)} }`;
    const inventory = [
      "settings: { ssh_config: false }",
      "hosts:",
      `  masked: { ${at}, secrets: mask }`,
      `  plain: { ${at} }`,
      `  asks: { ${at.replace("unrestricted", "guarded")} }`,
    ];
    const configPath = join(server.folder, "hosts.yaml");
    writeFileSync(configPath, `${inventory.join("\n")}\n`, { mode: 0o600 });
    const env = { PATH: process.env.PATH, SHELL: "/bin/sh", XDG_STATE_HOME: state };
    workspace = await openWorkspace({
      configPath,
      lab: false,
      env,
      cwd: server.folder,
      home: server.folder,
    });
  });
  afterAll(async () => {
    await workspace?.dispose();
    await server?.stop();
  });

  const audit = () => readFileSync(join(state, "ssh-mcp", "audit.jsonl"), "utf8");

  it("shows tokens wherever its text becomes a result, the same for the same secret, and nothing else is changed", async () => {
    await call("ssh_connect", { host: "masked" });
    const shown = [
      await call("ssh_shell", { session: "masked", command: `cat ${file}` }),
      await call("ssh_read", { session: "masked", command: 1 }),
      await call("ssh_read", { session: "masked", grep: "community|secret" }),
      await call("ssh_read", { session: "masked", screen: true }),
      await call("ssh_exec", { host: "masked", command: `cat ${file}` }),
      await call("ssh_read_file", { host: "masked", path: file }),
      await call("ssh_shell", { session: "masked", command: `cat ${file}`, tail: 4 }),
    ];
    for (const text of shown) {
      expect(text).not.toContain(COMMUNITY);
      expect(text).not.toContain(HASH.slice(12, 24));
      expect(text).toMatch(/snmp-server community \[masked:[0-9a-f]{10}\] RO/);
    }
    const first = CONFIG.join("\n").replace(HASH, "§").replace(COMMUNITY, "§");
    expect(shown[0]?.replace(TOKEN, "§")).toContain(first);
    expect(shown[0]).toContain("masked=2");
    const tokens = shown.map((text) => text.match(/community (\[masked:\w+\])/)?.[1]);
    expect(new Set(tokens).size).toBe(1);
  });

  it("shows no secret that comes in two parts", async () => {
    const half = COMMUNITY.slice(0, 6);
    const command = `printf 'snmp-server community ${half}'; read -r go; echo '${COMMUNITY.slice(6)} RO'`;
    const begun = await call("ssh_shell", { session: "masked", command, timeout_s: 1 });
    const rest = await call("ssh_send", { session: "masked", text: "", enter: true });
    const whole = await call("ssh_read", { session: "masked", grep: "RO$" });
    for (const text of [begun, rest, whole]) expect(text).not.toMatch(/community n0c|Gr3en-Tea RO/);
  });

  it("tells no secret piece by piece, by what a pattern finds and what it does not", async () => {
    const right = `community ${COMMUNITY.slice(0, 5)}`;
    const cat = { session: "masked", command: `cat ${file}` };
    await call("ssh_shell", cat);
    const exec = await call("ssh_exec", { host: "masked", command: `cat ${file}` });
    const [, id] = /#(\d+)/.exec(exec) ?? [];
    const asked = async (grep: string) => [
      await call("ssh_read", { session: "masked", grep: `^snmp-server ${grep}` }),
      await call("ssh_read", { session: "masked", command: 1, grep }),
      await call("ssh_read", { exec: Number(id), grep }),
      await call("ssh_read_file", { host: "masked", path: file, grep }),
      await call("ssh_shell", { ...cat, grep }),
    ];
    for (const text of await asked(right)) expect(text).toMatch(/matches=0|no match/);
    for (const text of await asked("community .masked")) expect(text).toMatch(/matches=[1-9]/);
    const waited = (wait_for: string) =>
      call("ssh_shell", { session: "masked", command: `cat ${file}; read -r go`, wait_for, timeout_s: 1 });
    expect(await waited("community .masked")).toContain("matched");
    await call("ssh_send", { session: "masked", text: "", enter: true });
    expect(await waited(right)).not.toContain("matched");
    await call("ssh_send", { session: "masked", text: "", enter: true });
  });

  it("is not the host beside it, whose operator did not ask for it", async () => {
    const text = await call("ssh_exec", { host: "plain", command: `cat ${file}` });
    expect(text).toContain(`snmp-server community ${COMMUNITY} RO`);
  });

  it("gets no token in place of a secret, by a file, an edit or a command; the file stays as it is", async () => {
    const text = await call("ssh_read_file", { host: "masked", path: file });
    const content = text.slice(0, text.lastIndexOf("\n["));
    const before = readFileSync(file, "utf8");
    const token = content.match(TOKEN)?.[0] ?? "";
    const calls: [string, object][] = [
      ["ssh_write_file", { host: "masked", path: file, content }],
      ["ssh_write_file", { host: "masked", path: `${file}.new`, content }],
      [
        "ssh_edit_file",
        { host: "masked", path: file, edits: [{ old: "end", new: `enable secret ${token}` }] },
      ],
      ["ssh_shell", { session: "masked", command: `echo 'enable secret ${token}' > ${file}` }],
      ["ssh_exec", { host: "masked", command: `tee ${file}`, stdin: content }],
    ];
    for (const [tool, args] of calls)
      expect(await call(tool, args)).toMatch(/^invalid_argument: .*\[masked:\w+\].*place of a secret/);
    expect(readFileSync(file, "utf8")).toBe(before);
    expect(
      await call("ssh_edit_file", { host: "masked", path: file, edits: [{ old: "sw1", new: "sw2" }] }),
    ).toContain("edit done");
    expect(readFileSync(file, "utf8")).toBe(before.replace("sw1", "sw2"));
  });

  it("has its key in a file of its owner alone", () => {
    const key = join(state, "ssh-mcp", "mask.key");
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(readFileSync(key, "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it("and every other: what is typed into a command is in no file that is kept, and is executed as it is", async () => {
    const secret = "Typed-S3cret-77";
    await call("ssh_exec", {
      host: "plain",
      command: `echo 'snmp-server community ${secret} RW' > ${file}.set`,
    });
    expect(readFileSync(`${file}.set`, "utf8")).toBe(`snmp-server community ${secret} RW\n`);
    expect(audit()).toMatch(/snmp-server community \[masked:[0-9a-f]{10}\] RW/);
    const asked = await call("ssh_write_file", {
      host: "asks",
      path: "/etc/ssh-mcp-test.conf",
      content: `password = ${secret}\n`,
    });
    expect(asked).toMatch(/^approval_needed: /);
    const orders = join(state, "ssh-mcp", "approvals");
    const kept = readdirSync(orders).map((name) => readFileSync(join(orders, name), "utf8"));
    expect(kept.join("\n")).toContain("password = [masked:");
    expect(kept.join("\n") + audit()).not.toContain(secret);
  });
});
