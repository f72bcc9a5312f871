import { SshMcpError } from "../base/errors.ts";
import { type Filter, timeOf, VERDICT_WORDS } from "./audit/filter.ts";
import { CONFIG, surroundings } from "./options.ts";
import type { Given, Subcommand } from "./subcommand.ts";

const verify: Subcommand = {
  name: "verify",
  summary: "check that no line of an audit log was changed or removed",
  arguments: [{ name: "[file]", help: "the log (default: the one that is kept, settings.audit_log)" }],
  options: [CONFIG],
  examples: [
    ["ssh-mcp audit verify", "the log that the inventory names"],
    ["ssh-mcp audit verify ~/audit.jsonl", "this one"],
  ],
  notes: `Every line refers to the one before it by its hash, also over the files beside it that were rotated away. The
file FILE.head says how far the log went, so that lines cut off at its end are missed. A log that was written anew as a
whole, that file with it, is whole in itself: keep the number and the hash of the last line elsewhere to see that.
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
  summary: "print the last entries of an audit log",
  arguments: [{ name: "[file]", help: "the log (default: the one that is kept, settings.audit_log)" }],
  options: [
    { flags: "--last <count>", help: `how many entries (default: ${SHOWN})` },
    { flags: "--host <name>", help: "of this host; * and ? mean any characters" },
    { flags: "--session <name>", help: "of this session, likewise" },
    { flags: "--since <time>", help: "not older: 2h, 3d (ago), 2026-11-30, 2026-11-30T12:00Z" },
    { flags: "--until <time>", help: "not newer" },
    { flags: "--verdict <word>", help: `${VERDICT_WORDS.join(", ")}: acts of which the log says so` },
    { flags: "--format <form>", help: "words (the default), table, or json: the lines as they are" },
    CONFIG,
  ],
  examples: [
    ["ssh-mcp audit show --last 20", "the newest twenty entries"],
    [
      "ssh-mcp audit show --host 'web*' --since 2h --verdict refused --format table",
      "what was refused there",
    ],
  ],
  notes: `Files beside the log that were rotated away are read, too.
Exit code 0: the chain is whole. 1: it is broken, or the file is no audit log.`,
  async run(given, setting) {
    const count = Number(given.text("last") ?? SHOWN);
    if (!Number.isInteger(count) || count < 1)
      throw new SshMcpError(
        "invalid_argument",
        "--last takes a whole number from 1",
        "For example --last 20.",
      );
    const form = oneOf(given.text("format") ?? "words", "--format", ["words", "table", "json"] as const);
    const { showLog } = await import("./audit/show.ts");
    return showLog(
      given.text("file"),
      { count, form, filter: filterOf(given) },
      surroundings(given, setting),
    );
  },
};

function filterOf(given: Given): Filter {
  const text = (name: "host" | "session") => {
    const value = given.text(name);
    return value === undefined ? {} : { [name]: value };
  };
  const time = (name: "since" | "until") => {
    const value = given.text(name);
    return value === undefined ? {} : { [name]: timeOf(value, `--${name}`, Date.now()) };
  };
  const verdict = given.text("verdict");
  return {
    ...text("host"),
    ...text("session"),
    ...time("since"),
    ...time("until"),
    ...(verdict === undefined ? {} : { verdict: oneOf(verdict, "--verdict", VERDICT_WORDS) }),
  };
}

function oneOf<W extends string>(word: string, option: string, words: readonly W[]): W {
  const found = words.find((one) => one === word);
  if (found !== undefined) return found;
  throw new SshMcpError(
    "invalid_argument",
    `${option} takes one of ${words.join(", ")}, not ${JSON.stringify(word)}`,
    `For example ${option} ${words[1]}.`,
  );
}

/** `ssh-mcp audit verify [FILE]`; `audit` alone verifies the log of the inventory. */
export const audit: Subcommand = {
  ...verify,
  name: "audit",
  summary: "the audit log: verify its chain, show its entries",
  arguments: [],
  subcommands: [verify, show],
};
