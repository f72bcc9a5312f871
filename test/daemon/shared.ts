// npm run shared:daemon [-- SECONDS [SEED]]: two agents and a person who takes the keyboard and hands it back, at random, in one session.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dialDaemon } from "../../src/daemon/dial.ts";
import { readFrames, wordIn, writeFrame, writeWord } from "../../src/daemon/frames.ts";
import { seeded } from "../seeds/random.ts";
import { type Agent, until, World } from "./kit.ts";

const [seconds = 120, seed = 1] = process.argv.slice(2).map(Number);
const random = seeded(seed);
const world = new World();
const file = join(world.folder, "lines");
const wrong: string[] = [];
/** Lines that were given, by whom, and whether they have to be there. */
const given = new Map<string, { readonly by: string; readonly ran: boolean | undefined }>();
let last = 0;

const pause = (most: number) => new Promise((resolve) => setTimeout(resolve, random() * most));

async function agentAt(agent: Agent, by: string, over: () => boolean): Promise<void> {
  while (!over()) {
    const line = `${by}-${++last}-end`;
    const said = await agent.call("ssh_shell", {
      session: "s",
      command: `echo ${line} >> ${file}`,
      after: "any",
    });
    const refused = /^(?:not_ready|busy|denied):/.test(said);
    given.set(line, { by, ran: refused ? false : /done exit=0/.test(said) ? true : undefined });
    await pause(150);
  }
}

async function personAt(over: () => boolean): Promise<void> {
  const hello = { session: "s", cols: 100, rows: 30, who: "jo" };
  const reached = await dialDaemon(world.place, "test", "attach", hello);
  if (reached === undefined) throw new Error("no daemon");
  const { socket } = reached;
  let holds = false;
  readFrames(socket, (kind, content) => {
    const word = kind === "word" ? wordIn(content) : undefined;
    if (typeof word?.holds === "boolean") holds = word.holds;
  });
  socket.resume();
  while (!over()) {
    writeWord(socket, { take: true });
    const late = performance.now() + 2_000;
    await until(() => holds || performance.now() > late);
    // Whoever did not get it types nothing.
    for (let at = 0; holds && at < 3; at++) {
      const line = `person-${++last}-end`;
      given.set(line, { by: "person", ran: true });
      // In pieces, as keys come.
      for (let text = `echo ${line} >> ${file}\r`; text !== ""; ) {
        const size = 1 + Math.floor(random() * 8);
        writeFrame(socket, "data", Buffer.from(text.slice(0, size)));
        text = text.slice(size);
        await pause(4);
      }
      await until(() => lines().includes(line) || performance.now() > late + 20_000);
    }
    writeWord(socket, { release: true });
    await until(() => !holds);
    await pause(600);
  }
  socket.destroy();
}

function lines(): string[] {
  try {
    return readFileSync(file, "utf8").split("\n").filter(Boolean);
  } catch {
    return [];
  }
}

try {
  const agents = [await world.agent("one"), await world.agent("two")] as const;
  await agents[0].call("ssh_connect", { host: "lab-sh", session: "s", cols: 100, rows: 30 });
  const end = performance.now() + seconds * 1000;
  const over = () => performance.now() > end;
  await Promise.all([agentAt(agents[0], "one", over), agentAt(agents[1], "two", over), personAt(over)]);
  const there = lines();
  for (const line of new Set(there)) if (!given.has(line)) wrong.push(`nobody gave this line whole: ${line}`);
  const counts = { one: 0, two: 0, person: 0, refused: 0 };
  for (const [line, { by, ran }] of given) {
    const times = there.filter((one) => one === line).length;
    if (times > 1 || (ran === true && times === 0) || (ran === false && times > 0))
      wrong.push(`${line}: said to have run: ${ran}, and there ${times} times`);
    if (ran === false) counts.refused++;
    else counts[by as "one" | "two" | "person"] += times;
  }
  const audit = readFileSync(join(world.folder, "s/ssh-mcp/audit.jsonl"), "utf8").split("\n").filter(Boolean);
  const typed = audit
    .map((row) => JSON.parse(row))
    .filter(({ event, kind }) => event === "typed" && kind === "human");
  let counted = 0;
  for (const [line, { by }] of given) {
    const times = typed.filter(({ text }) => String(text).includes(`echo ${line} `)).length;
    if (by === "person" && times === 0) counted++;
    else if (times !== (by === "person" ? 1 : 0))
      wrong.push(`${line} of ${by} is ${times} times in the log as typed by a person`);
  }
  // Typed ahead of a prompt the terminal did not show it as a line: its characters are counted.
  const unseen = typed.filter(({ text }) => /^\[unrecorded, \d+ chars\]$/.test(String(text))).length;
  if (unseen !== counted)
    wrong.push(`${counted} lines of the person have no text in the log, and ${unseen} are counted there`);
  for (const what of wrong) process.stdout.write(`${what}\n`);
  process.stdout.write(
    `${seconds} s, seed ${seed}: lines of one ${counts.one}, of two ${counts.two}, of the person ${counts.person} (${counted} by count alone); refused ${counts.refused}; wrong ${wrong.length}\n`,
  );
} finally {
  await world.dispose();
}
process.exit(wrong.length === 0 ? 0 : 1);
