import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import type { Deeds } from "../../../src/commands/hosts/editor/context.ts";
import { editInventory } from "../../../src/commands/hosts/editor/editor.ts";
import { matches } from "../../../src/commands/hosts/editor/prompts.ts";
import { type Answer, back, interrupt, meanwhile, no, Person, pick, type, yes } from "./person.ts";

let home: string;
let path: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "ssh-mcp-editor-"));
  path = join(home, ".config", "ssh-mcp", "hosts.yaml");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function write(text: string, file = path): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, text, { mode: 0o600 });
}
const read = () => readFileSync(path, "utf8");

/** Somebody edits the inventory with these answers; what was done to hosts is in `done`. */
async function edited(answers: readonly Answer[], deeds: Partial<Deeds> = {}) {
  const done: string[] = [];
  const deed =
    (what: string, code = 0) =>
    async (name: string) => {
      done.push(`${what} ${name}`);
      return code;
    };
  const person = new Person(answers);
  const around = { env: { SET_HERE: "x" }, cwd: home, home, lab: false };
  const all: Deeds = { test: deed("test"), trust: deed("trust"), show: deed("show"), ...deeds };
  const code = await editInventory(around, person, all);
  return { code, done, person, screen: person.screen };
}

const WEB = `# mine
hosts:
  web1: # main
    host: 10.0.0.1
    tags: [a]

  # the database
  db: {host: 10.0.0.2, jump: web1}
`;
const quit = pick(/Quit/);
const save = pick(/^Save/);

