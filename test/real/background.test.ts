import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { searchSession } from "../../src/results/search.ts";
import { hostFor } from "./kit/host.ts";
import { type DelayProxy, delayProxy } from "./kit/proxy.ts";
import type { TestServer } from "./kit/server.ts";
import { startSshd } from "./kit/sshd.ts";
import { until } from "./kit/until.ts";
import { type Opened, type Rig, rigFor, sessionsOf } from "./rig.ts";

const SHELLS = ["bash", "zsh", "dash", "ash", "ksh", "mksh", "fish", "tcsh", "omz", "fancy"];
/** Whose prompt shows the time and is painted anew each second. */
const CLOCKS: ReadonlySet<string> = new Set(["omz"]);
/** A row of that prompt: who and where, or its mark and the time. */
const CLOCK_ROW = /omz in ~$|^❯ \d\d:\d\d:\d\d$/;
const WORDS = [
  "lantern",
  "harbor",
  "meadow",
  "copper",
  "violet",
  "summit",
  "willow",
  "ember",
  "quartz",
  "saddle",
];
const ROWS = 300;
const SLOW = "-slow";

let server: TestServer;
let proxy: DelayProxy;
let rig: Rig;

beforeAll(async () => {
  server = await startSshd();
  proxy = await delayProxy({ target: server, rttMs: 100 });
  rig = rigFor([
    ...SHELLS.map((name) => hostFor(server, name)),
    ...SHELLS.map((name) => ({ ...hostFor(proxy, name), name: `${name}${SLOW}` })),
  ]);
});
afterAll(async () => {
  await rig?.close();
  await proxy?.close();
  await server?.stop();
});

const withSession = sessionsOf(() => rig, "rows");

/** A job that prints numbered rows of this word. */
function job(word: string, rows: number, pause: string): string {
  return `sh -c 'i=0; while [ $i -lt ${rows} ]; do i=$((i+1)); echo ${word} $i; sleep ${pause}; done' &`;
}

/** The numbers of a word's rows, wherever the session has them. */
async function found(session: Opened, word: string): Promise<number[]> {
  const { groups } = await searchSession(session.view(), { grep: `${word} \\d+` });
  const text = groups.flatMap(({ lines }) => lines).join("\n");
  return [...text.matchAll(new RegExp(`${word} (\\d+)`, "g"))].map((match) => Number(match[1]));
}

const all = Array.from({ length: ROWS }, (_, at) => at + 1);

/** Over the slow link one of each kind: framed by hooks, framed by a prompt, not framed. */
const OVER_SLOW: ReadonlySet<string> = new Set(["bash", "zsh", "dash", "fish"]);

describe.each(["", SLOW])("rows of a background job, link%s", (link) => {
  for (const [at, shell] of SHELLS.entries()) {
    if (link === SLOW && !OVER_SLOW.has(shell)) continue;
    it.concurrent(`are each found once while short commands run in ${shell}`, () =>
      withSession(`${shell}${link}`, async (session) => {
        const word = WORDS[at] ?? "lantern";
        await session.run(job(word, ROWS, "0.01"));
        const notes: string[] = [];
        for (let n = 0; n < 400 && !(await found(session, word)).includes(ROWS); n++) {
          const { outcome, text } = await session.run(`echo ${word}-says-${n}`);
          expect(outcome.state).toBe("done");
          expect(text).toContain(`${word}-says-${n}`);
          notes.push(...outcome.notes);
        }
        const rows = await found(session, word);
        expect(rows.toSorted((a, b) => a - b)).toEqual(all);
        const told = notes.map((note) =>
          Number(/^(\d+) rows? came from the background/.exec(note)?.[1] ?? 0),
        );
        if (shell !== "tcsh") expect(told.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(0);
      }));
  }
});

describe("the result of the next command", () => {
  for (const [at, shell] of SHELLS.entries())
    it.concurrent(`says how many rows came in between in ${shell}`, () =>
      withSession(shell, async (session) => {
        const word = WORDS[at] ?? "lantern";
        await session.run("true");
        await session.run(`sh -c 'sleep 0.5; for i in 1 2 3; do echo ${word} $i; done' &`);
        const printed = async () => (await session.view().text(0, session.view().end)).lines;
        await until(async () => (await printed()).some((line) => line.includes(`${word} 3`)), {
          describe: "the job's last row",
        });
        const { outcome, text } = await session.run("echo next");
        expect(text).toContain("next");
        if (shell === "tcsh") return;
        const notes = outcome.notes.join("\n");
        const [, told, cursor] = /\b(\d+) rows came from the background.* cursor (\d+)/.exec(notes) ?? [];
        const before = session.view().command(outcome.command)?.from ?? 0;
        const rows = session
          .view()
          .strays()
          .filter(({ from, to }) => from >= Number(cursor) && to <= before)
          .flatMap(({ lines }) => lines.filter((line) => line.trim() !== ""));
        const job = rows.filter((row) => new RegExp(`${word} \\d\\s*$`).test(row));
        expect(job.map((row) => row.slice(row.indexOf(word)).trimEnd())).toEqual(
          [1, 2, 3].map((at) => `${word} ${at}`),
        );
        // mksh and zsh tell of the job's end in a row of their own; besides, only a clock that goes on may bring a prompt's rows.
        const others = rows.filter(
          (row) => !job.includes(row) && !(CLOCKS.has(shell) && CLOCK_ROW.test(row)),
        );
        expect(others.length).toBeLessThanOrEqual(2);
        // No row fewer than came, and none that is not shown.
        expect(Number(told)).toBeGreaterThanOrEqual(job.length + others.length);
        expect(Number(told)).toBeLessThanOrEqual(CLOCKS.has(shell) ? rows.length : 5);
        expect(outcome.notes.join("\n")).toContain(`${word} 1`);
      }));
});

describe("a prompt that counts, or shows the last status, is told as nobody's row", () => {
  for (const [shell, state] of [
    ["bash", "PS1='[$?] \\! \\$ '"],
    ["zsh", "PROMPT='[%?] %! %# '"],
    ["dash", "PS1='[$?] $ '"],
    ["ash", "PS1='[$?] $ '"],
    ["ksh", "PS1='[$?] ! $ '"],
    ["mksh", "PS1='[$?] ! $ '"],
    ["fish", "true"],
  ] as const)
    it.concurrent(shell, () =>
      withSession(shell, async (session) => {
        await session.run(state);
        for (let n = 0; n < 12; n++) {
          const { outcome } = await session.run(n % 3 === 0 ? "false" : `echo ${n}`);
          expect(outcome).toMatchObject({ state: "done", exit: n % 3 === 0 ? 1 : 0, notes: [] });
        }
      }),
    );
});
