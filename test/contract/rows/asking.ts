import { expect } from "vitest";
import type { Rig } from "../rig.ts";
import { both, type Row } from "./row.ts";

/** Something asks, and another caller gives a command. */
async function refusedAt(rig: Rig, command: string) {
  const asked = await rig.till(rig.run("a", command));
  const mark = rig.mark();
  const second = await rig.till(rig.run("b", "say two"));
  return { asked, second, written: rig.written(mark), executed: rig.far.executed };
}

const said = (pattern: RegExp) => both({ second: { error: "busy", text: expect.stringMatching(pattern) } });

export const asking: readonly Row[] = [
  {
    sentence: "a question is reported with its kind, its row and its command",
    act: async (rig) => ({ asked: await rig.till(rig.run("a", "confirm")) }),
    ...both({
      asked: {
        state: "asking",
        asked: "confirm",
        row: expect.stringContaining("Proceed?"),
        about: "confirm",
        command: 1,
      },
    }),
  },
  {
    sentence: "a password question is reported as one",
    act: async (rig) => ({ asked: await rig.till(rig.run("a", "secret")) }),
    ...both({ asked: { state: "asking", asked: "password", row: "Password:", about: "secret" } }),
  },
  {
    sentence: "a command while something asks is refused, and names the command that asks",
    act: (rig) => refusedAt(rig, "confirm"),
    ...said(/#1\b.*`confirm`/s),
  },
  {
    sentence: "a command refused while something asks: the refusal names what is asked",
    act: (rig) => refusedAt(rig, "confirm"),
    ...said(/asks.*\(confirm\)/s),
  },
  {
    sentence: "a command refused while something asks is shown the row that asks",
    act: (rig) => refusedAt(rig, "confirm"),
    ...said(/Proceed\? \[(y\/N|confirm)\]/),
  },
  {
    sentence: "a command refused while something asks: the refusal says that it was not run",
    act: (rig) => refusedAt(rig, "confirm"),
    ...said(/Your command was not run/),
  },
  {
    sentence: "a command refused while something asks: the refusal says that ssh_send answers",
    act: (rig) => refusedAt(rig, "confirm"),
    ...said(/ssh_send/),
  },
  {
    sentence: "a command refused while something asks types nothing",
    act: (rig) => refusedAt(rig, "confirm"),
    ...both({ second: { error: "busy" }, written: "", executed: ["confirm"] }),
  },
  {
    sentence: "a command while a password is asked for is refused in the same words",
    act: (rig) => refusedAt(rig, "secret"),
    ...said(/asks.*\(password\).*Password:.*Your command was not run.*ssh_send/s),
  },
  {
    sentence: "the answer of another caller goes to the question, whose command ends",
    async act(rig) {
      await rig.till(rig.run("a", "confirm"));
      const answer = rig.framing === "shell" ? "y<Enter>" : "y";
      return { answered: await rig.till(rig.keys("b", answer)), answers: rig.far.answers };
    },
    ...both({
      answered: { state: "done", about: "confirm", rows: expect.arrayContaining(["answered y"]) },
      answers: ["y"],
    }),
  },
  {
    sentence: "reading while something asks says so at once",
    async act(rig) {
      await rig.till(rig.run("a", "confirm"));
      return { read: await rig.till(rig.read("b")) };
    },
    ...both({ read: { state: "asking", asked: "confirm", about: "confirm", tookMs: 0 } }),
  },
  {
    sentence: "a session where something asks is listed so",
    async act(rig) {
      await rig.till(rig.run("a", "confirm"));
      return { list: rig.list() };
    },
    ...both({ list: [{ name: "box", state: "asking" }] }),
  },
  {
    sentence: "a full-screen program is reported as a screen",
    act: async (rig) => ({ seen: await rig.till(rig.run("a", "full")), list: rig.list() }),
    ...both({
      seen: { state: "screen", evidence: "alternate_screen", about: "full" },
      list: [{ name: "box", state: "screen" }],
    }),
  },
  {
    sentence: "a command while a full-screen program has the terminal is refused and names it",
    act: (rig) => refusedAt(rig, "full"),
    ...said(/#1\b.*`full`.*screen/s),
  },
  {
    sentence:
      "a command refused while a program has the screen: the refusal says that it was not run, and that ssh_send drives the program",
    act: (rig) => refusedAt(rig, "full"),
    ...said(/Your command was not run.*ssh_send/s),
  },
  {
    sentence: "a command refused while a program has the screen types nothing into it",
    act: (rig) => refusedAt(rig, "full"),
    ...both({ second: { error: "busy" }, written: "", executed: ["full"] }),
  },
  {
    sentence: "leaving a full-screen program ends its command",
    async act(rig) {
      await rig.till(rig.run("a", "full"));
      return { left: await rig.till(rig.keys("b", "<Enter>")), state: rig.facts().state };
    },
    ...both({ left: { state: "done", about: "full" }, state: "ready" }),
  },
  {
    sentence: "a pager that goes on longer than its profile allows asks",
    act: async (rig) => ({ asked: await rig.till(rig.run("a", "pages 9")) }),
    shell: { not: "a shell's pager is a program like any other" },
    device: { asked: { state: "asking", asked: "pager", about: "pages 9" } },
  },
  {
    sentence: "pages within the profile's bound are answered, and the output is whole",
    act: async (rig) => ({ ran: await rig.till(rig.run("a", "pages 3")) }),
    shell: { not: "a shell's pager is a program like any other" },
    device: { ran: { state: "done", rows: expect.arrayContaining(["page 3 row 1", "page 1 row 10"]) } },
  },
  {
    sentence: "the secret of a mode is typed at its own question, and the command runs in the mode",
    async act(rig) {
      const ran = await rig.till(rig.run("a", "say here", { mode: "config" }));
      return { ran, executed: rig.far.executed };
    },
    shell: { not: "a shell has no modes" },
    device: {
      ran: { state: "done", mode: "config", rows: ["here"] },
      executed: ["enable", "configure terminal", "say here"],
    },
  },
  {
    sentence: "a mode is refused where there is none, and nothing is typed",
    async act(rig) {
      const mark = rig.mark();
      const refused = await rig.till(rig.run("a", "say here", { mode: "nowhere" }));
      return { refused, written: rig.written(mark) };
    },
    ...both({ refused: { error: "invalid_argument" }, written: "" }),
  },
];
