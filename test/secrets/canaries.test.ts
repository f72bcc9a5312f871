import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Parts, partsOf } from "../../src/app/parts.ts";
import type { Surroundings } from "../../src/app/surroundings.ts";
import { createDesk } from "../../src/desk/desk.ts";
import { knownHosts } from "../ssh/hosts.ts";
import { type ScriptedServer, startScripted } from "../ssh/scripted.ts";
import { canRunSshd, startSshd, type TestServer } from "../ssh/sshd.ts";
import { AGENT } from "../tools/fake.ts";
import { CANARIES, formsOf, processTexts, sung } from "./canaries.ts";

let server: TestServer;
let parrot: ScriptedServer;
let parts: Parts;
let around: Surroundings;
let folder: string;
let said = "";
const reported: unknown[] = [];

/** One path on which something fails, or a secret is shown back: a tool and what it is given, in the order they run. */
type Row = readonly [what: string, tool: string, args: Record<string, unknown>];

const at = (name: string) => join(folder, name);
const { password, fromFile, fromCommand, passphrase, named } = CANARIES;
const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;

const ROWS: readonly Row[] = [
  ["a password that is wrong, from a variable", "ssh_connect", { host: "pw-env" }],
  ["a password that is wrong, from a file", "ssh_connect", { host: "pw-file" }],
  ["a password that is wrong, from a command", "ssh_connect", { host: "pw-command" }],
  ["a server that gives the password back in a refusal", "ssh_connect", { host: "parrot" }],
  ["a server that gives it back, without a session", "ssh_exec", { host: "parrot", command: "true" }],
  ["the same, for a file", "ssh_read_file", { host: "parrot", path: "/etc/hosts" }],
  ["a server that gives the password back in its questions", "ssh_connect", { host: "parrot-asks" }],
  ["a passphrase that is wrong", "ssh_connect", { host: "key-wrong" }],
  ["a passphrase for a key that has none", "ssh_connect", { host: "key-plain" }],
  ["a key that is no key", "ssh_connect", { host: "key-none" }],
  ["a variable that is not set", "ssh_connect", { host: "no-env" }],
  ["a file that is not there", "ssh_connect", { host: "no-file" }],
  ["a file that others can read", "ssh_connect", { host: "open-file" }],
  ["a file that is a folder", "ssh_connect", { host: "folder-file" }],
  ["a command that prints the secret and fails", "ssh_connect", { host: "command-fails" }],
  ["a command that prints it to stderr and nothing else", "ssh_connect", { host: "command-stderr" }],
  ["a command that prints too much", "ssh_connect", { host: "command-much" }],
  ["a command that is not there", "ssh_connect", { host: "command-none" }],
  ["a port where nobody listens", "ssh_connect", { host: "refused" }],
  ["a name that is none", "ssh_connect", { host: "no-name" }],
  ["a host key that is not known", "ssh_connect", { host: "unknown-key" }],
  ["a jump host whose password is wrong", "ssh_connect", { host: "behind" }],
  ["a host that is not there, named by a secret", "ssh_connect", { host: password }],
  ["a session that is not there, named by one", "ssh_read", { session: fromFile }],
  ["a tool that is not there, named by one", named, {}],
  ["an argument that is not there, named by one", "ssh_hosts", { [fromCommand]: 1 }],
  ["a value of the wrong kind", "ssh_read", { session: "web", command: password }],
  ["a pattern that is none", "ssh_exec", { host: "web", command: "true", grep: `(${fromFile}` }],
  ["a session", "ssh_connect", { host: "web" }],
  ["a secret that is not in the inventory", "ssh_shell", { session: "web", command: "true", secret: "none" }],
  [
    "a secret for a program that does not ask",
    "ssh_shell",
    { session: "web", command: "cat /dev/null", secret: "named" },
  ],
  [
    "a secret as the input of a program that prints it",
    "ssh_exec",
    { host: "web", command: "cat", secret: "named" },
  ],
  [
    "a program that prints it and fails",
    "ssh_exec",
    { host: "web", command: "cat; exit 7", secret: "named" },
  ],
  ["a program that prints it to stderr", "ssh_exec", { host: "web", command: "cat >&2", secret: "named" }],
  ["a program that prints it as base64", "ssh_exec", { host: "web", command: "base64 -w0", secret: "named" }],
  [
    "a program that prints it as hexadecimal digits",
    "ssh_exec",
    { host: "web", command: "od -An -tx1 -v | tr -d ' \\n'", secret: "named" },
  ],
  [
    "a host that shows a password",
    "ssh_shell",
    { session: "web", command: `printf '%s\\n' ${quoted(password)}` },
  ],
  ["the same, read again", "ssh_read", { session: "web", grep: "Canary" }],
  ["the same, on the screen", "ssh_read", { session: "web", screen: true }],
  ["the list of what ran", "ssh_sessions", { session: "web" }],
  ["every form in which a host may show one", "ssh_exec", { host: "web", command: "cat forms" }],
  ["a variable of a command", "ssh_exec", { host: "web", command: "echo $X", env: { X: fromCommand } }],
  ["the input of a command", "ssh_exec", { host: "web", command: "cat", stdin: passphrase }],
  ["a folder that is not there", "ssh_exec", { host: "web", command: "pwd", cwd: `/${fromFile}` }],
  ["a program that is not there", "ssh_shell", { session: "web", command: quoted(fromFile) }],
  ["a file that holds one", "ssh_read_file", { host: "web", path: "forms" }],
  ["a path that is not there", "ssh_read_file", { host: "web", path: `/nowhere/${fromFile}` }],
  ["a folder with such a name", "ssh_list_dir", { host: "web", path: "names" }],
  [
    "an edit that finds nothing",
    "ssh_edit_file",
    { host: "web", path: "forms", edits: [{ old: `${password}!`, new: "x" }] },
  ],
  [
    "an edit whose difference shows one",
    "ssh_edit_file",
    { host: "web", path: "forms", edits: [{ old: "end", new: "fin" }] },
  ],
  [
    "a file that is written with one",
    "ssh_write_file",
    { host: "web", path: "written", content: `a ${password}\n` },
  ],
  ["a text for a program", "ssh_send", { session: "web", text: fromFile, enter: true }],
  ["a check", "ssh_check", { host: "web", command: `mysql -p${fromFile}` }],
  ["an act that a human has to approve", "ssh_exec", { host: "asks", command: `rm -rf /srv/${fromFile}` }],
  ["an act that is refused", "ssh_exec", { host: "reads", command: `echo ${quoted(password)} > /etc/motd` }],
  ["a way through a host that is not allowed", "ssh_connect", { host: "web", via: fromFile }],
];

