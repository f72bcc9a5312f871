import { beforeAll, describe, expect, it } from "vitest";
import { compileDevice, type Device } from "../../../src/devices/device.ts";
import { profileSchema } from "../../../src/devices/profile.ts";
import { knows, learned, nothingKnown } from "../../../src/shell/cli/known-prompts.ts";
import { modesOf, pathBetween } from "../../../src/shell/cli/mode-steps.ts";
import { messagesIn, outputRows, withoutPrompt } from "../../../src/shell/cli/rows.ts";
import { overwrittenPrompt } from "../../../src/shell/cli/sight.ts";
import { PROFILE } from "./fake-device.ts";

const LOG = "*Mar  1 00:01:02.345: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down";
let device: Device;
beforeAll(async () => {
  device = await compileDevice(
    profileSchema.parse({
      ...PROFILE,
      prompts: [...PROFILE.prompts, { mode: "edit", match: "^\\w+@\\w+#$", context: "^\\[edit[^\\]]*\\]$" }],
      notices: [{ match: "^! ALARM", end: "^--- END$" }],
      strip_rows: ["^Load: \\d+%$", "^Time: \\d\\d:\\d\\d$"],
    }),
  );
});

describe("an output", () => {
  const shown = (lines: readonly string[], typed = "show", at = "sw1#") =>
    outputRows(lines, { device, typed, at, paged: false });

  it("is what was printed between echo and prompt, log rows in its midst where they came", () => {
    expect(shown(["", "row 1", LOG, "row 2", "sw1#"])).toEqual({
      lines: ["row 1", LOG, "row 2"],
      asides: [],
      likeOwn: [1],
      stripped: [],
    });
  });

  it("is without the part of its line that a device shows of one wider than the terminal", () => {
    const line = "show run | include clock|logging|aaa|http|ssh|telnet|ntp|snmp-server";
    for (const echo of [
      "sw1# show run | include clock|logging|aaa|http|ssh|te$",
      "sw1# <nclude clock|logging|aaa|http|ssh|telnet|ntp$",
      "sw1# $aaa|http|ssh|telnet|ntp|snmp-server",
    ])
      expect(shown([echo, "clock timezone CET 1", "sw1#"], line).lines).toEqual(["clock timezone CET 1"]);
    for (const row of ["sw2# show run | include clock|logging|aaa|http|ssh|te$", "sw1# show version of it$"])
      expect(shown(["", row, "sw1#"], line).lines).toEqual([row]);
  });

  it("is without a message to all terminals behind its prompt, of however many rows", () => {
    const wall = [
      "",
      "Broadcast Message from root@ex1",
      "        (no tty) at 10:11 UTC...",
      "",
      "going down",
      "",
    ];
    expect(shown(["", "row 1", "sw1#", ...wall])).toMatchObject({ lines: ["row 1"] });
    expect(shown(["", "row 1", "sw1#", ...wall, "sw1#"])).toMatchObject({ lines: ["row 1"] });
    const alarm = ["! ALARM 1", "the fibre is broken", "--- END"];
    expect(shown(["", "row 1", "sw1#", "", ...alarm, "", "sw1#"])).toMatchObject({ lines: ["row 1"] });
    // Behind its last row the output goes on.
    expect(shown(["", "row 1", "sw1#", "", ...alarm, "row 2"]).lines).toContain("row 2");
    // Within an output it stays where it came.
    expect(shown(["", "row 1", ...wall, "row 2", "sw1#"]).lines).toEqual(["row 1", ...wall, "row 2"]);
  });

  it("loses no row to the log, however many there are and whatever was asked for", () => {
    const rows = Array.from({ length: 300 }, (_, index) => (index % 3 === 0 ? `row ${index}` : LOG));
    expect(shown(["", ...rows, "sw1#"], "show tech-support").lines).toEqual(rows);
    expect(shown(["", LOG, LOG, "sw1#"], "more flash:messages").lines).toEqual([LOG, LOG]);
  });

  it("ends at its prompt: log rows behind that are set apart, whether they pushed it up once or more", () => {
    expect(shown(["", "row 1", "sw1#", LOG])).toMatchObject({ lines: ["row 1"], asides: [LOG] });
    const twice = ["", "row 1", "sw1#", "", LOG, "sw1#", LOG, LOG, "sw1#"];
    expect(shown(twice)).toMatchObject({ lines: ["row 1"], asides: [LOG, LOG, LOG] });
    expect(shown(["", "row 1", LOG, "sw1#"])).toMatchObject({ lines: ["row 1", LOG], asides: [] });
  });

  it("ends at its prompt also where a log row came directly behind that", () => {
    expect(shown(["", "row 1", `sw1#${LOG}`, "sw1#"])).toMatchObject({ lines: ["row 1"], asides: [LOG] });
    expect(shown(["", "row 1", `sw1#${LOG}`])).toMatchObject({ lines: ["row 1"], asides: [LOG] });
    expect(shown(["", `sw2>${LOG}`, "row 1", "sw1#"])).toMatchObject({ lines: [`sw2>${LOG}`, "row 1"] });
  });

  it("begins behind a line that a log row made the device paint once more", () => {
    expect(shown(["", LOG, "sw1#show", "row 1", "sw1#"])).toMatchObject({ lines: ["row 1"], asides: [LOG] });
    expect(shown(["", LOG, "row 1", "sw1#"])).toMatchObject({ lines: [LOG, "row 1"], asides: [] });
  });

  it("may begin with another device's prompt and the same line, and with its own where nothing is repainted", () => {
    for (const row of ["sw2#show", "sw1(config)#show", "sw1#show"])
      expect(shown(["", row, "row 1", "sw1#"]).lines).toEqual([row, "row 1"]);
    expect(shown(["", LOG, "sw2#show", "row 1", "sw1#"]).lines).toEqual([LOG, "sw2#show", "row 1"]);
  });

  it("loses the rows that come with the prompt where they are its first, each once and counted", () => {
    expect(shown(["", "Load: 3%", "Time: 10:11", "", "row 1", "Time: 10:11", "sw1#"])).toMatchObject({
      lines: ["", "row 1", "Time: 10:11"],
      stripped: ["Load: 3%", "Time: 10:11"],
    });
    expect(shown(["", "Time: 10:11", "Time: 10:12", "sw1#"])).toMatchObject({
      lines: ["Time: 10:12"],
      stripped: ["Time: 10:11"],
    });
    expect(shown(["", "row 1", "Time: 10:11", "sw1#"])).toMatchObject({
      lines: ["row 1", "Time: 10:11"],
      stripped: [],
    });
  });

  it("that is such a row and nothing else is kept", () => {
    expect(shown(["", "Time: 10:11", "sw1#"])).toMatchObject({ lines: ["Time: 10:11"], stripped: [] });
  });

  it("keeps its own empty rows and rows like a pager's when no page was answered", () => {
    const lines = ["", "a", "", " --More-- ", "b", "sw1#"];
    expect(outputRows(lines, { device, typed: "show", paged: false }).lines).toEqual([
      "a",
      "",
      " --More-- ",
      "b",
    ]);
    expect(outputRows(lines, { device, typed: "show", paged: true }).lines).toEqual(["a", "", "b"]);
  });

  it("keeps the half row that a pager was printed behind", async () => {
    const pagers = [{ match: "(?i)<?-{2,4} ?more ?-{2,4}>?\\s*$", key: " " }];
    const middle = await compileDevice(profileSchema.parse({ ...PROFILE, pagers }));
    const lines = ["", "a", "snmp access read systemvi--More--", "  --More--", "<--- More --->", "b", "sw1#"];
    expect(outputRows(lines, { device: middle, typed: "show", paged: true }).lines).toEqual([
      "a",
      "snmp access read systemvi",
      "b",
    ]);
  });

  it("begins after a command line that the device printed twice", () => {
    expect(shown(["sw1#show clock", "12:00", "sw1#"], "show clock").lines).toEqual(["12:00"]);
  });

  it("ends before a prompt of two rows, and before one that was painted twice", () => {
    expect(withoutPrompt(["out", "", "[edit interfaces]", "me@r1#"], device)).toEqual(["out"]);
    expect(withoutPrompt(["out", "sw1#", "sw1#"], device)).toEqual(["out"]);
    expect(withoutPrompt(["out", "sw1#^C", "sw1#"], device)).toEqual(["out"]);
  });

  it("that ends in a row of its own loses nothing", () => {
    expect(withoutPrompt(["out", "still out"], device)).toEqual(["out", "still out"]);
  });
});

