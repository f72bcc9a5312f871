import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { type Lab, startLab } from "../../src/lab/lab.ts";
import { keyPair } from "../ssh/scripted.ts";
import { build } from "./built.ts";

let folder: string;
let cli: string;
let home: string;
let path: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-hosts-"));
  cli = await build();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  home = mkdtempSync(join(folder, "home-"));
  path = join(home, ".config", "ssh-mcp", "hosts.yaml");
});

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs `ssh-mcp hosts …` with a home of its own. */
function hosts(...args: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH ?? "", HOME: home, SET_HERE: "x" };
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, "hosts", ...args], { cwd: folder, env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

function write(text: string, file = path): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}

const WEB =
  "# mine\nhosts:\n  web1: # main\n    host: 10.0.0.1\n    tags: [a]\n  db: {host: 10.0.0.2, jump: web1}\n";

describe("ssh-mcp hosts", () => {
  it("creates the inventory with its first host, readable by the owner alone", async () => {
    const done = await hosts("add", "web1", "host=10.0.0.1", "user=1001", "port=22", "auth.method=agent");
    expect(done.err).toBe("");
    expect(done.code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(
      "hosts:\n  web1:\n    host: 10.0.0.1\n    user: '1001'\n    port: 22\n    auth: {method: agent}\n",
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("changes, removes and extends keys, shows the change and keeps the rest and a backup", async () => {
    write(WEB);
    const done = await hosts("set", "web1", "host=10.0.0.9", "tags+=b,c", "tags-=a", "description=it's: new");
    expect(done.out).toContain("-    host: 10.0.0.1\n-    tags: [a]\n+    host: 10.0.0.9\n");
    const text = WEB.replace("0.1", "0.9").replace("[a]", "[b, c]\n    description: 'it''s: new'");
    expect(readFileSync(path, "utf8")).toBe(text);
    expect(readFileSync(`${path}~`, "utf8")).toBe(WEB);
    await hosts("set", "web1", "description=");
    expect(readFileSync(path, "utf8")).toBe(WEB.replace("0.1", "0.9").replace("[a]", "[b, c]"));
  });

  it("writes nothing with --dry-run", async () => {
    write(WEB);
    const done = await hosts("remove", "db", "--dry-run");
    expect(done).toMatchObject({ code: 0, err: "" });
    expect(done.out).toContain("-  db: {host: 10.0.0.2, jump: web1}");
    expect(readFileSync(path, "utf8")).toBe(WEB);
    expect(existsSync(`${path}~`)).toBe(false);
  });

  it("renames a host also where others are reached through it", async () => {
    write(WEB);
    expect((await hosts("rename", "web1", "bastion")).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(WEB.replaceAll("web1", "bastion"));
  });

  it("renames a jump host and no user or port that reads the same", async () => {
    write(
      "hosts:\n  22: {}\n  a: {jump: '22@22:22,ssh://22:22'}\n  b: {jump: [ x, '22' ]}\n  c: {via: '22'}\n",
    );
    expect((await hosts("rename", "22", "gw")).code).toBe(0);
    expect(readFileSync(path, "utf8")).toBe(
      "hosts:\n  gw: {}\n  a: {jump: '22@gw:22,ssh://gw:22'}\n  b: {jump: [ x, 'gw' ]}\n  c: {via: 'gw'}\n",
    );
  });

  it("gives a host of the ssh configuration an entry, which takes the rest from there", async () => {
    write("Host old\n  HostName 10.9.9.9\n  User bo\n", join(home, ".ssh", "config"));
    expect((await hosts("set", "old", "tags=x")).err).toContain("old is a host of your ssh configuration");
    expect(readFileSync(path, "utf8")).toBe("hosts:\n  old:\n    tags: [x]\n");
    expect((await hosts("list")).out).toMatch(/^old +bo@10\.9\.9\.9:22 +auto +x +unknown +inventory$/m);
  });

  it("lists, shows and validates as text and as JSON", async () => {
    write(WEB);
    const listed = JSON.parse((await hosts("list", "--json")).out);
    expect(listed.hosts.map(({ name }: { name: string }) => name)).toEqual(["web1", "db"]);
    const shown = await hosts("show", "web1");
    expect(shown.out).toContain(`${path}:3:\n  web1: # main\n    host: 10.0.0.1\n    tags: [a]\n`);
    const entry = JSON.parse((await hosts("show", "db", "--json")).out);
    expect(entry).toMatchObject({ name: "db", jump: ["web1"], entry: { jump: "web1" }, line: 6 });
    expect(await hosts("validate")).toEqual({ code: 0, out: `${path} is valid: 2 hosts.\n`, err: "" });
    write("hosts:\n  a: {jump: b}\n  b: {jump: a}\n  c: {port: 0}\n");
    const checked = await hosts("validate", "--json");
    expect(checked.code).toBe(1);
    const { faults } = JSON.parse(checked.out);
    expect(faults.join("\n")).toMatch(/hosts\.yaml:4: hosts\.c\.port: [\s\S]*run in a circle: a → b → a/);
  });

  it("works on the file that --config names, and names it in the next step", async () => {
    const other = join(home, "other.yaml");
    expect((await hosts("add", "x", "host=h", "--config", other)).code).toBe(0);
    expect(existsSync(path)).toBe(false);
    expect((await hosts("set", "y", "port=1", "--config", other)).err).toContain(
      `ssh-mcp hosts add --config ${other} y host=ADDRESS`,
    );
  });
});

describe("a change that would not be meant is refused with its reason, and nothing is written:", () => {
  test.each<[what: string, args: string[], code: number, why: string]>([
    [
      "a password in place of a reference",
      ["set", "web1", "password=hunter2"],
      1,
      "use password_env (environment variable), password_file (chmod 600) or password_command",
    ],
    [
      "a password below auth",
      ["set", "web1", "auth.password=hunter2"],
      1,
      "a secret must not be written into this file",
    ],
    [
      "a password as the name of a variable",
      ["set", "web1", "auth.method=password", "auth.password_env=hunter2"],
      1,
      "may be the secret itself",
    ],
    [
      "a password that stands alone",
      ["set", "web1", "hunter2"],
      1,
      "Word 1 behind the name is not KEY=VALUE",
    ],
    [
      "a port that is none",
      ["set", "web1", "port=hunter2"],
      1,
      "hosts.yaml:6: hosts.web1.port: must be a number from 1 to 65535",
    ],
    ["a key that does not exist", ["set", "web1", "ip=10.0.0.1"], 1, "write `host: 10.0.0.1`"],
    [
      "a platform that does not exist",
      ["set", "web1", "platform=Cisco-IOS"],
      1,
      "write `platform: cisco_ios`",
    ],
    ["jump hosts in a circle", ["set", "web1", "jump=db"], 1, "run in a circle: web1 → db → web1"],
    ["a host that others are reached through", ["remove", "web1"], 1, "web1 is the jump host of hosts.db"],
    ["a host that is there", ["add", "web1", "host=x"], 1, "hosts.web1 is there already, in line 3"],
    ["a name that is none", ["add", "we b", "host=x"], 1, "must hold no blanks"],
    ["a host that is not there", ["set", "wbe1", "port=1"], 1, "Nearest first: web1, db"],
    [
      "brackets that are not closed",
      ["set", "web1", "auth={method: key"],
      1,
      "what is in brackets is no valid YAML",
    ],
    ["nothing to set", ["set", "web1"], 2, "is missing"],
    ["an option of another command", ["set", "web1", "port=1", "--json"], 2, "unknown option --json"],
  ])("%s", async (_what, args, code, why) => {
    write(WEB);
    const done = await hosts(...args);
    expect(done.err).toContain(why);
    expect(done.code).toBe(code);
    expect(done.err + done.out).not.toContain("hunter2");
    expect(readFileSync(path, "utf8")).toBe(WEB);
    expect(existsSync(`${path}~`)).toBe(false);
  });

  it("a variable that is set may be called as it likes", async () => {
    write(WEB);
    expect((await hosts("set", "web1", "auth.method=password", "auth.password_env=SET_HERE")).code).toBe(0);
  });
});

describe("ssh-mcp hosts import", () => {
  const TABLE = "name,ip,user,password\nsw1,10.1.0.1,jo,hunter2\nweb1,10.1.0.2,jo,\nsw 3,10.1.0.3,jo,\n";

  it("asks before it writes, and shows the change with --dry-run", async () => {
    write(WEB);
    write(TABLE, join(home, "t.csv"));
    const asked = await hosts("import", join(home, "t.csv"));
    expect(asked).toMatchObject({
      code: 1,
      err: expect.stringContaining("stdin is not a terminal. Nothing was written."),
    });
    const shown = await hosts("import", join(home, "t.csv"), "--dry-run");
    expect(shown.out).toContain("+  sw1:\n+    host: 10.1.0.1\n+    user: jo\n");
    expect(readFileSync(path, "utf8")).toBe(WEB);
  });

  it("adds what is complete, and names what is not and what has to be configured", async () => {
    write(WEB);
    write(TABLE, join(home, "t.csv"));
    const done = await hosts("import", join(home, "t.csv"), "--yes");
    expect(readFileSync(path, "utf8")).toBe(`${WEB}  sw1:\n    host: 10.1.0.1\n    user: jo\n`);
    expect(done.code).toBe(1);
    expect(done.err).toContain("1 to import, 1 there already, 1 not imported");
    expect(done.err).toMatch(/^sw1: its password is not imported; configure it: ssh-mcp hosts set sw1 /m);
    expect(done.err).toMatch(/^web1 is in the inventory already and stays as it is\.$/m);
    expect(done.err).toMatch(/^sw 3 is not imported: .*must hold no blanks/m);
    expect(done.err + done.out).not.toContain("hunter2");
  });

  it("takes an audit log along, and no host whose jump host is not imported", async () => {
    const yaml =
      "hosts:\n  a: {host: h1, user: jo, auth: {method: key}}\n  b: {host: h2, user: jo, auth: {method: key}, mode: readonly}\n";
    write(yaml, join(home, "theirs.yaml"));
    const done = await hosts("import", join(home, "theirs.yaml"), "--yes");
    expect(done.code).toBe(1);
    expect(done.err).toContain("b is not imported: its mode readonly has no counterpart");
    expect(readFileSync(path, "utf8")).toMatch(
      /^settings:\n {2}audit_log: ~\/\.mcp_ssh\/audit\.ssh-mcp\.jsonl\nhosts:\n {2}a:\n/,
    );
    write("[g]\nx y=1 ansible_connection=winrm\nz ansible_ssh_common_args='-J x'\n", join(home, "ini"));
    expect((await hosts("import", join(home, "ini"), "--yes")).err).toContain(
      "z is not imported: its jump host x is not imported.",
    );
  });
});

describe("ssh-mcp hosts test", () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ ...process.env, SHELL: "/bin/sh" });
  });
  afterAll(() => lab.dispose());

  /** The lab's first host as the user's own. */
  const box = (known: string | undefined, key: string | undefined) => {
    const [host] = lab.hosts;
    write(
      `hosts:\n  box:\n    host: 127.0.0.1\n    port: ${host?.port}\n    user: ${host?.user}\n    platform: posix\n` +
        `    auth: {method: key, key_path: ${key}}\n    host_key: {known_hosts: ${known}}\n`,
    );
  };

  it("connects for real, and says what each step came to", async () => {
    const [host] = lab.hosts;
    box(host?.knownHostsPath, host?.keyPath);
    const done = await hosts("test", "box");
    expect(done).toMatchObject({ code: 0, err: "" });
    for (const step of ["host key", "login", "terminal", "prompt"])
      expect(done.out).toMatch(new RegExp(`^ok .*\\b${step} `, "m"));
    expect(done.out).toMatch(/^All is well with box\.$/m);
  });

  it("names what a host whose key is not known wants, and fails", async () => {
    box(join(home, "known"), lab.hosts[0]?.keyPath);
    const done = await hosts("test", "box");
    expect(done.code).toBe(1);
    expect(done.out).toContain("ssh-mcp trust");
  });

  it("names the login that is refused, and fails", async () => {
    const key = join(home, "other");
    writeFileSync(key, keyPair().private, { mode: 0o600 });
    box(lab.hosts[0]?.knownHostsPath, key);
    const done = await hosts("test", "box");
    expect(done.code).toBe(1);
    expect(done.out).toMatch(/refused/);
  });
});
