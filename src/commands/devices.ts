import { CONFIG, surroundings } from "./options.ts";
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

/** `ssh-mcp devices list|show|test`: for those who write a profile; `devices` alone lists them. */
export const devices: Subcommand = {
  ...list,
  name: "devices",
  summary: "network platforms: list, show, test a profile",
  subcommands: [list, show, test],
};
