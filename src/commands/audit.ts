import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

const verify: Subcommand = {
  name: "verify",
  summary: "check that no line of an audit log was changed or removed",
  arguments: [{ name: "[file]", help: "the log (default: settings.audit_log of the inventory)" }],
  options: [CONFIG],
  notes: `Every line refers to the one before it by its hash. A log that was cut at its end, or written anew as a whole, is whole
in itself: keep the number and the hash of the last line elsewhere to see that.
Exit code 0: the chain is whole. 1: it is broken, with line and reason, or the file is no audit log.`,
  async run(given, setting) {
    const { verifyLog } = await import("./audit/verify.ts");
    return verifyLog(given.text("file"), surroundings(given, setting));
  },
};

/** `ssh-mcp audit verify [FILE]`; `audit` alone verifies the log of the inventory. */
export const audit: Subcommand = {
  ...verify,
  name: "audit",
  summary: "the audit log: verify its chain",
  arguments: [],
  subcommands: [verify],
};
