import { keepNurserySmall } from "../../src/base/nursery.ts";
import { asChild, collectGarbage } from "../child.ts";
import { ourStack } from "../ours.ts";
import { prompt, tail } from "../peers/peer.ts";
import { connectRaw, rawShell } from "../peers/raw-ssh2.ts";
import { pause } from "../stats.ts";
import { hostOf, type Target } from "../target.ts";
import type { MemoryTask, MemoryUse } from "./memory.ts";

/** As many as our transport puts on one connection, so that both sides pay for the same number of connections. */
const PER_CONNECTION = 8;
/** Fills a 200×50 screen and its scrollback: 500 lines of words in changing colours. */
const FILL =
  "for i in $(seq 500); do printf '\\033[3%dm%s\\033[0m ' $((i%8)) word$i-äöü-0123456789-abcdefghijklmnopqrstuvwxyz 1 $i-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 2 $i-yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; echo; done";

asChild<MemoryTask, MemoryUse>(async ({ who, full, sessions, target }) => {
  const open = who === "ours" ? ourSessions(target) : rawSessions(target);
  // The first few pay for the code they load and compile.
  const kept = [];
  for (let index = 0; index < PER_CONNECTION; index++) kept.push(await open(`warm${index}`, full));
  const before = await settled();
  for (let index = 0; index < sessions; index++) kept.push(await open(`session${index}`, full));
  const after = await settled();
  if (kept.length !== sessions + PER_CONNECTION) throw new Error("lost some");
  return { rss: (after.rss - before.rss) / sessions, held: (after.held - before.held) / sessions };
});

async function settled(): Promise<MemoryUse> {
  await pause(1500);
  collectGarbage();
  await pause(500);
  collectGarbage();
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, held: heapUsed + external };
}

type Open = (name: string, full: boolean) => Promise<unknown>;

function ourSessions(target: Target): Open {
  const stack = ourStack(hostOf(target, { channelsPerConnection: PER_CONNECTION }));
  keepNurserySmall(); // as src/compose.ts does
  return async (name, full) => {
    const { session, run } = await stack.open(name);
    if (full) {
      const { state } = await run(FILL, 20_000);
      if (state !== "done" || session.screen().rows.length < 49) throw new Error(`not filled: ${state}`);
    }
    return session;
  };
}

function rawSessions(target: Target): Open {
  let client = connectRaw(target);
  let opened = 0;
  return async (_name, full) => {
    if (opened++ % PER_CONNECTION === 0 && opened > 1) client = connectRaw(target);
    const peer = await rawShell(await client);
    await prompt(peer);
    if (full) {
      const done = tail(peer, (text) => text.includes("end-42\r\n"));
      peer.write(`${FILL}; echo end-$((40+2))\r`);
      await done;
    }
    return peer;
  };
}
