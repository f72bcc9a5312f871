import { afterAll, beforeAll, expect, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { BOURNE } from "./own-states.ts";
import { type Rig, rigFor, sessionsOf } from "./rig.ts";
import { expectDone } from "./scenarios.ts";

let server: TestServer;
let rig: Rig;
beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(BOURNE.map((name) => hostFor(server, name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "readonly-ifs");

it.each(BOURNE.filter((shell) => shell !== "zsh"))(
  "%s with a readonly IFS leaves nothing of a long command to the next one",
  (shell) =>
    withSession(shell, async (session) => {
      await session.run("readonly IFS");
      const word = "long".repeat(400);
      const long = await session.run(`echo ${word}`);
      if (long.outcome.state === "done" && long.outcome.exit === 0) expectDone(long, 0, word);
      else expect(long.outcome.notes.join(" ")).toMatch(/NOT RUN/i);
      expectDone(await session.run("echo after"), 0, "after");
      expectDone(await session.run("(exit 5)"), 5, "");
    }),
);