describe("the editor of the inventory", () => {
  it("adds a host behind the others and keeps every comment", async () => {
    write(WEB);
    const { code, done, screen } = await edited([
      pick(/Add hosts/),
      type("web2"),
      type("10.0.0.3"),
      pick(/^ {2}user/),
      type("jo"),
      pick(/^ {2}auth/),
      pick(/^key file/),
      type("~/.ssh/web2"),
      no,
      save,
      yes,
      no,
      quit,
    ]);
    expect(code).toBe(0);
    expect(read()).toBe(
      `${WEB}  web2:\n    host: 10.0.0.3\n    user: jo\n    auth: {method: key, key_path: ~/.ssh/web2}\n`,
    );
    expect(screen).toContain("+    user: jo");
    expect(screen).toContain("Note: there is no file ~/.ssh/web2.");
    expect(screen).toContain(`as it was before: ${path}~`);
    expect(done).toEqual([]);
  });

  it("creates the inventory with its first host for its owner alone, and tests it on a yes", async () => {
    const { done } = await edited([pick(/Add hosts/), type("web1"), type(""), save, yes, yes, quit]);
    expect(read()).toBe("hosts:\n  web1: {}\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(done).toEqual(["trust web1", "test web1"]);
  });

  it("adds several hosts at once, with one answer for all of them", async () => {
    write(WEB);
    const names = type("a=10.1.0.1, b=10.1.0.2 c");
    await edited([pick(/Add hosts/), names, pick(/^ {2}platform/), pick(/^cisco_ios$/), save, yes, quit]);
    expect(read()).toBe(
      `${WEB}  a:\n    host: 10.1.0.1\n    platform: cisco_ios\n  b:\n    host: 10.1.0.2\n    platform: cisco_ios\n` +
        "  c:\n    platform: cisco_ios\n",
    );
  });

  it("edits fields, shows those that will change, and removes a key whose answer is empty", async () => {
    write(WEB);
    const edits = [pick(/^ {2}port/), type("2222"), pick(/^ {2}tags +a$/), type("")];
    const { screen } = await edited([pick(/^web1/), pick(/^Edit/), ...edits, save, yes, quit]);
    expect(read()).toBe(WEB.replace("    tags: [a]\n", "    port: 2222\n"));
    expect(screen).toMatch(/^ +\* port +2222$/m);
  });

  it("asks an invalid value again with the reason that the command line gives", async () => {
    write(WEB);
    const ports = [pick(/^ {2}port/), type("70000"), type("ssh"), type("22")];
    const { screen } = await edited([pick(/^web1/), pick(/^Edit/), ...ports, save, yes, quit]);
    expect(screen.match(/hosts\.web1\.port: must be a number from 1 to 65535/g)).toHaveLength(2);
    expect(read()).toBe(WEB.replace("[a]\n", "[a]\n    port: 22\n"));
  });

  it.each([
    ["an address", /^ {2}host /, "10.0.0.1:22", /hosts\.web1\.host/],
    ["a jump host in a circle", /^ {2}jump/, "db", /run in a circle/],
    ["a group that is not there", /^ {2}groups/, "nowhere", /nowhere/],
    ["a pattern", /^ {2}prompt_regex/, "(", /prompt_regex/],
    ["a variable's name that may be a secret", /^ {2}enable_env/, "hunter2", /may be the secret itself/],
  ])("refuses %s that is none, and repeats no secret", async (_what, row, text, why) => {
    write(WEB);
    const { screen } = await edited([pick(/^web1/), pick(/^Edit/), pick(row), type(text), interrupt]);
    expect(screen).toMatch(why);
    expect(screen).not.toContain("hunter2");
    expect(read()).toBe(WEB);
  });

  it("asks where a password is found and never for the password", async () => {
    write(WEB);
    const login = [pick(/^ {2}auth/), pick(/^password/), pick(/variable/), type("my secret"), type("WEB_PW")];
    const { screen } = await edited([pick(/^web1/), pick(/^Edit/), ...login, save, yes, quit]);
    expect(read()).toContain("    auth: {method: password, password_env: WEB_PW}\n");
    expect(screen).not.toContain("my secret");
    expect(screen).toContain("Note: the variable WEB_PW is not set here.");
  });

  it("deletes a host on a yes, and none that others are reached through", async () => {
    write(WEB);
    const first = await edited([pick(/^web1/), pick(/^Delete/), quit]);
    expect(first.screen).toMatch(/web1 is .* of hosts\.db\. Nothing was written\./);
    await edited([pick(/^db/), pick(/^Delete/), no, quit]);
    expect(read()).toBe(WEB);
    await edited([pick(/^db/), pick(/^Delete/), yes, quit]);
    expect(read()).toBe(WEB.replace("  db: {host: 10.0.0.2, jump: web1}\n", ""));
  });

  it("renames a host also where others are reached through it, and asks again for a name that is taken", async () => {
    write(WEB);
    const { screen } = await edited([pick(/^web1/), pick(/^Rename/), type("db"), type("gw"), yes, quit]);
    expect(screen).toMatch(/Nothing was written/);
    expect(read()).toBe(WEB.replaceAll("web1", "gw"));
  });

  it("duplicates a host with all that its entry says", async () => {
    write(WEB);
    await edited([pick(/^db/), pick(/^Duplicate/), type("db2"), type("10.0.0.4"), save, yes, quit]);
    expect(read()).toBe(`${WEB}  db2:\n    host: 10.0.0.4\n    jump: web1\n`);
  });

  it("edits several hosts at once: adds to the lists of each, and sets one value for all", async () => {
    write(WEB);
    const both = [pick(/Several/), pick(/^web1/, /^db/), pick(/^Edit/)];
    const tags = [pick(/^ {2}tags +\(differs\)/), pick(/add to each/), type("prod")];
    await edited([...both, ...tags, pick(/^ {2}platform/), pick(/^posix$/), save, yes, quit]);
    expect(read()).toContain("    tags: [a, prod]\n    platform: posix\n");
    expect(read()).toContain("  db: {host: 10.0.0.2, jump: web1, tags: [prod], platform: posix}\n");
  });

  it("keeps the answers where what fits one host does not fit another", async () => {
    write("hosts:\n  a: {}\n  b: {}\n");
    const both = [pick(/Several/), pick(/^a/, /^b/), pick(/^Edit/), pick(/^ {2}jump/), type("b"), save];
    const mended = [pick(/^\* jump +b$/), type("none"), save, yes, quit];
    const { screen } = await edited([...both, ...mended]);
    expect(screen).toMatch(/run in a circle.*Nothing was written/s);
    expect(read()).toBe("hosts:\n  a:\n    jump: none\n  b:\n    jump: none\n");
  });

  it("takes from the lists of several hosts without giving one to those that have none", async () => {
    write(WEB);
    const both = [pick(/Several/), pick(/^web1/, /^db/), pick(/^Edit/)];
    const tags = [pick(/^ {2}tags/), pick(/take from each/), type("a")];
    await edited([...both, ...tags, save, yes, quit]);
    expect(read()).toBe(WEB.replace("[a]", "[]"));
  });

  it("edits groups, defaults and settings", async () => {
    write(WEB);
    const group = [pick(/Groups/), pick(/new group/), type("dmz"), pick(/^ {2}user/), type("noc"), save, yes];
    const settings = [pick(/Groups/), pick(/^settings/), pick(/allow_adhoc/), pick(/^true$/), save, yes];
    const defaults = [pick(/Groups/), pick(/^defaults/), pick(/timeouts\.connect/), type("5s"), save, yes];
    await edited([...group, ...settings, ...defaults, quit]);
    expect(read().startsWith(WEB)).toBe(true);
    expect(read()).toContain("groups:\n  dmz:\n    user: noc\n");
    expect(read()).toContain("settings:\n  allow_adhoc: true\n");
    expect(read()).toMatch(/defaults:\n {2}timeouts:.*connect: 5s/s);
  });

  it("gives a host of the ssh configuration an entry", async () => {
    write("Host old\n  HostName 10.9.9.9\n", join(home, ".ssh", "config"));
    await edited([pick(/^old .*ssh_config/), pick(/^Edit/), pick(/^ {2}tags/), type("x"), save, yes, quit]);
    expect(read()).toBe("hosts:\n  old:\n    tags: [x]\n");
  });

  it("offers a host whose entry has mistakes, so that they can be mended", async () => {
    write("hosts:\n  bad: {port: 0} # why\n  good: {}\n");
    const { screen } = await edited([
      pick(/^bad/),
      pick(/^Edit/),
      pick(/^ {2}port +0/),
      type("22"),
      save,
      yes,
      quit,
    ]);
    expect(screen).toContain("bad · its entry has mistakes");
    expect(read()).toBe("hosts:\n  bad: {port: 22} # why\n  good: {}\n");
  });

  it("tries a pattern on what is pasted before it is taken", async () => {
    write(WEB);
    const pattern = [
      pick(/^ {2}deny_patterns/),
      type("re(load|boot)"),
      type("please reboot"),
      type("ls"),
      type(""),
    ];
    const { screen } = await edited([pick(/^web1/), pick(/^Edit/), ...pattern, save, yes, quit]);
    expect(screen).toMatch(/It matches: reboot\n.*\nIt does not match\./);
    expect(read()).toContain("    deny_patterns: [re(load|boot)]\n");
  });

  it("leaves a value of several lines to an editor of texts", async () => {
    const text = "hosts:\n  a:\n    description: |\n      one\n      two\n";
    write(text);
    const { screen } = await edited([pick(/^a/), pick(/^Edit/), pick(/description/), pick(/^Back/), quit]);
    expect(screen).toContain(`description has several lines; edit it in ${path}.`);
    expect(read()).toBe(text);
  });

  it("imports a file after a look at the change, and says what cannot be imported", async () => {
    write(WEB);
    const csv = join(home, "hosts.csv");
    writeFileSync(csv, "name,host,user\nsw1,10.2.0.1,noc\nweb1,10.0.0.9,x\n");
    const importing = [pick(/Import/), type(join(home, "none")), type(csv)];
    const declined = await edited([...importing, no, quit]);
    expect(declined.screen).toContain("web1 is in the inventory already and stays as it is.");
    expect(read()).toBe(WEB);
    await edited([...importing, yes, quit]);
    expect(read()).toBe(`${WEB}  sw1:\n    host: 10.2.0.1\n    user: noc\n`);
  });

  it("tests a host behind its key, and shows in the list how that went", async () => {
    write(WEB);
    const { done, screen } = await edited([pick(/^web1/), pick(/^Test/), pick(/^Back/), quit], {
      test: async () => 1,
    });
    expect(done).toEqual(["trust web1"]);
    expect(screen).toMatch(/web1 · .*failed/);
  });

  it("does not test a host whose key was asked about and stepped back from", async () => {
    write(WEB);
    const { done } = await edited([pick(/^web1/), pick(/^Test/), back, pick(/^Back/), quit], {
      trust: async (_name, agree) => ((await agree()) ? 0 : 1),
    });
    expect(done).toEqual([]);
  });
});

describe("a file that was changed by somebody else", () => {
  const change = [pick(/^web1/), pick(/^Edit/), pick(/^ {2}port/), type("2222"), save];

  it("is not overwritten: the change is shown in what it says now, and asked about anew", async () => {
    write(WEB);
    const theirs = `${WEB}  other: {}\n`;
    const { screen } = await edited([...change, meanwhile(() => write(theirs)), yes, no, interrupt]);
    expect(screen).toContain(
      "was changed on disk meanwhile. Nothing was written. This is the change in what it says now:",
    );
    expect(read()).toBe(theirs);
    await edited([...change, meanwhile(() => write(`${theirs}  more: {}\n`)), yes, yes, quit]);
    expect(read()).toBe(`${theirs}  more: {}\n`.replace("[a]\n", "[a]\n    port: 2222\n"));
  });

  it("is not overwritten where the change no longer fits", async () => {
    write(WEB);
    const theirs = "hosts:\n  db: {}\n  web1: 5\n";
    await edited([...change, meanwhile(() => write(theirs)), yes, interrupt]);
    expect(read()).toBe(theirs);
  });
});

describe("stepping back and leaving", () => {
  const flows: [string, Answer[]][] = [
    ["adding", [pick(/Add hosts/), type("n"), type("h"), pick(/^ {2}auth/), pick(/^key/), type(""), save]],
    ["editing", [pick(/^web1/), pick(/^Edit/), pick(/^ {2}port/), type("22"), save]],
    ["deleting", [pick(/^db/), pick(/^Delete/)]],
    ["renaming", [pick(/^db/), pick(/^Rename/), type("x")]],
    ["duplicating", [pick(/^db/), pick(/^Duplicate/), type("x"), type("y"), save]],
    ["several", [pick(/Several/), pick(/^db/), pick(/^Edit/), pick(/^ {2}tags/), type("x"), save]],
    ["groups", [pick(/Groups/), pick(/^defaults/), pick(/^ {2}user/), type("x"), save]],
  ];

  test.each(flows)("Ctrl-C at each step of %s leaves the file as it was", async (_what, flow) => {
    write(WEB);
    for (let steps = 0; steps <= flow.length; steps++) {
      const { code, person } = await edited([...flow.slice(0, steps), interrupt]);
      expect(code).toBe(130);
      expect(person.given).toBe(steps + 1);
    }
    expect(read()).toBe(WEB);
    expect(readdirSync(dirname(path))).toEqual(["hosts.yaml"]);
  });

  test.each(flows)(
    "Escape from each step of %s leads back to the list, the file as it was",
    async (_what, flow) => {
      write(WEB);
      for (let steps = 1; steps <= flow.length; steps++) {
        const backwards = new Backwards(flow.slice(0, steps), back);
        const around = { env: {}, cwd: home, home, lab: false };
        const none = async () => 0;
        expect(await editInventory(around, backwards, { test: none, trust: none, show: none })).toBe(0);
      }
      expect(read()).toBe(WEB);
    },
  );

  it("asks before answers are given up", async () => {
    write(WEB);
    const port = [pick(/^web1/), pick(/^Edit/), pick(/^ {2}port/), type("22")];
    const { screen } = await edited([...port, pick(/^Back/), no, save, yes, quit]);
    expect(screen).toContain("Leave web1 without writing what you changed?");
    expect(read()).toContain("port: 22");
  });

  it("creates no file where nothing was written", async () => {
    await edited([pick(/Add hosts/), type("n"), type(""), save, no, pick(/^Back/), yes, quit]);
    expect(existsSync(path)).toBe(false);
  });
});

/** Goes some steps, then back until the list is left; gives up answers on the way. */
class Backwards extends Person {
  override async agree(question: string, initial: boolean): Promise<boolean> {
    if (question.startsWith("Leave ")) return true;
    return super.agree(question, initial);
  }
}

describe("the list is narrowed down by what is typed", () => {
  const row = "core-sw1 · noc@10.0.0.1:22 · cisco_ios · prod";
  it.each([
    ["sw1", true],
    ["csw", true],
    ["cisco prod", true],
    ["10.0.0", true],
    ["PROD core", true],
    ["web", false],
    ["prod web", false],
  ])("%s", (typed, found) => expect(matches(typed, row)).toBe(found));
});
