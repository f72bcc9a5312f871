import { describe, expect, it } from "vitest";
import { directoryOf } from "../../../src/shell/posix/directory.ts";
import { isOneJob } from "../../../src/shell/posix/one-job.ts";

describe("the directory in a mark", () => {
  it.each([
    ["/srv/a;b", "/srv/a;b"],
    ["/srv/100% $'x'", "/srv/100% $'x'"],
    ["$'/tmp/a\\ab;c'", "/tmp/a\u0007b;c"],
    ["$'/tmp/x\\ny\\033\\'\\\\'", "/tmp/x\ny\u001b'\\"],
    ["$'/tmp/\\303\\251\\t'", "/tmp/é\t"],
    ["$'/tmp/é\\C-A\\M'", "/tmp/é\u0001M"],
    ["$'/tmp/\\x01'", "/tmp/\u0001"],
    ["%/a%20b/%C3%A9%25x%07y", "/a b/é%x\u0007y"],
  ])("%j is %j", (field, path) => {
    expect(directoryOf(field)).toBe(path);
  });

  it.each(["", "usr", "$'usr'", "$'/tmp", "%/a%zz", "bash: pwd: no such file", "~"])(
    "%j says nothing",
    (field) => {
      expect(directoryOf(field)).toBeUndefined();
    },
  );
});

describe("one job", () => {
  it.each([
    "sleep 5",
    "sh -c 'kill -STOP $$; exit 5'",
    "a | b",
    "make 2>&1 | tee log",
    'echo "a; b"',
    "ls \\; x",
  ])("is %j", (text) => {
    expect(isOneJob(text)).toBe(true);
  });
  it.each(["a; b", "a && b", "a || b", "a &", "a\nb", "{ a; }", "(a)", "f() { a; }", "begin; a; end"])(
    "is not %j",
    (text) => {
      expect(isOneJob(text)).toBe(false);
    },
  );
});
