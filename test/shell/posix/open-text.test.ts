import { describe, expect, it } from "vitest";
import { mayBeOpen } from "../../../src/shell/posix/open-text.ts";

describe("a text that a shell reads on for", () => {
  it.each([
    "echo 'open",
    'echo "open',
    "echo `date",
    "echo $(",
    "echo $((1+",
    "foo() {",
    "case x in",
    "case x in\na) echo",
    "for",
    "for i in 1 2",
    "select x in a",
    "while true; do echo",
    "if true; then",
    "echo a |",
    "echo a &&",
    "echo a \\",
    "[[ a == b",
    "(echo a",
    "!",
  ])("may be %j", (text) => expect(mayBeOpen(text)).toBe(true));

  it.each([
    "echo a",
    "echo 'closed' \"too\"",
    'echo "it\'s"',
    "if true; then echo yes; fi",
    "for i in 1 2; do echo $i; done",
    "case x in a) echo;; esac",
    "f() { echo; }; f",
    "echo a # it's (open",
    "echo done",
    "echo \\'",
    "awk '{ print $1 }' file | sort",
    "echo $((1+2)) `date`",
  ])("is not %j", (text) => expect(mayBeOpen(text)).toBe(false));
});
