import { describe, expect, it } from "vitest";
import type { SessionFacts } from "../../../src/base/contract/action.ts";
import { assertAsDecided } from "../../../src/shell/pty/decided.ts";

type Facts = Omit<SessionFacts, "name">;

const at = (state: string, more: Partial<Facts> = {}): Facts => ({ state, level: 1, ...more });
const asks = (row: string, command = 1) => at("asking", { command, row, asked: "confirm" });

/** What keys were decided on, and what has the terminal when they are to be typed. */
const OTHER: readonly (readonly [string, Facts, Facts])[] = [
  ["a command that runs at what was a prompt", at("prompt"), at("running", { command: 1 })],
  ["a prompt behind what ran", at("running", { command: 1 }), at("prompt")],
  ["another command", at("running", { command: 1 }), at("running", { command: 2 })],
  ["another question of the same command", asks("Save? [y/n]"), asks("Reboot? [y/n]")],
  ["the same row of another command", asks("Save? [y/n]", 1), asks("Save? [y/n]", 2)],
  ["what runs on behind the question", asks("Save? [y/n]"), at("running", { command: 1 })],
  ["a screen in place of the question", asks("Save? [y/n]"), at("screen", { command: 1 })],
  ["a question in place of the screen", at("screen", { command: 1 }), asks("Save? [y/n]")],
  ["a line that is on the prompt by now", at("prompt"), at("unsent")],
  ["another mode", at("prompt", { mode: "exec" }), at("prompt", { mode: "config" })],
  ["a shell inside", at("prompt"), at("prompt", { level: 2 })],
  ["an end", at("running", { command: 1 }), at("ended")],
];

const SAME: readonly (readonly [string, Facts, Facts])[] = [
  ["the same prompt", at("prompt"), at("prompt")],
  ["the same question", asks("Save? [y/n]"), asks("Save? [y/n]")],
  ["a question that what runs has come to", at("running", { command: 1 }), asks("Save? [y/n]")],
  ["a screen that what runs has taken", at("running", { command: 1 }), at("screen", { command: 1 })],
  [
    "what runs, whatever it has printed meanwhile",
    at("running", { command: 1, row: "10 %" }),
    at("running", { command: 1, row: "20 %" }),
  ],
];

describe("keys that were decided on", () => {
  it.each(OTHER)("are not typed into %s", (_what, decided, now) => {
    expect(() => assertAsDecided(decided, now)).toThrow(
      /changed between the decision and the act.*nothing was sent/,
    );
  });

  it("say what to look at and what to do next where they are refused", () => {
    const refused = () => assertAsDecided(at("running", { command: 1 }), at("prompt"));
    expect(refused).toThrow(
      expect.objectContaining({ next: expect.stringMatching(/ssh_read screen:true .*ssh_send .*ssh_shell/) }),
    );
  });

  it("quote the row that was there, where it has any words", () => {
    const empty = at("running", { command: 4, row: " " });
    expect(() => assertAsDecided(empty, at("prompt"))).toThrow(/it was running #4 and is prompt;/);
    const row = at("running", { command: 4, row: "10 %" });
    expect(() => assertAsDecided(row, at("prompt"))).toThrow(/it was running #4 \(10 %\) and is prompt;/);
  });

  it("are not typed into a question for one key that has come up, if they hold an Enter behind an answer", () => {
    const now = { ...asks("Save? [confirm]"), submit: "key" } as const;
    const running = at("running", { command: 1 });
    expect(() => assertAsDecided(running, now, Buffer.from("y\r"))).toThrow(/nothing was sent/);
    expect(() => assertAsDecided(running, now, Buffer.from("y"))).not.toThrow();
  });

  it.each(SAME)("are typed into %s", (_what, decided, now) => {
    expect(() => assertAsDecided(decided, now)).not.toThrow();
  });
});
