import { describe, expect, it } from "vitest";
import type { Action } from "../../src/base/contract/action.ts";
import { denyPatterns } from "../../src/policy/deny.ts";
import { simpleCommands } from "../../src/policy/simple-commands.ts";
import { UNRESTRICTED } from "../a-host.ts";

const REBOOT = { ...UNRESTRICTED, denyPatterns: ["^\\s*(shutdown|reboot|halt)\\b"] };

const ways: ((text: string) => Action)[] = [
  (text) => ({
    verb: "run",
    command: text,
    lines: text.split("\n").map((line) => ({ text: line, why: "command" })),
  }),
  (text) => ({ verb: "exec", command: text }),
  (text) => ({ verb: "type", how: "text", shown: text, bytes: Buffer.from(`${text}\r`) }),
  (text) => ({
    verb: "type",
    how: "keys",
    shown: `${text.replaceAll("\n", "<Enter>")}<Enter>`,
    bytes: Buffer.from(`${text.replaceAll("\n", "\r")}\r`),
  }),
  (text) => ({ verb: "open", lines: text.split("\n").map((line) => ({ text: line, why: "command" })) }),
];

describe("deny patterns, given as a command, a text, keys or a line on the way", () => {
  it.each([
    "reboot",
    "true\nreboot",
    "true; reboot",
    "true;reboot -f",
    "true && reboot",
    "false || reboot",
    "sleep 1 & reboot",
    "yes | reboot",
    "(reboot)",
    "{ reboot; }",
    "echo $(reboot)",
    'echo "now: $(reboot)"',
    "echo `reboot`",
    "diff <(reboot) x",
    "sudo reboot",
    "sudo -n reboot",
    "sudo -u root -- reboot",
    "sudo -u root VAR=1 reboot",
    "sudo env A=b nice -n 5 reboot",
    "nohup setsid reboot",
    "timeout 5 reboot",
    "timeout -k 1 5 reboot",
    "A=b reboot",
    "if true; then reboot; fi",
    "for i in 1 2; do reboot; done",
    "! reboot",
    "/sbin/reboot",
    "sudo /sbin/reboot",
    "re\\boot",
    "'reboot' now",
    're"boo"t',
    "bash -c 'sleep 1; reboot'",
    "sh -lc reboot",
    'sudo sh -c "true && reboot"',
    "eval reboot",
    "eval 'true; reboot'",
    "su - root -c reboot",
    "ssh other reboot",
    "find / -name x | xargs reboot",
    "do reboot",
    "run reboot",
    ">x reboot",
    "2>&1 reboot",
    "</dev/null sudo reboot",
    "true &>x; reboot",
    "a >| x && reboot",
    "{log}>x reboot",
    "time -p reboot",
    "exec -a x reboot",
    "command -p reboot",
    "setsid -w reboot",
    "function f { reboot; }; f",
    "f() { reboot; }; f",
    "case x in x) reboot;; esac",
    "$'reboot'",
    '$"reboot"',
    "re\\\nboot",
    "sudo \\\n reboot",
    "pkexec reboot",
    "unshare -m reboot",
    "gosu root reboot",
    "setpriv --reuid=0 reboot",
    "start-stop-daemon --start --exec /sbin/reboot",
    "tmux new -d reboot",
    "bash -c -- reboot",
    "dash -c'reboot'",
    "bash --norc -xc reboot",
    "trap reboot EXIT",
    "sh <<< reboot",
    "sudo bash <<<'reboot'",
    "at now <<< reboot",
    "echo reboot | sh",
    "printf 'reboot' | sudo bash -s",
    "find . -exec sudo reboot ;",
    "find / -okdir /sbin/reboot ;",
  ])("find a command wherever it is: %j", (text) => {
    for (const way of ways) expect(denyPatterns(way(text), REBOOT).is).toBe("deny");
  });

  it.each([
    "echo reboot",
    "echo 'a; reboot'",
    'echo "a; reboot; b"',
    "last reboot",
    "man reboot",
    "grep -c reboot /var/log/messages",
    "ls # ; reboot",
    "echo a\\;reboot",
    "journalctl | grep reboot",
    "sudo last reboot",
    "show reboot reason",
    "echo '>x reboot'",
    "ls 2>/dev/null > reboot",
    "cat < reboot",
    "grep x <<< reboot",
    "trap - reboot",
    "echo reboot | grep sh",
    "echo reboot | sh x.sh",
    "git commit -m 'f() { reboot; }'",
    "sudo find / -name reboot",
  ])("let what only speaks of it pass: %j", (text) => {
    for (const way of ways) expect(denyPatterns(way(text), REBOOT).is).toBe("allow");
  });
});

describe("the simple commands of a line", () => {
  it("are few where it is long, and found in time that grows with its length", () => {
    const hostile = [
      ";".repeat(100_000),
      "sudo ".repeat(20_000),
      "a;".repeat(50_000),
      '"$('.repeat(20_000),
      "$(".repeat(50_000),
      "sh -c 'sh -c ".repeat(5_000),
      ">".repeat(100_000),
      `${"1".repeat(100_000)}>x`,
      `${"1".repeat(1_000)}>x `.repeat(100),
      "a>b ".repeat(30_000),
      "find -exec ".repeat(10_000),
      "trap ".repeat(20_000),
      "echo x|sh;".repeat(10_000),
      "\\\n".repeat(50_000),
      `eval ${"eval ".repeat(10_000)}`,
    ];
    for (const text of hostile) expect(simpleCommands(text).length).toBeLessThanOrEqual(300);
  });
});
