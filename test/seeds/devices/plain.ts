import type { Stage, Told } from "./stage.ts";
import type { LineOptions, Terminal } from "./terminal.ts";

/** What a device does with a line; `show` sets the prompt that follows. */
export type OnLine = (terminal: Terminal, line: string, show: (prompt: string) => void) => unknown;

/** A device with one prompt at a time, which takes every line that it is not told about without a word. */
export function plain(prompt: string, onLine: OnLine, greet = "\r\n", how: LineOptions = {}) {
  return async (terminal: Terminal): Promise<void> => {
    let shown = prompt;
    terminal.print(greet);
    for (;;) {
      const line = await terminal.line({ ...how, prompt: shown });
      if (line !== undefined && line !== "")
        await onLine(terminal, line, (next) => {
          shown = next;
        });
    }
  };
}

/** The result asks such a thing in such a way. */
export function asks(stage: Stage, told: Told, what: RegExp, how: RegExp): void {
  stage.check(`asks ${what}`, told.state === "asking" && what.test(told.text), told.text);
  stage.check(`asks ${what} like ${how}`, how.test(told.rest), told.rest);
}

export function done(stage: Stage, told: Told, what: RegExp): void {
  stage.check(`done with ${what}`, told.state === "done" && what.test(told.text), told.text);
}

/** The result is done with exactly these rows. */
export function gives(stage: Stage, told: Told, rows: readonly string[]): void {
  const found = told.out
    .split("\n")
    .map((row) => row.trim())
    .filter((row) => row !== "");
  const same = JSON.stringify(found) === JSON.stringify(rows);
  stage.check(`done with ${JSON.stringify(rows)}`, told.state === "done" && same, told.text);
}

/** No secret of the inventory was typed. */
export function noSecret(stage: Stage, host: string): void {
  const { got } = stage.term(host);
  stage.check("no secret was typed", !/en-secret|pw-noc/.test(got), got);
}

/** The device read these lines and no other ones, beside those of its preparation. */
export function read(stage: Stage, host: string, lines: readonly string[], prepared: RegExp): void {
  const found = stage.term(host).lines.filter((line) => line !== "" && !prepared.test(line));
  const same = JSON.stringify(found) === JSON.stringify(lines);
  stage.check(`read ${JSON.stringify(lines)}`, same, JSON.stringify(found));
}