describe("error rows", () => {
  it("are searched at the beginning and the end, where devices put them", () => {
    const middle = Array.from({ length: 40 }, (_, index) => `row ${index}`);
    const error = "% Invalid input detected";
    expect(messagesIn(["^", error], device, "x").errors).toEqual([{ class: "syntax", row: error }]);
    expect(messagesIn([...middle, error], device, "x").errors).toHaveLength(1);
    expect(messagesIn([...middle, error, ...middle], device, "x").errors).toEqual([]);
  });
});

describe("an answer that no list has", () => {
  const said = (lines: readonly string[], typed: string) => {
    const { errors, warnings } = messagesIn(lines, device, typed);
    return [...errors, ...warnings].map((one) => `${one.class} ${one.row}`);
  };

  it("is an error where its first row points at a word of the line, in whatever words", () => {
    expect(said(["          ^", "La commande est inconnue"], "sho x")).toEqual([
      "syntax La commande est inconnue",
    ]);
    expect(said(["     ^"], "sho x")).toEqual(["syntax ^"]);
    expect(said(["a", "    ^", "b"], "show graph")).toEqual([]);
  });

  it.each([
    "*Incomplete command",
    "[Command Not Found]",
    "E101: Command Not Found",
    "-sh: foo: not found",
    "System is busy, please try after a while",
    "Operation not permitted",
    "The commit was rejected by the database",
    "Cannot execute command.",
    "Object not found",
    "Executed command unsuccessfully.",
    '200 code=00200001 msg="unknown command"',
  ])("is told, and called no error, where it is short and reads as a refusal: %s", (row) => {
    expect(said(["", row], "set x")).toEqual([`unknown ${row}`]);
    expect(said(["one", "two", "three", row], "set x")).toEqual([]);
  });

  it("is what was asked for where the line only shows something", () => {
    const rows = ["The last login failed", "Object gi1 is not supported", "eth0 access denied"];
    for (const row of rows) expect(said([row], "show log")).toEqual([]);
    expect(said(["Invalid keyword: log"], "show log")).toEqual(["unknown Invalid keyword: log"]);
  });

  it("is nothing where it only says how things are", () => {
    const rows = [
      "Done",
      "Saved configuration to flash",
      "Errors: 0",
      "Note: not saved yet",
      "Commit complete",
    ];
    for (const row of rows) expect(said([row], "set x")).toEqual([]);
  });
});

