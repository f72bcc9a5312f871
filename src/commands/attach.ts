import { CONFIG, LAB, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

const READ_ONLY = { flags: "-r, --read-only", help: "watch only" };
const SMALLEST = {
  flags: "--smallest",
  help: "the session has the size of the smallest terminal attached so (default: of who types)",
};
const SESSION = {
  name: "<session>",
  help: "a session's name, or a host's: then it is opened, and its login asks here",
};
const KEYS = `Ctrl-\\ begins a key of its own: t takes the keyboard (agents cannot type meanwhile) and hands it back, i lets agents
interrupt meanwhile, c sends Ctrl-C, h scrolls back, l repaints, z stops this program (fg comes back), d detaches, ? lists the keys, Ctrl-\\ again sends it.
Exit code 0: detached, or the session has ended; 1: it could not be attached to.`;

export const attach: Subcommand = {
  name: "attach",
  summary: "the terminal an agent works in, in yours",
  arguments: [SESSION],
  options: [READ_ONLY, SMALLEST, CONFIG, LAB],
  examples: [
    ["ssh-mcp attach web1", "watch; Ctrl-\\ t takes the keyboard, Ctrl-\\ d detaches"],
    ["ssh-mcp attach -r web1", "only watch"],
  ],
  notes: KEYS,
  async run(given, setting) {
    const { attachTo } = await import("./attach/attach.ts");
    return attachTo(surroundings(given, setting), setting, {
      session: given.required("session"),
      readOnly: given.flag("readOnly"),
      smallest: given.flag("smallest"),
    });
  },
};

export const watch: Subcommand = {
  name: "watch",
  summary: "attach read-only",
  arguments: [SESSION],
  options: [CONFIG, LAB],
  examples: [["ssh-mcp watch web1", "as ssh-mcp attach -r web1"]],
  async run(given, setting) {
    const { attachTo } = await import("./attach/attach.ts");
    const session = given.required("session");
    return attachTo(surroundings(given, setting), setting, { session, readOnly: true, smallest: false });
  },
};

export const sessions: Subcommand = {
  name: "sessions",
  summary: "list the daemon's sessions, who is attached",
  options: [CONFIG, LAB, { flags: "--json", help: "as JSON" }],
  examples: [["ssh-mcp sessions", "what ssh-mcp attach can name"]],
  async run(given, setting) {
    const { showStatus } = await import("./daemon/control.ts");
    return showStatus(surroundings(given, setting), setting.version, given.flag("json"));
  },
};

export const kick: Subcommand = {
  name: "kick",
  summary: "detach everybody and free the keyboard",
  arguments: [{ name: "<session>", help: "a session's name" }],
  options: [CONFIG, LAB],
  examples: [["ssh-mcp kick web1", "who left their terminal open somewhere"]],
  async run(given, setting) {
    const { tell } = await import("./daemon/control.ts");
    return tell(surroundings(given, setting), setting.version, {
      do: "kick",
      session: given.required("session"),
    });
  },
};

export const lock: Subcommand = {
  name: "lock",
  summary: "keep agents from typing; they still read",
  arguments: [{ name: "<session>", help: "a session's name" }],
  options: [{ flags: "--off", help: "let them type again" }, CONFIG, LAB],
  examples: [
    ["ssh-mcp lock web1", "nobody types"],
    ["ssh-mcp lock web1 --off", "agents do again"],
  ],
  async run(given, setting) {
    const { tell, person } = await import("./daemon/control.ts");
    const word = {
      do: given.flag("off") ? "unlock" : "lock",
      session: given.required("session"),
      who: person(),
    };
    return tell(surroundings(given, setting), setting.version, word);
  },
};
