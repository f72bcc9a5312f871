import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { grammarFor } from "../../src/app/grammars.ts";
import { resolvedLabHost } from "../../src/app/lab-hosts.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Action } from "../../src/base/contract/action.ts";
import { holds } from "../../src/base/contract/permit.ts";
import { TOOLSETS } from "../../src/base/toolsets.ts";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { HostDirectory } from "../../src/inventory/host.ts";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { Guard } from "../../src/policy/guard.ts";
import type { Put } from "../../src/shell/pty/put.ts";
import { toolsOn } from "../../src/tools/index.ts";
import { UNRESTRICTED } from "../a-host.ts";
import { seeded } from "../seeds/random.ts";
import { randomDeviceWrite, randomWrite } from "../seeds/writes/writes.ts";
import { type DeskOver, deskOver } from "../tools/desk-over.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Sent, taped } from "./kit/tape.ts";
import { until } from "./kit/until.ts";

/** Writes per run; `SSH_MCP_WRITES=500` tries as many as the marks ask for. */
const WRITES = Number(process.env.SSH_MCP_WRITES ?? 60);
const SHELLS = ["bash", "zsh", "dash"] as const;
const READ_ONLY = { ...UNRESTRICTED, level: "read_only" as const };

let server: TestServer;
let lab: Lab;
let desk: DeskOver;
let sent: Sent[];
const puts: { readonly put: Put; readonly host: string }[] = [];
/** Everything that the gate let pass. */
const passed: Action[] = [];
let folder: string;

