import { afterAll, beforeAll, describe, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

let server: TestServer;
let rig: Rig;
beforeAll(async () => {
  server = await startSshd();
  rig = rigFor([hostFor(server, "zsh")]);
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "switched-off");

describe("zsh with words of its grammar or builtins switched off", () => {
  for (const off of [
    "disable -r '[['",
    "disable -r '{' '}' '!'",
    "disable -r if then else elif fi case esac for while until do done",
    "disable -r function time select repeat foreach coproc nocorrect",
    "disable eval",
    "disable builtin",
    "disable printf return set emulate",
    "disable command read zle typeset true",
  ])
    it(`runs commands as they are behind ${off}`, () =>
      withSession("zsh", async (session) => {
        await session.run(off);
        for (const [text, exit, output] of [
          ["echo abc", 0, "abc"],
          ["(exit 7)", 7, ""],
          [`echo ${"x".repeat(1500)}`, 0, "x".repeat(1500)],
        ] as const) {
          const result = await session.run(text);
          expectDone(result, exit, output);
        }
      }));
});
