import { afterAll, beforeAll, describe, it } from "vitest";
import { hostFor } from "./kit/host.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { type Rig, rigFor } from "./rig.ts";
import { SCENARIOS, type ShellTraits } from "./scenarios.ts";

const posix = { posix: true, suspends: true };
const SHELLS: readonly ShellTraits[] = [
  { name: "bash", ...posix },
  { name: "zsh", ...posix },
  { name: "dash", ...posix },
  { name: "ash", ...posix },
  // A stopped job's status is the shell's affair: ksh93 cannot stop its builtin sleep, mksh and fish report 0.
  { name: "ksh", ...posix, suspends: false },
  { name: "mksh", ...posix },
  { name: "fish", posix: false, suspends: true },
  { name: "noediting", ...posix },
  { name: "fancy", ...posix },
  { name: "omz", ...posix },
  { name: "readonly", ...posix },
];

let server: TestServer;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  rig = rigFor(SHELLS.map((shell) => hostFor(server, shell.name)));
});
afterAll(async () => {
  await rig?.close();
  await server?.stop();
});

for (const shell of SHELLS) {
  describe.concurrent(shell.name, () => {
    for (const scenario of SCENARIOS) {
      if (scenario.posixOnly && !shell.posix) continue;
      if (scenario.only && !scenario.only(shell)) continue;
      it(scenario.name, async () => {
        const session = await rig.open(shell.name);
        try {
          await scenario.run(session, shell);
        } finally {
          await session.close();
        }
      });
    }
  });
}
