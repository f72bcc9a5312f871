import { SshMcpError } from "../base/errors.ts";
import { CONFIG, surroundings } from "./options.ts";
import type { Subcommand } from "./subcommand.ts";

const verify: Subcommand = {
  name: "verify",
  summary: "check that no line of an audit log was changed or removed",
  arguments: [{ name: "[file]", help: "the log (default: the one that is kept, settings.audit_log)" }],
  options: [CONFIG],
  examples: [
    ["ssh-mcp audit verify", "the log that the inventory names"],
    ["ssh-mcp audit verify ~/audit.jsonl", "this one"],
  ],
  notes: `Every line refers to the one before it by its hash. A log that was cut at its end, or written anew as a whole, is whole
in itself: keep the number and the hash of the last line elsewhere to see that.
Exit code 0: the chain is whole. 1: it is broken, with line and reason, or the file is no audit log.`,
  async run(given, setting) {
    const { verifyLog } = await import("./audit/verify.ts");
    return verifyLog(given.text("file"), surroundings(given, setting));
  },
};

/** Entries shown where no number is given. */
const SHOWN = 50;

const show: Subcommand = {
  name: "show",
  summary: "print the last entries of an audit log for people",
  arguments: [{ name: "[file]", help: "the log (default: the one that is kept, settings.audit_log)" }],
  options: [{ flags: "--last <count>", help: `how many entries (default: ${SHOWN})` }, CONFIG],
  examples: [["ssh-mcp audit show --last 20", "the newest twenty entries"]],
  notes: "Exit code 0: the chain is whole. 1: it is broken, or the file is no audit log.",
  async run(given, setting) {
    const count = Number(given.text("last") ?? SHOWN);
    if (!Number.isInteger(count) || count < 1)
      throw new SshMcpError(
        "invalid_argument",
        "--last takes a whole number from 1",
        "For example --last 20.",
      );
    const { showLog } = await import("./audit/show.ts");
    return showLog(given.text("file"), count, surroundings(given, setting));
  },
};

/** `ssh-mcp audit verify [FILE]`; `audit` alone verifies the log of the inventory. */
export const audit: Subcommand = {
  ...verify,
  name: "audit",
  summary: "the audit log: verify its chain, show its entries",
  arguments: [],
  subcommands: [verify, show],
};
