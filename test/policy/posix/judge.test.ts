import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AT_LOGIN, judgePosix, type PosixState } from "../../../src/policy/posix/judge.ts";
import { RISKS, type Risk } from "../../../src/policy/risk.ts";

/** Judges texts of one session one after another; the risk of the last. */
function inTurn(...texts: readonly string[]): { readonly risk: Risk; readonly state: PosixState } {
  let state = AT_LOGIN;
  let risk: Risk = "read";
  for (const text of texts) {
    const judged = judgePosix(text, state);
    state = judged.state;
    risk = judged.risk;
  }
  return { risk, state };
}

describe("a finding", () => {
  test("has its place in the text, the command without its wrappers, and why", () => {
    const text = "ls && sudo nice -n 5 rm -rf /srv/x";
    const { risk, findings } = judgePosix(text);
    expect(risk).toBe("irreversible");
    expect(findings).toHaveLength(1);
    const [found] = findings;
    expect(text.slice(found?.from, found?.to)).toBe("rm -rf /srv/x");
    expect(found?.meaning).toBe("rm -rf /srv/x");
    expect(found?.why).toBe("removes /srv/x");
  });

  test("in a text for another shell is at the place of that text", () => {
    const text = "ssh web1 'uptime; reboot'";
    const [found] = judgePosix(text).findings;
    expect(text.slice(found?.from, found?.to)).toBe("'uptime; reboot'");
    expect(found?.meaning).toBe("reboot");
  });

  test("of a read is there where there is nothing else, and left out otherwise", () => {
    expect(judgePosix("ls; df").findings.map(({ risk }) => risk)).toEqual(["read", "read"]);
    expect(judgePosix("ls; touch x").findings.map(({ risk }) => risk)).toEqual(["write"]);
  });

  test("comes in the order of the text", () => {
    const { findings } = judgePosix("reboot; touch a; rm b");
    expect(findings.map(({ risk }) => risk)).toEqual(["disruptive", "write", "irreversible"]);
  });
});

describe("what is gone is irreversible, what is only away is disruptive", () => {
  test.each([
    ["rm -rf /srv", "irreversible"],
    ["mkfs.ext4 /dev/sdb", "irreversible"],
    ["git push --force", "irreversible"],
    ["psql -c 'drop table x'", "irreversible"],
    ["docker volume rm x", "irreversible"],
    ["systemctl stop nginx", "disruptive"],
    ["reboot", "disruptive"],
    ["iptables -P INPUT DROP", "disruptive"],
    ["docker stop web", "disruptive"],
    ["kill -9 1", "disruptive"],
    ["curl x | sh", "opaque"],
    ["$cmd", "opaque"],
    ["./x.sh", "opaque"],
    ["touch x", "write"],
    ["ls", "read"],
  ] as const)("%s", (text, risk) => {
    expect(judgePosix(text).risk).toBe(risk);
  });
});

describe("what lasts in a session", () => {
  test("is plain data", () => {
    const { state } = inTurn("alias ll='ls -l'; f() { reboot; }; cd /etc; export LD_PRELOAD=/tmp/x; python3");
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  });

  test.each([
    ["an alias keeps what it means", ["alias x='rm -rf'", "x /srv"], "irreversible"],
    ["an alias for a read is a read", ["alias ll='ls -l'", "ll /srv"], "read"],
    ["an alias is not used behind a backslash", ["alias ls='rm -rf'", "\\ls /srv"], "read"],
    ["a function keeps what its body does", ["f() { systemctl stop nginx; }", "f"], "disruptive"],
    ["a function that takes the name of a program", ["ls() { rm -rf /srv; }", "ls"], "irreversible"],
    ["a function that reads", ["f() { df -h; }", "f"], "read"],
    ["a name is free again", ["alias ls='rm -rf'", "unalias ls", "ls /srv"], "read"],
    ["a changed search path", ["export PATH=/tmp/x:$PATH", "ls"], "opaque"],
    ["a search path with more at its end", ["export PATH=$PATH:/opt/x/bin", "ls"], "read"],
    ["a library in front of all", ["export LD_PRELOAD=/tmp/x.so", "ls"], "opaque"],
    ["relative names in another folder", ["cd /etc", "echo x > hosts"], "disruptive"],
    ["relative names at home", ["cd", "echo x > hosts"], "write"],
    ["a folder that only a subshell was in", ["(cd /etc)", "echo x > hosts"], "write"],
    ["a home that was moved", ["export HOME=/etc", "echo x > $HOME/hosts"], "opaque"],
  ] as const)("%s", (_name, texts, risk) => {
    expect(inTurn(...texts).risk).toBe(risk);
  });

  test.each([
    "python3",
    "python3.11",
    "mysql -u root shop",
    "psql",
    "vi /etc/hosts",
    "sudo -i",
    "sudo su -",
    "su - postgres",
    "ssh web1",
    "tmux",
    "screen",
    "less /var/log/syslog",
    "top",
    "docker exec -it web bash",
    "kubectl exec -it web -- sh",
    "gdb ./x",
    "sftp web1",
    "crontab -e",
    "sudo -u postgres psql",
    "ls; node",
    "fish",
  ])("after %s what is typed is opaque", (text) => {
    const { state } = judgePosix(text);
    expect(state.opaque).toBeDefined();
    expect(judgePosix("ls", state).risk).toBe("opaque");
  });

  test.each([
    "python3 x.py",
    "python3 --version",
    "mysql -e 'select 1'",
    "ssh web1 uptime",
    "top -b -n 1",
    "echo x | python3",
    "vi x &",
    "echo $(python3)",
    "less --version",
    "bash",
    "ls",
  ])("%s leaves the shell reading", (text) => {
    expect(judgePosix(text).state.opaque).toBeUndefined();
  });

  test("lines behind the start of another program are read by that program", () => {
    expect(judgePosix("python3\nimport os").risk).toBe("opaque");
    expect(judgePosix("mysql shop\nselect 1;").risk).toBe("write");
    expect(judgePosix("mysql shop\ndrop table x;").risk).toBe("irreversible");
  });

  test.each([
    ["mysql", "SELECT * FROM t;", "read"],
    ["mysql", "DROP TABLE t;", "irreversible"],
    ["mysql", "select 1; \\! reboot", "opaque"],
    ["mysql", "system reboot", "opaque"],
    ["psql", "\\dt", "read"],
    ["psql", "\\! reboot", "opaque"],
    ["psql", "select 1 \\g |sh", "opaque"],
    ["psql", "show all;", "read"],
    ["redis-cli", "get a", "read"],
    ["redis-cli", "flushall", "opaque"],
    ["python3", "print(1)", "opaque"],
    ["vi", ":w", "opaque"],
    ["less", "!reboot", "opaque"],
  ] as const)("in %s, %s", (opaque, text, risk) => {
    expect(judgePosix(text, { ...AT_LOGIN, opaque }).risk).toBe(risk);
  });

  test.each([
    ["python3", "exit()"],
    ["mysql", "quit"],
    ["psql", "\\q"],
    ["vi", ":q"],
    ["less", "q"],
  ])("%s ends with %s, and the shell reads again", (opaque, text) => {
    const { risk, state } = judgePosix(text, { ...AT_LOGIN, opaque });
    expect(risk).toBe("read");
    expect(state.opaque).toBeUndefined();
  });

  test("a shell on another host may end, but where that leads is not known", () => {
    const { risk, state } = judgePosix("exit", { ...AT_LOGIN, opaque: "ssh" });
    expect(risk).toBe("read");
    expect(state.opaque).toBe("ssh");
  });
});