beforeAll(async () => {
  server = await startSshd();
  lab = await startLab(process.env);
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-gate-"));
  chmodSync(folder, 0o777);
  writeFileSync(join(folder, "kept"), "kept");
  const catalog = openCatalog();
  const devices = lab.hosts
    .filter(({ platform }) => platform !== "posix")
    .map((host) => ({ ...resolvedLabHost(host), policy: READ_ONLY }));
  const hosts = [...SHELLS.map((shell) => hostFor(server, shell, { policy: READ_ONLY })), ...devices];
  const gate = (directory: HostDirectory) => {
    const guard = new Guard((platform) => grammarFor(catalog, platform), systemClock);
    const access = createAccess({ directory, guard });
    return {
      ...access,
      pass: (caller, action, target, act, place) =>
        access.pass(
          caller,
          action,
          target,
          (permit) => {
            passed.push(action);
            return act(permit);
          },
          place,
        ),
    } satisfies typeof access;
  };
  desk = deskOver(hosts, {
    toolsets: TOOLSETS,
    gate,
    places: { roots: [folder], cwd: folder, home: folder, withheld: [] },
    between: (direct) => {
      const tape = taped(direct);
      ({ sent } = tape);
      return tape.transport;
    },
    onPut: (put, { host }) => puts.push({ put, host }),
  });
});
afterAll(async () => {
  await desk?.dispose();
  await lab?.dispose();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const call = (tool: string, args: object) => desk.call(tool, args);
const onWire = (mark: string) => sent.filter(({ bytes }) => bytes.includes(mark));
const unchanged = () => expect(readdirSync(folder)).toEqual(["kept"]);

describe("of a write on a host that is read_only nothing is sent", () => {
  it.each(SHELLS)("whole, by each tool that takes one (%s)", async (shell) => {
    const random = seeded(shell.length * 7 + 20260);
    await call("ssh_connect", { host: shell });
    for (let n = 0; n < WRITES / SHELLS.length; n++) {
      const { text, mark } = randomWrite(random, folder);
      const ways = [
        () => call("ssh_shell", { session: shell, command: text }),
        () => call("ssh_send", { session: shell, text, enter: true, here: "prompt" }),
        () => call("ssh_send", { session: shell, text, enter: true, here: "prompt", paste: true }),
        () => call("ssh_exec", { host: shell, command: text }),
        () => call("ssh_exec", { host: shell, command: "bash", stdin: text }),
        () => call("ssh_exec", { host: shell, command: "cat", stdin: text, pty: true }),
        () => call("ssh_exec", { host: shell, command: text, cwd: "/tmp", env: { A: "b" } }),
      ];
      const way = Math.floor(random() * ways.length);
      const said = await ways[way]?.();
      expect(said, `${way}: ${text}`).toMatch(/^(denied|not_ready|invalid_argument):|denied/);
      expect(onWire(mark), `${way}: ${text}`).toEqual([]);
    }
    unchanged();
  });

  it("by each device's session and by ssh_exec", async () => {
    const random = seeded(4711);
    await call("ssh_connect", { host: "lab-ios" });
    for (let n = 0; n < WRITES / 4; n++) {
      const { text, mark } = randomDeviceWrite(random);
      const ways = [
        () => call("ssh_shell", { session: "lab-ios", command: text }),
        () => call("ssh_shell", { session: "lab-ios", command: text, mode: "config" }),
        () => call("ssh_send", { session: "lab-ios", text, enter: true, here: "prompt" }),
        () => call("ssh_exec", { host: "lab-ios", command: text }),
      ];
      const way = Math.floor(random() * ways.length);
      const said = await ways[way]?.();
      expect(said, `${way}: ${text}`).toMatch(/denied|not_ready|invalid_argument/);
      expect(onWire(mark), `${way}: ${text}`).toEqual([]);
    }
  });

  it("files are neither written, edited, uploaded nor synced", async () => {
    for (const host of ["bash", "zsh"])
      for (const [tool, args] of [
        ["ssh_write_file", { host, path: `${folder}/x`, content: "x" }],
        ["ssh_edit_file", { host, path: `${folder}/kept`, edits: [{ old: "kept", new: "gone" }] }],
        ["ssh_upload", { host, local_path: `${folder}/kept`, remote_path: `${folder}/y` }],
        [
          "ssh_sync",
          { from_host: "zsh", from_path: `${folder}/kept`, to_host: host, to_path: `${folder}/z` },
        ],
      ] as const)
        expect(await call(tool, args), tool).toMatch(/denied|invalid_argument/);
    unchanged();
  });
});

describe("a line that is made of several calls is not run either", () => {
  const MARK = "wpieces";
  /** Keys of each call; the last of them, or one before, has to be refused. */
  const attacks: readonly (readonly [string, readonly string[]])[] = [
    ["piecemeal", ["touch ", `${MARK}`, "<Enter>"]],
    ["by Ctrl-J, Ctrl-M and Ctrl-O", [`touch ${MARK}`, "<C-j>", "<C-m>", "<C-o>"]],
    ["behind another line", [`pwd<Enter>touch ${MARK}<Enter>`]],
    ["kept by Ctrl-U at the start of the line", [`touch ${MARK}`, "<Home><C-u>", "<Enter>"]],
    ["kept by a quoted Ctrl-U", [`touch ${MARK} #<C-v><C-u>`, "<Enter>"]],
    ["killed and yanked", [`touch ${MARK}<C-u>`, "<C-y>", "<Enter>"]],
    ["pasted in pieces", ["<Esc>[200~pwd<Enter>", `touch ${MARK}<Enter>`, "<Esc>[201~", "<Enter>"]],
    ["longer than its row", [`touch ${MARK} #${"a".repeat(300)}<Left>`, "<Enter>"]],
    ["recalled and changed", [`echo touch ${MARK}<Enter>`, "<Up><Home><Del><Del><Del><Del><Del>", "<Enter>"]],
    ["by quick substitution", [`echo touch ${MARK}<Enter>`, "^echo ^^<Enter>"]],
    ["expanded without an Enter", [`echo $(touch ${MARK})`, "<Esc><C-e>", "<Tab>"]],
    ["ahead of what runs", ["sleep 1<Enter>", `touch ${MARK}<Enter>`]],
    ["ahead, without Enter until later", ["sleep 1<Enter>", `touch ${MARK}`, "<Enter>"]],
    ["out of a pager", ["less /etc/passwd<Enter>", `!touch ${MARK}<Enter>`, `|$touch ${MARK}<Enter>`, "q"]],
    ["with marks erased", [`#e\u0301<BS><BS>touch ${MARK}<Enter>`]],
  ];
  const EVERYWHERE = /piecemeal|quoted|pieces|ahead of/;
  const cases = SHELLS.flatMap((shell) =>
    attacks
      .filter(([how]) => shell === "bash" || EVERYWHERE.test(how))
      .map(([how, keys]) => [shell, how, keys] as const),
  );
  it.each(cases)("%s: %s", async (shell, _how, calls) => {
    const session = `${shell}-keys`;
    if (!desk.multiplexer.find(session)) await call("ssh_connect", { host: shell, session });
    await call("ssh_shell", { session, command: `cd ${folder}` });
    for (const keys of calls) {
      const said = await call("ssh_send", { session, keys, here: "prompt", timeout_s: 1 });
      // What is in front is no prompt: then as an answer.
      if (said.startsWith("not_ready")) await call("ssh_send", { session, keys, timeout_s: 1 });
    }
    // An interrupt takes with it what a pager that is only just starting has not read yet.
    let end = "";
    await until(
      async () => {
        for (let n = 0; n < 2; n++) await call("ssh_send", { session, keys: "<C-c>", timeout_s: 1 });
        end = await call("ssh_shell", { session, command: "pwd", timeout_s: 20 });
        if (/less reads this/.test(end)) await call("ssh_send", { session, keys: "q", timeout_s: 1 });
        return end.includes(folder);
      },
      { timeoutMs: 30_000, describe: () => end },
    );
    unchanged();
  });
});

it("every tool of every toolset passes the gate: what is sent has been let through", async () => {
  const host = "bash";
  const args: Readonly<Record<string, object>> = {
    db_change: { host, type: "mysql", query: "drop database x", database: "x" },
    docker_change: { host, container: "x", action: "stop" },
    docker_cp: { host, container: "x", direction: "to", path: "/x", host_path: "/etc/hosts" },
    package_change: { host, action: "install", names: ["hello"] },
    voip_sip_capture: { host, seconds: 1 },
    voip_net_capture: { host, seconds: 1 },
    voip_rtp_capture: { host, seconds: 1 },
    voip_remove_capture: { host, path: "/tmp/ssh-mcp-sip-x.pcap" },
  };
  const tried: string[] = [];
  for (const { definition } of toolsOn(TOOLSETS)) {
    const { name, annotations } = definition;
    const own = Object.entries(args).find(([end]) => name === end || name === `ssh_${end}`)?.[1];
    const said = await call(name, own ?? { host });
    tried.push(name);
    if (own !== undefined && annotations?.readOnlyHint !== true)
      expect(said, name).toMatch(/^(denied|invalid_argument)/);
  }
  expect(tried.length).toBeGreaterThan(40);
  // Terminals: exactly what the permits of the acts hold, in the very order.
  for (const { put } of puts)
    expect(
      put.bytes === undefined || holds(put.permit, put.bytes, put.reason),
      `${put.reason.as} ${put.bytes}`,
    ).toBe(true);
  for (const name of new Set(puts.map((one) => one.host))) {
    const written = sent.filter(({ host: on, over }) => on === name && over === "terminal");
    const permitted = puts.filter(({ host: on, put }) => on === name && put.bytes !== undefined);
    const hidden = puts.length - puts.filter(({ put }) => put.bytes !== undefined).length;
    expect(written.length).toBeGreaterThanOrEqual(permitted.length);
    expect(written.length).toBeLessThanOrEqual(permitted.length + hidden);
    const left = [...permitted.map(({ put }) => put.bytes?.toString("latin1"))];
    for (const { bytes } of written) {
      const at = left.indexOf(bytes);
      if (at >= 0) left.splice(at, 1);
    }
    expect(left).toEqual([]);
  }
  // Commands of their own: each is the line of an act that passed, or a question of this program's own.
  const lines = new Set(
    passed.flatMap((action) => (action.verb === "exec" ? [action.line ?? action.command] : [])),
  );
  const readsFiles = passed.some(({ verb }) => verb === "file" || verb === "open");
  for (const { over, bytes } of sent.filter((one) => one.over === "exec"))
    expect(
      lines.has(bytes) || (readsFiles && OWN_QUESTION.test(bytes)),
      `${over}: ${bytes.slice(0, 200)}`,
    ).toBe(true);
  unchanged();
});

/** What this program asks a host itself: marked as its own. */
const OWN_QUESTION = /ssh-mcp|ssh_mcp/;