describe("a prompt that log rows pushed up", () => {
  it("is found behind them, and nowhere without them", () => {
    expect(overwrittenPrompt(["out", "sw1#", LOG, "", LOG], device)).toMatchObject({
      row: "sw1#",
      mode: "enable",
    });
    expect(overwrittenPrompt(["out", "sw1#", ""], device)).toBeUndefined();
    expect(overwrittenPrompt(["out", LOG], device)).toBeUndefined();
    expect(overwrittenPrompt(["out", `sw1#${LOG}`, LOG], device)).toMatchObject({ row: "sw1#" });
    const wall = ["Broadcast message from root@sw1 (pts/0):", "", "The system goes down", "in 5 minutes"];
    expect(overwrittenPrompt(["out", "sw1#", ...wall], device)).toMatchObject({ row: "sw1#" });
    expect(overwrittenPrompt(["out", ...wall], device)).toBeUndefined();
    expect(overwrittenPrompt(["sw1#", "The system goes down"], device)).toBeUndefined();
  });
});

describe("a learned prompt", () => {
  const prompt = (row: string, host?: string) => ({ row, host, mode: "enable", context: undefined });

  it("is known again by its hostname, also truncated, and by nothing else", () => {
    const known = learned(nothingKnown(16), prompt("distribution-switch-17#", "distribution-switch-17"));
    expect(knows(known, prompt("distribution-switch-17(config)#", "distribution-switch-17"), "")).toBe(true);
    expect(knows(known, prompt("distribution-swi(config)#", "distribution-swi"), "")).toBe(true);
    expect(knows(known, prompt("dist#", "dist"), "")).toBe(false);
    expect(knows(known, prompt("access-switch-3#", "access-switch-3"), "")).toBe(false);
  });

  it("of a new name is known when the line typed gave it", () => {
    const known = learned(nothingKnown(undefined), prompt("sw1(config)#", "sw1"));
    expect(knows(known, prompt("core9(config)#", "core9"), "hostname core9")).toBe(true);
    expect(knows(known, prompt("core9(config)#", "core9"), "show run")).toBe(false);
  });

  it("without a hostname in it is known by its beginning and its last character", () => {
    const known = learned(nothingKnown(undefined), prompt("bird>"));
    expect(knows(known, prompt("bird>"), "")).toBe(true);
    expect(knows(known, prompt("fish>"), "")).toBe(false);
  });
});

describe("the steps between modes", () => {
  const way = (from: string, to: string) =>
    pathBetween(device, from, to).map((step) => `${step.way} ${step.mode.name}`);

  it("are those of the profile, leaving and entering", () => {
    expect(way("exec", "config")).toEqual(["enter enable", "enter config"]);
    expect(way("config", "exec")).toEqual(["leave config", "leave enable"]);
    expect(way("config", "enable")).toEqual(["leave config"]);
    expect(way("enable", "enable")).toEqual([]);
  });

  it("to an unknown mode are refused, naming the known ones", () => {
    expect(modesOf(device)).toEqual(["exec", "enable", "config"]);
    expect(() => way("exec", "cofig")).toThrow(/no mode "cofig"; its modes: config/);
    expect(() => way("tclsh", "enable")).toThrow(/no steps from mode tclsh to mode enable/);
  });
});
