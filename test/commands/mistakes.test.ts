import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { run } from "../../src/commands/index.ts";
import type { Setting } from "../../src/commands/subcommand.ts";

let home = "";
const most = process.stdout.getMaxListeners();

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), "mistakes-"));
  // Every run listens to the stream of the whole process.
  for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);
  for (const [name, text] of Object.entries(FILES)) write(name, text);
  chmodSync(join(home, "open.yaml"), 0o666);
  writeFileSync(join(home, "latin1.yaml"), Buffer.from("hosts: {caf\xe9: {}}\n", "latin1"), { mode: 0o600 });
});
afterAll(() => {
  for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(most);
  rmSync(home, { recursive: true, force: true });
});

/** What is in the home folder of the person who errs. */
const FILES = {
  ".config/ssh-mcp/hosts.yaml":
    "hosts:\n  web1: {host: 10.0.0.1, tags: [prod], groups: [core]}\n  db1: {host: 10.0.0.2, jump: web1}\n  core-sw1: {host: 10.0.0.3}\ngroups: {core: {}}\n",
  "open.yaml": "hosts: {}\n",
  "indent.yaml": "hosts:\n  web1:\n    host: a\n      user: b\n",
  "tab.yaml": "hosts:\n\tweb1: {}\n",
  "list.yaml": "- web1\n- web2\n",
  "ansible.yaml": "all:\n  hosts:\n    web1: {ansible_host: 10.0.0.1}\n",
  "refused.yaml": "hosts:\n  web1: {hots: 10.0.0.1}\n",
  "circle.yaml": "hosts:\n  a: {jump: b}\n  b: {jump: a}\n",
  "letter.txt": "Dear reader\n",
  "empty.log": "",
  "folder/inside": "",
};

