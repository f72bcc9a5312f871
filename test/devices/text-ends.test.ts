import { beforeAll, describe, expect, it } from "vitest";
import { openCatalog } from "../../src/devices/catalog.ts";
import type { Device } from "../../src/devices/device.ts";

const catalog = openCatalog();
let ios: Device;
let generic: Device;
beforeAll(async () => {
  ios = await catalog.device("cisco_ios");
  generic = await catalog.device("generic_cli");
});

/** Rows by which devices ask for a text of several lines, and what ends it. */
const ROWS: readonly (readonly [string, string, "in" | "alone"])[] = [
  ["Enter TEXT message.  End with the character '#'.", "#", "in"],
  ["Enter TEXT message.  End with the character '^C'.", "^C", "in"],
  ["Enter macro commands one per line. End with the character '@'.", "@", "in"],
  ["Please input banner content, and quit with the character '%'.", "%", "in"],
  ["Enter TEXT message. Type 'EOF' on its own line to end.", "EOF", "alone"],
  ['End with a blank line or the word "quit" on a line by itself', "quit", "alone"],
  ["[Type ^D at a new line to end input]", "\u0004", "alone"],
  ["Enter configuration. Press CTRL-D to submit or CTRL-C to cancel.", "\u0004", "alone"],
  ["enter input line by line; when done enter one or more control-d", "\u0004", "alone"],
  ["Paste the certificate, end with Ctrl+D", "\u0004", "alone"],
];

describe("A row that asks for a text", () => {
  it.each(ROWS)("says what ends it: %s", (row, end, where) => {
    for (const device of [ios, generic]) expect(device.text.row(row)).toEqual({ end, where });
  });

  it.each([
    "Enter configuration commands, one per line.  End with CNTL/Z.",
    "The interface ends with the character set of the device",
    "Type 'help' for a list of commands",
    "Press ^C to end the connection",
    "Building configuration...",
    "description end of 'A' line",
    " exec-character-bits 8",
  ])("is none: %s", (row) => {
    for (const device of [ios, generic]) expect(device.text.row(row)).toBeUndefined();
  });

  it("is not needed behind a line that begins one on its platform, unless that has the end in it", () => {
    expect(ios.text.line("banner motd #")).toEqual({ end: "#", where: "in" });
    expect(ios.text.line("banner login ~Staff only")).toEqual({ end: "~", where: "in" });
    expect(ios.text.line("banner motd #Staff only#")).toBeUndefined();
    expect(ios.text.line("show banner motd")).toBeUndefined();
    expect(generic.text.line("banner motd #")).toBeUndefined();
  });
});
