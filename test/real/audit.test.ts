import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAccess } from "../../src/access/access.ts";
import { openAuditLog } from "../../src/audit/log.ts";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";

const SHELLS = ["bash", "zsh", "dash", "ksh", "mksh"];

let server: TestServer;
let rig: Rig;
let folder: string;

beforeAll(async () => {
  server = await startSshd();
  folder = mkdtempSync(join(tmpdir(), "ssh-mcp-audit-"));
  const audit = openAuditLog(join(folder, "audit.jsonl"), () => Date.now());
  rig = rigFor(
    SHELLS.map((shell) => hostFor(server, shell)),
    (directory) => createAccess({ directory, audit }),
  );
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const withSession = sessionsOf(() => rig);

const log = () => readFileSync(join(folder, "audit.jsonl"), "utf8");

/** A line without echo, before anything says that one is asked for. */
const SILENT = "stty -echo; read x; stty echo";

describe("what is typed to a program, in the audit log", () => {
  it.each(SHELLS)(
    "is not there when the terminal does not show it, however early it comes (%s)",
    async (shell) => {
      await withSession(shell, async (session) => {
        const secret = `hunter-${shell}-42`;
        const asked = await session.run(SILENT, { timeoutMs: 150 });
        expect(asked.outcome.state).toBe("running");
        const typed = await session.type(secret);
        expect(typed.outcome.state).toBe("done");
        expect((await session.run("echo got $x")).text).toBe(`got ${secret}`);
        const typedLines = log()
          .split("\n")
          .filter((line) => line.includes('"kind":"text"') && line.includes(`"${session.name}"`));
        expect(typedLines).toHaveLength(1);
        expect(typedLines[0]).toContain("[secret]");
        expect(log()).not.toContain(secret);
      });
    },
  );

  it.each(SHELLS)("is there when the terminal shows it (%s)", async (shell) => {
    await withSession(shell, async (session) => {
      const word = `plain-${shell}-42`;
      await session.run("read x", { timeoutMs: 150 });
      await session.type(word);
      // ksh reads key by key and shows the line itself: then it is recorded once it was shown.
      expect(log()).toMatch(new RegExp(`"(?:action|echoed)".*"text":"${word}"`));
    });
  });

  it("is added afterwards when only the program itself shows it", async () => {
    await withSession("bash", async (session) => {
      const raw =
        "python3 -c 'import sys,tty,termios,os\n" +
        "old=termios.tcgetattr(0); tty.setraw(0)\n" +
        "while True:\n c=os.read(0,64)\n os.write(1,c.replace(bytes([13]),bytes([13,10])))\n if 13 in c: break\n" +
        "termios.tcsetattr(0,termios.TCSADRAIN,old)'";
      await session.run(raw, { timeoutMs: 700 });
      await session.type("shown-42");
      expect(log()).toContain("[unrecorded, 8 chars]");
      expect(log()).toMatch(/"event":"echoed".*"text":"shown-42"/);
    });
  });
});
