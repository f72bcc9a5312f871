import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bootstrapLine, familyOf, hookCode } from "../../src/shell/posix/hooks.ts";
import { openRawShell } from "./kit/raw-shell.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";

/** The set-up line of a client that dies in the middle of it. */

const LABEL = "0123456789abL1";
const IDENTITY = /\u001b\]7717;[0-9a-f]+L1;I;([^\u0007]*)\u0007/;
const YES_NO = [() => true, () => false] as const;
const SHELLS = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish", "yash"];

let server: TestServer;
beforeAll(async () => {
  server = await startSshd();
});
afterAll(async () => {
  await server?.stop();
});

describe.each([
  ["before the hooks are sent", 0],
  ["when a part of them is sent", 900],
] as const)("a client that is gone %s leaves the shell usable", (_when, bytes) => {
  // An eval that cannot be read ends the whole line in these: echo and line mode then stay off, and nothing of ours was run.
  for (const host of SHELLS.filter((name) => bytes === 0 || !/^(?:dash|ash|ksh|mksh)$/.test(name)))
    it.concurrent(host, async () => {
      const shell = await openRawShell(server, host, { terminal: { cols: 250, rows: 50, term: "xterm" } });
      try {
        await shell.say("", /[$%>] ?(?:\u001b\S*|[\s\u0008])*$/);
        const said = await shell.say(bootstrapLine(LABEL), IDENTITY);
        const code = hookCode(familyOf(IDENTITY.exec(said)?.[1] ?? ""), LABEL, "01234567", false);
        if (bytes > 0) await shell.say(code.slice(0, bytes), /^/);
        // What is typed meanwhile is read by the set-up line; once that has ended by itself, the shell answers.
        const answered = () => shell.say("echo o''k\r", /ok\r?\n/).then(...YES_NO);
        expect((await answered()) || (await answered())).toBe(true);
        const modes = await shell.say("stty -a; echo do''ne\r", /done\r?\n/);
        expect(modes).toMatch(/[\s;]icanon/);
        expect(modes).toMatch(/[\s;]echo\s/);
        expect(modes).toContain("min = 1");
        const ours =
          host === "fish" ? "functions -q __m; or echo no''ne\r" : "command -v __m || echo no''ne\r";
        await shell.say(ours, /none\r?\n/);
      } finally {
        shell.close();
      }
    });
});