function write(name: string, text: string): void {
  const path = join(home, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text, { mode: 0o600 });
}

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process; nobody is at its terminal. */
async function typed(line: string, self: readonly string[]): Promise<Ended> {
  const said = { out: "", err: "" };
  const into =
    (name: "out" | "err") =>
    (text: unknown, ...rest: readonly unknown[]): boolean => {
      said[name] += String(text);
      const done = rest.at(-1);
      if (typeof done === "function") done();
      return true;
    };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(into("out")),
    vi.spyOn(process.stderr, "write").mockImplementation(into("err")),
  ];
  const setting: Setting = {
    place: () => ({ env: { PATH: "/usr/bin:/bin" }, cwd: home, home }),
    version: "0.0.0",
    self,
    serve: () => Promise.reject(new Error("a server was started")),
  };
  try {
    const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
    return { code: await run(words, setting), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

/** What a command line is answered with: its exit code, and what is on stderr. */
type Mistake = readonly [line: string, code: 1 | 2, meant: RegExp];

const WORDS: readonly Mistake[] = [
  ["hots list", 2, /unknown command "hots"; did you mean hosts\?/],
  ["host", 2, /did you mean hosts\?/],
  ["hosts lst", 2, /did you mean list\?/],
  ["hosts delete web1", 2, /unknown command "delete"; there are list, show, add/],
  ["trsut web1", 2, /did you mean trust\?/],
  ["docter web1", 2, /did you mean doctor\?/],
  ["inti", 2, /did you mean init\?/],
  ["help hots", 2, /did you mean hosts\?/],
  ["devices tets", 2, /did you mean test\?/],
  ["audit verfy", 2, /did you mean verify\?/],
  ["web1", 2, /unknown command "web1"; did you mean web\? There are web, init, serve, hosts/],
  ["--cofig x", 2, /unknown option --cofig; did you mean --config\?/],
  ["--Version", 2, /did you mean --version\?/],
  ["-x", 2, /unknown option -x; there are/],
  ["hosts list --jsn", 2, /did you mean --json\?/],
  ["doctor --verbos web1", 2, /did you mean --verbose\?/],
  ["trust web1 --json", 2, /unknown option --json; there are --rotate, --yes/],
  ["demo --lab", 2, /unknown option --lab/],
  ["init --clients codex", 2, /did you mean --client\?/],
  ["--config", 2, /option '--config <file>' argument missing/],
  ["audit show --last", 2, /option '--last <count>' argument missing/],
  ["devices test cisco_ios", 2, /option '--text <file>' not specified/],
  ["hosts add", 2, /<name> is missing; usage: ssh-mcp hosts add \[options\] <name>/],
  ["hosts set web1", 2, /<key=value> is missing; usage: ssh-mcp hosts set/],
  ["hosts rename web1", 2, /<to> is missing; usage: ssh-mcp hosts rename/],
  ["hosts import", 2, /<file> is missing/],
  ["trust", 2, /<host> is missing/],
  ["allow", 2, /<file> is missing/],
  ["completion", 2, /<shell> is missing/],
  ["completion tcsh", 2, /unknown shell "tcsh"; did you mean bash\?/],
  ["schema host", 2, /unknown file "host"; did you mean hosts\?/],
  ["doctor web1 db1", 2, /unexpected "db1"; usage: ssh-mcp doctor/],
  ["hosts show web1 db1", 2, /unexpected "db1"; usage: ssh-mcp hosts show/],
  ["serve hosts.yaml", 2, /unexpected "hosts\.yaml"; usage: ssh-mcp serve/],
  ["init codex", 2, /unexpected "codex"; usage: ssh-mcp init/],
];

const VALUES: readonly Mistake[] = [
  ["hosts add n1 10.0.0.9", 1, /Word 1 behind the name is not KEY=VALUE.*Next: For example: host=/s],
  ["hosts add n1 hots=10.0.0.9", 1, /hots.*host/s],
  ["hosts add n1 hostname=10.0.0.9", 1, /host/],
  ["hosts add n1 port=ssh", 1, /port/],
  ["hosts add n1 port=70000", 1, /port.*65535/s],
  ["hosts add n1 port=0", 1, /port/],
  ["hosts add n1 platform=Cisco-IOS", 1, /cisco_ios/],
  ["hosts add n1 host=http://10.0.0.9", 1, /host/],
  ["hosts add n1 host=jo@10.0.0.9", 1, /user/],
  ["hosts add n1 host=10.0.0.9:2222", 1, /port/],
  ["hosts add n1 auth.method=pasword", 1, /password/],
  ["hosts add n1 auth.method=password auth.password=hunter2", 1, /password_env/],
  ["hosts add n1 password=hunter2", 1, /password_env|auth/],
  [
    "hosts add n1 auth.method=password auth.password_env=hunter2-x",
    1,
    /name of an environment variable.*never the secret itself/s,
  ],
  ["hosts add n1 jump=n1", 1, /n1/],
  ["hosts add n1 idle_timeout=soon", 1, /idle_timeout/],
  ["hosts add web1 host=10.0.0.9", 1, /web1/],
  ["hosts add 'n 1' host=10.0.0.9", 1, /n 1: must hold no blanks.*write `web1: /],
  ["hosts add n1 'auth=[' ", 1, /auth/],
  ["hosts set web1 port+=1", 1, /port/],
  ["hosts set web1 host.x=1", 1, /host/],
  ["hosts set wbe1 port=22", 1, /web1/],
  ["hosts remove wbe1", 1, /web1/],
  ["hosts remove web1", 1, / of hosts\.db1\. .*Next: .*hosts set HOST jump=none/s],
  ["hosts rename wbe1 x", 1, /web1/],
  ["hosts rename web1 db1", 1, /db1/],
  ["hosts show wbe1", 1, /web1/],
  ["trust wbe1", 1, /web1/],
  ["trust group: --yes", 1, /group/],
  ["trust group:cores", 1, /there are core/],
  ["trust tag:prd", 1, /there are prod/],
  ["devices learn web1 --lines nope.txt", 1, /nope\.txt cannot be read.*Next: --lines takes a file/s],
  ["devices show cisco_iso", 1, /nearest: .*cisco_ios.*Next: ssh-mcp devices list/s],
  ["devices test cisco_iso --text letter.txt", 1, /cisco_ios/],
  ["audit show --last 0", 1, /--last takes a whole number from 1.*Next: For example --last 20/s],
  ["audit show --last ten", 1, /--last takes a whole number/],
  ["init --client cusor --yes", 1, /unknown client "cusor"; there are cursor/],
  ["init --client all --yes", 1, /none of the clients that are known.*Next: Name one/s],
  ["init --name 'my server' --yes", 1, /cannot be the name of a server/],
];

const FILE: readonly Mistake[] = [
  ["hosts list --config nope.yaml", 1, /nope\.yaml/],
  ["trust web1 --config nope.yaml", 1, /nope\.yaml/],
  ["hosts list --config folder", 1, /folder/],
  ["hosts list --config open.yaml", 1, /can be changed by other users \(mode 666\).*chmod go-w/s],
  ["hosts set a port=1 --config open.yaml", 1, /chmod go-w/],
  ["hosts set a port=1 --config latin1.yaml", 1, /UTF-8/],
  ["hosts list --config indent.yaml", 1, /indent\.yaml:4: .*indented deeper/],
  ["hosts list --config tab.yaml", 1, /tab\.yaml:2: .*a tab indents this line/],
  ["hosts list --config list.yaml", 1, /list\.yaml:1: .*listed below `hosts:`/],
  ["hosts list --config ansible.yaml", 1, /Ansible.*hosts import/s],
  ["trust web1 --config refused.yaml", 1, /hots/],
  ["hosts import nope.ini", 1, /nope\.ini/],
  ["hosts import folder", 1, /folder/],
  ["hosts import letter.txt", 1, /no file that hosts can be imported from.*Next: These are known/s],
  ["hosts import ansible.yaml --config new.yaml", 1, /stdin is not a terminal.*--dry-run.*--yes/s],
  ["allow nope.yaml", 1, /nope\.yaml/],
  ["allow folder", 1, /folder/],
  ["audit verify", 1, /audit_log/],
  ["audit verify nope.log", 1, /nope\.log/],
  ["audit show folder", 1, /folder/],
  ["devices list --devices nope", 1, /nope/],
  ["devices test cisco_ios --text nope.log", 1, /nope\.log/],
  ["init --config new.yaml", 1, /stdin is not a terminal.*Next: .*--yes/s],
  ["init --client codex --config folder --yes", 1, /folder/],
];

/** Commands whose result is a report: what is wrong is their answer, on stdout. */
const REPORTS: readonly Mistake[] = [
  ["doctor wbe1", 1, /FAIL.*web1/s],
  ["hosts test wbe1", 1, /FAIL.*web1/s],
  ["hosts validate --config nope.yaml", 1, /nope\.yaml/],
  ["hosts validate --config refused.yaml", 1, /refused\.yaml:2: .*hots/],
  ["hosts validate --config circle.yaml", 1, /run in a circle/],
  ["audit verify letter.txt", 1, /letter\.txt/],
];

test.each(REPORTS)("%s is a mistake that the report names", async (line, code, meant) => {
  const ended = await typed(line, []);
  expect(ended.out).toMatch(meant);
  expect(ended.code).toBe(code);
});

test.each([...WORDS, ...VALUES, ...FILE])(
  "%s is a mistake, and the answer says what to do",
  async (line, code, meant) => {
    const ended = await typed(line, ["node", "/opt/ssh-mcp/dist/cli.js"]);
    expect(ended.err).toMatch(meant);
    expect(ended).toMatchObject({ code, out: "" });
    expect(ended.err).toMatch(/^ssh-mcp: /m);
    expect(ended.err).not.toMatch(/internal|^\s+at /m);
    // Where to look, what was meant, or what to type.
    if (code === 2) expect(ended.err).toMatch(/^ssh-mcp.* --help lists everything\.$/m);
    else expect(ended.err).toMatch(/^Next: |did you mean|there (is|are)|write /m);
    expect(ended.err).not.toContain("hunter2");
  },
);

test("a program that runs from npx's cache registers no path that will be gone", async () => {
  const self = ["node", join(home, ".npm/_npx/1/node_modules/ssh-mcp/dist/cli.js")];
  const { code, err } = await typed("init --client codex --yes --config other.yaml", self);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/npx's cache.*\nNext: Install it/) });
});
