import { SshMcpError } from "../base/errors.ts";
import { CONFIG, surroundings } from "./options.ts";
import type { Argument, Given, Subcommand } from "./subcommand.ts";

const NAME: Argument = {
  name: "<name>",
  help: "a file, or the beginning of a name that recordings list shows: of several the newest",
};

const list: Subcommand = {
  name: "list",
  summary: "the recordings there are: host, start, length, commands, size",
  examples: [["ssh-mcp recordings list", "the oldest first"]],
  async run(_given, setting) {
    const { listRecordings } = await import("./recordings/list.ts");
    return listRecordings(setting.place());
  },
};

const show: Subcommand = {
  name: "show",
  summary: "the commands of a recording as a timeline, and what the audit log says of the file",
  arguments: [NAME],
  options: [CONFIG],
  examples: [["ssh-mcp recordings show core-sw1", "the newest of that session"]],
  notes: "Exit code 1: the file is another than the one whose digest is in the audit log.",
  async run(given, setting) {
    const { showRecording } = await import("./recordings/show.ts");
    return showRecording(given.required("name"), surroundings(given, setting));
  },
};

const play: Subcommand = {
  name: "play",
  summary: "play a recording in this terminal",
  arguments: [NAME],
  options: [
    { flags: "--speed <times>", help: "so much faster than it was (default: 1)" },
    { flags: "--idle <seconds>", help: "longer pauses are cut to this (default: 2)" },
  ],
  examples: [["ssh-mcp recordings play core-sw1 --speed 4 --idle 1", "fast, without long pauses"]],
  notes: `q, Escape or Ctrl-C ends it. The terminal is sent pictures of a screen of our own; no control sequence of the host's
reaches it.`,
  async run(given, setting) {
    const speed = positive(given, "speed", 1);
    const idleMs = positive(given, "idle", 2) * 1000;
    const { playHere } = await import("./recordings/on-terminal.ts");
    return playHere(given.required("name"), { speed, idleMs }, setting.place());
  },
};

const exported: Subcommand = {
  name: "export",
  summary: "write a recording as asciicast, as text, or as one page that plays it",
  arguments: [NAME],
  options: [
    { flags: "--format <form>", help: "cast, text or html (default: cast)" },
    { flags: "--out <file>", help: "a new file, readable by you alone (default: stdout)" },
  ],
  examples: [
    [
      "ssh-mcp recordings export core-sw1 --format html --out change.html",
      "to be opened in a browser, also offline",
    ],
    ["ssh-mcp recordings export core-sw1 --format text", "what scrolled by"],
  ],
  notes: `The page has everything in it and loads nothing. It is made of pictures of a screen of our own, as play shows them. What a
recording holds is confidential: look at what you hand on.`,
  async run(given, setting) {
    const { exportRecording, FORMATS } = await import("./recordings/export.ts");
    const word = given.text("format") ?? "cast";
    const format = FORMATS.find((one) => one === word);
    if (format === undefined)
      throw new SshMcpError("invalid_argument", `--format ${word}: it is ${FORMATS.join(", ")}`);
    return exportRecording(given.required("name"), { format, out: given.text("out") }, setting.place());
  },
};

function positive(given: Given, name: string, otherwise: number): number {
  const value = Number(given.text(name) ?? otherwise);
  if (value > 0 && value <= 1_000_000) return value;
  throw new SshMcpError(
    "invalid_argument",
    `--${name} takes a number greater than 0`,
    `For example --${name} 2.`,
  );
}

/** `ssh-mcp recordings list|show|play|export`; `recordings` alone lists them. */
export const recordings: Subcommand = {
  ...list,
  name: "recordings",
  summary: "recordings of sessions: list, show, play, export",
  subcommands: [list, show, play, exported],
};
