import { describe, expect, it } from "vitest";
import { bench, type FakeDevice, type OnLine } from "./fake-device.ts";

const QUERIES = [
  "\u001b[6n",
  "\u001b[?6n",
  "\u001b[5n",
  "\u001b[c",
  "\u001b[0c",
  "\u001bZ",
  "\u001b[>c",
  "\u001b[=c",
  "\u001b[x",
];
const REPLY = /\u001b\[/;

const replies = (device: FakeDevice) => device.writes.filter((bytes) => REPLY.test(bytes));

const answers: OnLine = (line, device) => {
  if (line === "show log")
    device.answer(QUERIES.map((query) => `row ${query} of a log\n${query}`).join("\n"));
  else if (line === "show screen")
    device.answer(`\u001b[?1h\u001b[?1049h${QUERIES.join("")}\u001b[?1049l\u001b[?1l`);
  else if (line === "more") device.print(`\r\npage ${QUERIES.join(" ")}\r\n --More-- `);
  else device.answer("");
};

describe("a terminal query from a device", () => {
  it.each([[undefined], [["cpr", "da", "dsr", "decid"]]])(
    "in output, in a page, on a screen of a command or in a log row makes us type nothing (profile names %j)",
    async (answer) => {
      const session = await bench(answers, answer === undefined ? {} : { profile: { pty: { answer } } });
      await session.open();
      await session.run("show log");
      await session.run("show screen");
      session.device.print(`\r\n*Mar  1 00:00:01: %LINK: ${QUERIES.join(" ")}\r\n${QUERIES.join("")}`);
      await session.clock.pass(2_000);
      await session.run("more", { timeoutMs: 3_000 });
      expect(replies(session.device)).toEqual([]);
    },
  );

  it("is answered at login and behind the prompt, where the profile names it, and nowhere else", async () => {
    for (const answer of [undefined, [], ["da"], ["cpr"], ["cpr", "da"]]) {
      const profile = answer === undefined ? {} : { pty: { answer } };
      const session = await bench(answers, { profile, silent: true });
      const opened = session.open();
      session.device.print("\u001b[6n\u001b[c");
      session.device.print(session.device.prompt, 50);
      await opened;
      const atLogin = replies(session.device).length;
      session.device.print("\u001b[6n\u001b[c");
      await session.clock.pass(1_000);
      expect([atLogin, replies(session.device).length]).toEqual([
        answer?.length ?? 0,
        2 * (answer?.length ?? 0),
      ]);
    }
  });
});