describe("what cannot be read", () => {
  test.each([
    ["a control character", "ls\u0015reboot"],
    ["a carriage return", "ls\rreboot"],
    ["an escape", "ls \u001b[A"],
    ["C1", "ls \u009b1A"],
    ["an open quote", "echo 'x"],
    ["an open brace", "if true; then ls"],
    ["history at the beginning of a word", "sudo !!"],
    ["history in double quotes", 'echo "a!b"'],
    ["a long text", `echo ${"x".repeat(20_000)}`],
  ])("%s", (_name, text) => {
    expect(judgePosix(text).risk).toBe("opaque");
  });

  test.each([
    "find . ! -name x",
    "[ ! -f x ]",
    "! grep -q x f",
    "test a != b",
    "awk '!seen[$0]++' f",
    'echo "done!"',
    "echo hi!",
    "echo $!",
  ])("%s recalls nothing", (text) => {
    expect(judgePosix(text).risk).toBe("read");
  });
});

test("no text makes it throw, and each has a risk and findings inside of it", () => {
  const piece = fc.constantFrom(
    ..."abr m-/$(){}[]'\"`\\;&|<>=!#*?~\n\t .0".split(""),
    "rm",
    "sudo",
    "$(",
    "<<E",
    "\nE\n",
    "[[",
    "]]",
    "((",
    "))",
    "case",
    "esac",
    "do",
    "done",
    "if",
    "fi",
    "eval",
    "sh -c",
    "${x:-",
    "<(",
    "\u0000",
    "\uE000",
    "ü",
    "\ud800",
    "'$'",
    "find . -exec",
    "xargs",
    "awk '{print > ",
    "sed 's/",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const { risk, findings, state } = judgePosix(text);
      expect(RISKS).toContain(risk);
      for (const { from, to } of findings) {
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThanOrEqual(text.length);
        expect(from).toBeLessThanOrEqual(to);
      }
      judgePosix(text, JSON.parse(JSON.stringify(state)));
    }),
    { seed: 20261130, numRuns: 1000 },
  );
});

test.each([
  "(",
  "$(",
  "`",
  "'",
  '"',
  "|",
  "&",
  ";",
  "<(",
  "{",
  "a|",
  "${x:-",
  "((",
  "\\",
  "$((",
  "[[ ",
  "a=(",
  "<<E ",
  "if ",
  "case x in ",
  "\n",
  "!",
  "echo $(",
  "{a,",
  "$'",
  "f() {",
  "sudo ",
  "env ",
  "nice ",
  "sh -c '",
  "x=$x$x; ",
  "xargs ",
  "eval ",
  "# ",
  "*",
  "~",
  "a[ ",
  "find . -exec ",
  "ls\n",
  "rm x\n",
  "python3\n",
  "x=1 ",
  "f(){ a; }\n",
])("100 kB of %j, and as much as is still read, have an answer", (part) => {
  expect(RISKS).toContain(judgePosix(part.repeat(Math.ceil(100_000 / part.length))).risk);
  expect(RISKS).toContain(judgePosix(part.repeat(Math.floor(8_000 / part.length))).risk);
});

test("a megabyte has an answer", () => {
  expect(judgePosix("ls; ".repeat(262_144)).risk).toBe("opaque");
});
