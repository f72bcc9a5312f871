import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Argument, Option, Subcommand } from "./subcommand.ts";

const FOLDER: Option = {
  flags: "--devices <folder>",
  help: "a folder of profiles instead of the inventory's devices_dir",
};
const PLATFORM: Argument = { name: "<platform>", help: "a name that devices list shows" };

const list: Subcommand = {
  name: "list",
  summary: "all platforms, with the grade of their evidence",
  options: [FOLDER, CONFIG],
  examples: [["ssh-mcp devices list", "what `platform` may be in the inventory"]],
  async run(given, setting) {
    const { listProfiles } = await import("./devices/list.ts");
    return listProfiles(given.text("devices"), surroundings(given, setting));
  },
};

const show: Subcommand = {
  name: "show",
  summary: "a profile, merged with those it extends",
  arguments: [PLATFORM],
  options: [FOLDER, CONFIG],
  examples: [["ssh-mcp devices show cisco_ios", "its prompts, pagers, modes and questions"]],
  async run(given, setting) {
    const { showProfile } = await import("./devices/show.ts");
    return showProfile(given.required("platform"), given.text("devices"), surroundings(given, setting));
  },
};

const test: Subcommand = {
  name: "test",
  summary: "what a profile recognises in a saved terminal log",
  arguments: [PLATFORM],
  options: [
    { flags: "--text <file>", help: "the log; - for stdin", required: true },
    { flags: "--json", help: "print the findings as JSON" },
    FOLDER,
    CONFIG,
  ],
  examples: [["ssh-mcp devices test cisco_ios --text session.log", "which rows are prompts, pagers, errors"]],
  notes: "Exit code 0: there is a prompt of the platform in it.",
  async run(given, setting) {
    const { testProfile } = await import("./devices/test.ts");
    const request = {
      platform: given.required("platform"),
      file: given.required("text"),
      json: given.flag("json"),
      folder: given.text("devices"),
    };
    return testProfile(request, surroundings(given, setting));
  },
};

const learn: Subcommand = {
  name: "learn",
  summary: "look at a device that no profile knows, and print a profile's draft",
  arguments: [{ name: "<host>", help: "a name of the inventory", completes: "hosts" }],
  options: [
    {
      flags: "--lines <file>",
      help: "the lines to type, one a row; - for stdin (default: asked for at the terminal)",
    },
    { flags: "--page", help: "send Space at rows that are known as pagers, without asking" },
    { flags: "--prompt", help: "take a first row that nothing knows for the prompt, without asking" },
    CONFIG,
    LAB,
  ],
  examples: [["ssh-mcp devices learn olt1 --lines commands.txt > olt.yaml", "a first draft of a profile"]],
  notes: `Nothing is typed but the lines that are given, each with Enter, and Space at pagers where that is allowed; no
question is answered and no secret given beyond the login's. The draft goes to stdout, what was typed and seen to stderr.
Exit code 0: a prompt was seen.`,
  async run(given, setting) {
    const { learnDevice } = await import("./devices/learn.ts");
    const request = {
      host: given.required("host"),
      lines: given.text("lines"),
      page: given.flag("page"),
      prompt: given.flag("prompt"),
    };
    return learnDevice(request, surroundings(given, setting));
  },
};

/** `ssh-mcp devices list|show|test|learn`: for those who write a profile; `devices` alone lists them. */
export const devices: Subcommand = {
  ...list,
  name: "devices",
  summary: "network platforms: list, show, test, learn a device",
  subcommands: [list, show, test, learn],
};
