import { expect } from "vitest";
import { both, type Row } from "./row.ts";

export const reading: readonly Row[] = [
  {
    sentence: "reading shows what came since the last result",
    async act(rig) {
      await rig.till(rig.run("a", "rows 3 300", { timeoutMs: 400 }));
      return { read: await rig.till(rig.read("a", { timeoutMs: 3000 })) };
    },
    ...both({ read: { state: "done", about: "rows 3 300", rows: ["row 2", "row 3"] } }),
  },
  {
    sentence: "what one caller reads from the beginning makes another's next read skip nothing",
    async act(rig) {
      await rig.till(rig.run("a", "rows 5 300", { timeoutMs: 400 }));
      await rig.pass(600);
      await rig.till(rig.read("b", { cursor: 0 }));
      const read = await rig.till(rig.read("a", { timeoutMs: 3000 }));
      return { read };
    },
    ...both({ read: { rows: ["row 2", "row 3", "row 4", "row 5"] } }),
  },
  {
    sentence: "what one caller reads next is not skipped for another",
    async act(rig) {
      await rig.till(rig.run("a", "rows 4 300", { timeoutMs: 400 }));
      await rig.till(rig.read("b", { timeoutMs: 3000 }));
      return { read: await rig.till(rig.read("a")) };
    },
    ...both({ read: { rows: expect.arrayContaining(["row 2", "row 3", "row 4"]) } }),
  },
  {
    sentence: "reading from an older cursor shows the same again",
    async act(rig) {
      const ran = await rig.till(rig.run("a", "say again"));
      const cursor = ran.from ?? -1;
      const once = await rig.till(rig.read("a", { cursor }));
      const twice = await rig.till(rig.read("a", { cursor }));
      return { once, twice };
    },
    ...both({
      once: { rows: expect.arrayContaining(["again"]) },
      twice: { rows: expect.arrayContaining(["again"]) },
    }),
  },
  {
    sentence: "a cursor outside the output is refused, naming the bounds",
    async act(rig) {
      const cursor = rig.facts().end + 1;
      return { read: await rig.till(rig.read("a", { cursor })), end: rig.facts().end };
    },
    ...both({ read: { error: "invalid_argument", text: expect.stringMatching(/0 to \d+/) } }),
  },
  {
    sentence: "reading at a prompt says at once that it is done",
    async act(rig) {
      await rig.till(rig.run("a", "say x"));
      return { read: await rig.till(rig.read("b")) };
    },
    ...both({ read: { state: "done", about: "say x", tookMs: 0 } }),
  },
  {
    sentence: "reading types nothing",
    async act(rig) {
      const mark = rig.mark();
      await rig.till(rig.read("a"));
      await rig.till(rig.run("a", "say x"));
      const behind = rig.mark();
      await rig.till(rig.read("b", { cursor: 0 }));
      await rig.recall("b", 1);
      return { before: rig.written(mark).startsWith("say") || mark < behind, behind: rig.written(behind) };
    },
    ...both({ before: true, behind: "" }),
  },
  {
    sentence: "a caller who went away has seen nothing: its next read begins where that one did",
    async act(rig) {
      await rig.till(rig.run("a", "rows 4 300", { timeoutMs: 400 }));
      await rig.till(rig.read("a", { timeoutMs: 5000, cancelMs: 500 }));
      return { read: await rig.till(rig.read("a", { timeoutMs: 5000 })) };
    },
    ...both({ read: { state: "done", rows: ["row 2", "row 3", "row 4"] } }),
  },
  {
    sentence: "a command's output can be read by its number after others have run",
    async act(rig) {
      await rig.till(rig.run("a", "say one"));
      await rig.till(rig.run("b", "say two"));
      return { one: await rig.recall("b", 1), two: await rig.recall("a", 2) };
    },
    ...both({ one: expect.stringMatching(/^one\n/), two: expect.stringMatching(/^two\n/) }),
  },
  {
    sentence: "output that came in the background is read by the next read",
    async act(rig) {
      await rig.till(rig.run("a", "say x"));
      rig.far.print("\r\na word from the background\r\n");
      await rig.pass(500);
      return { read: await rig.till(rig.read("a")) };
    },
    ...both({ read: { rows: expect.arrayContaining(["a word from the background"]) } }),
  },
];
