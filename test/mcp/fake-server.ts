// A server over stdio whose sessions are scripted: what is tested is the protocol around them.

import { createAccess } from "../../src/access/access.ts";
import { systemClock } from "../../src/base/clock.ts";
import type { Caller } from "../../src/base/contract/caller.ts";
import { serveOverStdio } from "../../src/mcp/stdio.ts";
import type { Reply } from "../../src/multiplexer/types.ts";
import { fakeMultiplexer, outcomeOf, record } from "../tools/fake.ts";

const { multiplexer } = fakeMultiplexer({
  transcript: "hello\n",
  commands: [record(7, 0, 6, "echo hello")],
  outcome: outcomeOf({ state: "done", evidence: "sentinel" }, { exit: 0, cwd: "/root", to: 6 }),
});

/** `wait` as a real one behaves: it ends when it is cancelled, and says so on stderr. */
function longWait({ id, client, signal }: Caller): Promise<Reply> {
  process.stderr.write(`waiting: ${id} ${client}\n`);
  return new Promise((_resolve, reject) =>
    signal.addEventListener("abort", () => {
      process.stderr.write("aborted\n");
      reject(new Error("aborted"));
    }),
  );
}

await serveOverStdio({
  warm: async () => process.stderr.write("warmed\n"),
  report: (error) => process.stderr.write(`report: ${String(error)}\n`),
  workspace: async () => {
    // What a careless dependency does.
    console.log("a stray line from console.log");
    process.stdout.write("a stray write\n");
    const stuck = process.env.FAKE_STUCK === "1";
    return {
      multiplexer: {
        ...multiplexer,
        read: (_session, _cursor, caller) => longWait(caller),
      },
      access: createAccess({ directory: { resolve: () => Promise.reject(new Error("no directory here")) } }),
      // A hundred times as fast: what is tested is what is said, not when.
      clock: { ...systemClock, after: (ms, action) => systemClock.after(ms / 100, action) },
      dispose: () => {
        process.stderr.write("disposed\n");
        return stuck ? new Promise<void>(() => {}) : Promise.resolve();
      },
    };
  },
});
process.exit(0);