describe.skipIf(!canRunSshd)("a secret of the inventory", () => {
  beforeAll(async () => {
    server = await startSshd({ config: ["PasswordAuthentication yes", "Subsystem sftp internal-sftp"] });
    folder = server.folder;
    parrot = await startScripted({
      login(context) {
        if (context.method === "password") {
          // What a hostile or a badly written server says of it.
          const given = context.password;
          return void context.reject([`keyboard-interactive`, `"${given}"`.slice(0, 60)] as never);
        }
        if (context.method === "keyboard-interactive")
          return void context.prompt([{ prompt: "Password: ", echo: false }], "login", (answers) =>
            context.prompt([{ prompt: `${answers?.[0]} is wrong, Password: `, echo: false }], () =>
              context.reject(),
            ),
          );
        context.reject(["password", "keyboard-interactive"]);
      },
    });
    const files: Record<string, string> = {
      "secret-file": CANARIES.fromFile,
      "open-file": CANARIES.fromFile,
      "no-key": CANARIES.passphrase,
      forms: `${Object.values(CANARIES).flatMap(formsOf).join("\n")}\nend\n`,
      printed: CANARIES.fromCommand,
    };
    for (const [name, content] of Object.entries(files)) writeFileSync(at(name), content, { mode: 0o600 });
    chmodSync(at("open-file"), 0o644);
    mkdirSync(at("names"));
    writeFileSync(join(at("names"), CANARIES.fromFile), "");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "the right one", "-f", at("locked-key")]);
    const known = knownHosts(server);
    const odd = parrot.host;
    const base = {
      host: "127.0.0.1",
      port: server.port,
      user: "root",
      platform: "posix",
      policy: "unrestricted",
      host_key: { known_hosts: known },
    };
    const password = (how: object) => ({ ...base, auth: { method: "password", ...how } });
    const key = (how: object) => ({ ...base, auth: { method: "key", ...how } });
    const login = key({ key_path: server.clientKey });
    const oddHost = { ...base, port: odd.port, host_key: { known_hosts: odd.hostKey.files[0] } };
    const hosts = {
      "pw-env": password({ password_env: "CANARY_PASSWORD" }),
      "pw-file": password({ password_file: at("secret-file") }),
      "pw-command": password({ password_command: `env > ${at("dump")}; cat ${at("printed")}` }),
      parrot: { ...oddHost, auth: { method: "password", password_env: "CANARY_PASSWORD" } },
      "parrot-asks": { ...oddHost, auth: { method: "password", password_file: at("secret-file") } },
      "key-wrong": key({ key_path: at("locked-key"), passphrase_env: "CANARY_PASSPHRASE" }),
      "key-plain": {
        ...key({ key_path: server.clientKey, passphrase_env: "CANARY_PASSPHRASE" }),
        user: "nobody-here",
      },
      "key-none": key({ key_path: at("no-key"), passphrase_env: "CANARY_PASSPHRASE" }),
      "no-env": password({ password_env: "CANARY_NOT_SET" }),
      "no-file": password({ password_file: at("not-there") }),
      "open-file": password({ password_file: at("open-file") }),
      "folder-file": password({ password_file: at("names") }),
      "command-fails": password({ password_command: `cat ${at("printed")}; exit 3` }),
      "command-stderr": password({ password_command: `cat ${at("printed")} >&2` }),
      "command-much": password({ password_command: `while :; do cat ${at("printed")}; done` }),
      "command-none": password({ password_command: "no-such-program-here" }),
      refused: { ...password({ password_env: "CANARY_PASSWORD" }), port: 1 },
      "no-name": { ...password({ password_env: "CANARY_PASSWORD" }), host: "no-such-host.invalid" },
      "unknown-key": {
        ...password({ password_env: "CANARY_PASSWORD" }),
        host_key: { known_hosts: at("empty") },
      },
      behind: { ...login, jump: "pw-env" },
      web: {
        ...login,
        secrets: { named: { env: "CANARY_NAMED", program: "cat" }, other: { env: "CANARY_UNUSED" } },
        enable_env: "CANARY_ENABLE",
        sudo_env: "CANARY_SUDO",
      },
      asks: { ...login, policy: "guarded" },
      reads: { ...login, policy: "read_only" },
    };
    writeFileSync(at("empty"), "");
    const configPath = at("hosts.yaml");
    writeFileSync(configPath, JSON.stringify({ settings: { ssh_config: false }, hosts }), { mode: 0o600 });
    const env = {
      PATH: process.env.PATH,
      SHELL: "/bin/sh",
      XDG_STATE_HOME: at("state"),
      CANARY_PASSWORD: CANARIES.password,
      CANARY_PASSPHRASE: CANARIES.passphrase,
      CANARY_ENABLE: CANARIES.enable,
      CANARY_SUDO: CANARIES.sudo,
      CANARY_NAMED: CANARIES.named,
      CANARY_UNUSED: CANARIES.unused,
    };
    around = { configPath, lab: false, env, cwd: folder, home: folder };
    parts = partsOf(around);
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said += String(text);
      return true;
    });
    // Each has been used once: from then on it is known wherever it turns up.
    const { read } = parts.secrets;
    for (const name of [
      "CANARY_PASSWORD",
      "CANARY_PASSPHRASE",
      "CANARY_ENABLE",
      "CANARY_SUDO",
      "CANARY_NAMED",
      "CANARY_UNUSED",
    ])
      (await read({ from: "env", name })).reveal();
    (await read({ from: "file", path: at("secret-file") })).reveal();
    (await read({ from: "command", command: `cat ${at("printed")}` })).reveal();
  });
  afterAll(async () => {
    vi.restoreAllMocks();
    await parts?.dispose();
    await parrot?.stop();
    await server?.stop();
  });

  /** All that is kept on disk but what the test itself and the hosts put there. */
  const kept = (path = at("state")): string =>
    statSync(path).isDirectory()
      ? readdirSync(path)
          .map((name) => `${name}\n${kept(join(path, name))}`)
          .join("\n")
      : readFileSync(path, "utf8");

  const desk = createDesk({
    workspace: async () => {
      const [access, multiplexer, files, moving] = [
        await parts.access(),
        await parts.multiplexer(),
        await parts.files(),
        await parts.moving(),
      ];
      const { clock, secrets, maskingOf } = parts;
      return { access, multiplexer, files, moving, clock, redact: secrets.redact, maskingOf };
    },
    report: (error) => void reported.push(error),
  });

  it("has more than forty paths on which it could be shown", () => {
    expect(ROWS.length).toBeGreaterThan(40);
    expect(new Set(ROWS.map(([what]) => what)).size).toBe(ROWS.length);
  });

  it.each(ROWS)("is shown nowhere and in no form: %s", async (_what, tool, args) => {
    const inFolder =
      typeof args.path === "string" && !args.path.startsWith("/") ? { ...args, path: at(args.path) } : args;
    const given = args.command === "cat forms" ? { ...args, command: `cat ${at("forms")}` } : inFolder;
    const { text, result } = await desk.call(AGENT, tool, {
      ...given,
      ...(tool === "ssh_exec" ? { timeout_s: 20 } : {}),
    });
    expect(text.length).toBeGreaterThan(10);
    expect(sung(text)).toEqual([]);
    expect(sung(processTexts())).toEqual([]);
    const error = result.kind === "error" ? result.error : undefined;
    if (
      error !== undefined &&
      tool.startsWith("ssh_connect") &&
      !Object.values(args).some((value) => sung(String(value)).length > 0)
    )
      expect(sung(`${inspect(error, { depth: 9, showHidden: true })}${error.stack}`)).toEqual([]);
  });

  it("would be found in each of its forms", () => {
    const found = new Set(sung(readFileSync(at("forms"), "utf8")));
    expect(found.size).toBe(Object.values(CANARIES).flatMap(formsOf).length);
  });

  it("is in no environment of a command that prints another", () => {
    const dump = readFileSync(at("dump"), "utf8");
    expect(dump).toContain("PATH=");
    expect(sung(dump)).toEqual([]);
  });

  it("is in nothing that is kept, written to stderr, reported or printed of an object", async () => {
    expect(sung(kept())).toEqual([]);
    expect(kept()).toContain('"event":"login"');
    expect(sung(said)).toEqual([]);
    expect(sung(reported.map((one) => inspect(one, { depth: 9 })).join("\n"))).toEqual([]);
    const objects = [
      parts.secrets,
      await parts.access(),
      await parts.multiplexer(),
      parts.transport(),
      await parts.files(),
    ];
    for (const object of objects) {
      expect(
        sung(inspect(object, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null })),
      ).toEqual([]);
    }
    const { read } = parts.secrets;
    const secret = await read({ from: "env", name: "CANARY_UNUSED" });
    expect(sung(`${inspect(secret, { showHidden: true })}${JSON.stringify({ secret })}${secret}`)).toEqual(
      [],
    );
  });
});
