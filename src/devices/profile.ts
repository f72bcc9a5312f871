import { z } from "zod";
import { atMost, strict } from "../base/strict.ts";
import { change } from "./profile-change.ts";
import {
  enter,
  keys,
  known,
  milliseconds,
  mode,
  pager,
  pattern,
  patterns,
  prompt,
  question,
  seconds,
  step,
  text,
  text_wanted,
} from "./profile-parts.ts";

/** What one YAML file of `devices/` says; all optional but id and name, since `extends` supplies the rest. */
export const profileSchema = strict({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, { error: "must be lower-case letters, digits, _ and -" })
    .describe("The platform's name in the inventory; the file is named after it."),
  name: text.describe("Name for people."),
  extends: text.describe("Profile to start from: maps merge, lists go before the base's.").optional(),
  replaces: z
    .array(text)
    .describe(
      "Fields that replace the base's instead of being merged with them; one that this file does not have is removed.",
    )
    .optional(),
  framing: z
    .enum(["prompt", "sentinel"])
    .describe("prompt: a network CLI. sentinel: a POSIX shell, framed exactly.")
    .optional(),
  grammar: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{0,31}$/, { error: "must be the name of a grammar" })
    .describe(
      "Which commands are risky: the family of the command line, a file of devices/grammars/; default: generic.",
    )
    .optional(),
  learn: z.boolean().describe("The prompt is not known beforehand; the first one is learned.").optional(),
  detect: strict({
    ssh_ident: patterns.describe("The server's identification line.").optional(),
    banner: patterns.describe("Text before the first prompt, any row.").optional(),
    command: text.describe("One harmless command whose output identifies the platform.").optional(),
    output: patterns.describe("Rows in that output that prove it.").optional(),
  })
    .describe(
      "Hints for platform: auto, which count only where a prompt matches; the one matching profile that is hinted at is chosen.",
    )
    .optional(),
  auth: strict({
    order: z
      .array(z.enum(["none", "publickey", "keyboard-interactive", "password"]))
      .describe("Methods in the order they are tried; those left out are never tried.")
      .optional(),
    interactive: z
      .array(known)
      .describe("Questions of keyboard-interactive that belong to the login.")
      .optional(),
    in_band: z.array(known).describe("A second login inside the terminal.").optional(),
    username_suffix: text.describe("Appended to the user name; {cols} and {rows} are filled in.").optional(),
  })
    .describe("How the login differs from the usual.")
    .optional(),
  ssh: strict({
    keepalive: z.enum(["on", "off"]).describe("off: the device does not tolerate SSH keepalives.").optional(),
  })
    .describe("The connection itself.")
    .optional(),
  limits: strict({
    sessions: z.number().int().min(1).max(100).describe("Sessions at once; default 2.").optional(),
    channels_per_connection: z
      .number()
      .int()
      .min(1)
      .max(100)
      .describe("Session channels that one connection bears; default 1, and none is tried beyond.")
      .optional(),
  })
    .describe("How much of the device is used unless the inventory says otherwise; each session is a login.")
    .optional(),
  pty: strict({
    term: text.describe("Terminal type.").optional(),
    cols: z
      .number()
      .int()
      .min(20)
      .max(500)
      .describe("Columns, unless the inventory says otherwise.")
      .optional(),
    rows: z.number().int().min(5).max(200).describe("Rows, unless the inventory says otherwise.").optional(),
    answer: z
      .array(z.enum(["cpr", "da", "dsr", "decid"]))
      .describe("Terminal queries that are answered.")
      .optional(),
  })
    .describe("The terminal that is asked for.")
    .optional(),
  keys: strict({
    enter: keys.describe("Default: carriage return.").optional(),
    interrupt: keys.describe("Stops a command; default: Ctrl-C.").optional(),
    kill_line: keys.describe("Clears the typed line; default: Ctrl-U.").optional(),
    eof: keys.describe("Ends the session; default: Ctrl-D.").optional(),
  })
    .describe('Bytes, with the escapes of YAML: "\\r", "\\x1e".')
    .optional(),
  input: strict({
    echo: z
      .enum(["exact", "fuzzy", "none"])
      .describe(
        "How the typed line comes back before Enter is sent; fuzzy: repainted, completed or scrolled.",
      )
      .optional(),
    max_line: z
      .number()
      .int()
      .min(20)
      .max(100_000)
      .describe("Longest line the device takes, characters.")
      .optional(),
    literal_question: z
      .boolean()
      .describe("A question mark at the end of a line is a character; elsewhere it asks for help at once.")
      .optional(),
  })
    .describe("How the device takes a typed line.")
    .optional(),
  prompts: z.array(prompt).max(64).describe("First match wins.").optional(),
  prompt_prefix: z
    .number()
    .int()
    .min(1)
    .max(63)
    .describe("Characters of the hostname that are left in a truncated prompt.")
    .optional(),
  early_prompt: z
    .union([z.boolean(), z.literal("sometimes")])
    .describe(
      "The prompt is printed before the output, too: right behind the echo it counts when printed again. sometimes: one behind which nothing else was printed is believed after a second, until two outputs of the session have come without it.",
    )
    .optional(),
  settle_ms: milliseconds.describe("Quiet after a prompt before it counts; milliseconds.").optional(),
  wake: z
    .array(
      strict({
        match: pattern.describe("The row that says which key is waited for."),
        key: keys.describe("That key; sent once, and only after login."),
      }),
    )
    .max(8)
    .describe(
      "Rows after login at which the device waits for a key before it goes on (Press RETURN to get started). Never inherited: what one device waits at, another prints.",
    )
    .optional(),
  away: z
    .array(
      strict({
        match: pattern.describe("RE2 pattern over a typed line."),
        back: patterns
          .describe("Rows that end it: directly above this device's own prompt they prove the return.")
          .optional(),
      }),
    )
    .max(32)
    .describe(
      "Command lines that may lead to another device, beside those known on all platforms (ssh, telnet, connect, session, attach …). Behind one no secret of the inventory is typed.",
    )
    .optional(),
  strip_rows: patterns
    .describe(
      "Rows printed with the prompt in front of each answer (a timestamp), in their exact form: left out and counted where they are the first rows of an output, each once.",
    )
    .optional(),
  open: z
    .array(
      strict({
        send: text.describe("Command line; it must change nothing but this session."),
        optional: z.boolean().describe("An error row is ignored.").optional(),
        modes: z.array(mode).describe("Only in these modes.").optional(),
      }),
    )
    .describe("Session preparation, typed once after login.")
    .optional(),
  pagers: z.array(pager).max(64).describe("Answered without asking; first match wins.").optional(),
  questions: z.array(question).max(64).describe("Reported, never answered.").optional(),
  text: z
    .array(text_wanted)
    .max(16)
    .describe(
      "Commands behind which a text of several lines is wanted (a banner, a certificate), beside those that say so in the words known on all platforms.",
    )
    .optional(),
  continues: patterns
    .describe(
      "Rows at which the line goes on (an open quote or brace): the command has not been entered whole yet.",
    )
    .optional(),
  secrets: patterns.describe("Rows at which input is masked and not recorded.").optional(),
  errors: z
    .array(
      strict({
        match: pattern.describe("RE2 pattern over a row of output."),
        class: z
          .enum(["syntax", "incomplete", "ambiguous", "permission", "commit", "other"])
          .describe("Named in the result as error=."),
      }),
    )
    .max(64)
    .describe(
      "Rows that say that something was not done; looked for at the beginning and the end of an output. Warnings and information come first.",
    )
    .optional(),
  warnings: z
    .array(
      strict({
        match: pattern.describe("RE2 pattern over a row of output."),
        class: z
          .enum(["effect", "advice", "later"])
          .describe(
            "Named in the result as warning=. effect: something else was changed, too; later: it takes effect later; advice: any other.",
          ),
      }),
    )
    .max(64)
    .describe("Rows that say that it was done, and what to know about it; a job goes on behind them.")
    .optional(),
  information: patterns.describe("Rows of the form of messages that report nothing.").optional(),
  unlisted: patterns
    .describe(
      "The form of the device's messages: a row of it that is on no list is warning=unknown, and a job stops there.",
    )
    .optional(),
  async: patterns
    .describe(
      "Rows that the device prints by itself (syslog, broadcasts): set apart behind its prompt and around a typed line, counted inside an output.",
    )
    .optional(),
  notices: z
    .array(
      strict({
        match: pattern.describe("Its first row."),
        end: pattern.describe("Its last row; left out: it goes on to the next prompt.").optional(),
      }),
    )
    .max(16)
    .describe("Messages of several rows that the device prints by itself, treated as rows of `async` are.")
    .optional(),
  modes: z
    .record(
      mode,
      strict({
        from: mode.describe("The mode it is entered from."),
        enter: enter.describe("How it is entered."),
        leave: step.describe("How it is left."),
      }),
    )
    .describe("The modes and how each is entered and left.")
    .optional(),
  config: strict({
    commit: text.describe("Command that applies a candidate configuration.").optional(),
    commit_check: text.describe("Checks it only.").optional(),
    commit_confirmed: text.describe("Applies it for {minutes} unless confirmed.").optional(),
    discard: text.describe("Drops it.").optional(),
    save: text.describe("Makes the running configuration the one of the next start.").optional(),
    dirty: pattern.describe("Prompt or context row of uncommitted changes.").optional(),
  })
    .describe("Commands of the configuration's life; facts for the agent, nothing types them yet.")
    .optional(),
  change: change
    .describe("How a change is made that undoes itself unless it is confirmed (docs/changes.md).")
    .optional(),
  destructive: patterns
    .describe("Commands that deserve a question before; nothing acts on it yet.")
    .optional(),
  exec_channel: z
    .boolean()
    .describe(
      "The device runs commands of exec requests; otherwise none is sent, and ssh_exec opens a session for its command.",
    )
    .optional(),
  sftp: z
    .boolean()
    .describe("The device has files to be reached by SFTP; default: as exec_channel.")
    .optional(),
  structured: strict({
    textfsm: text.describe("Platform name of TextFSM templates.").optional(),
    native_suffix: text.describe("Appended to a command for structured output.").optional(),
  })
    .describe("Where structured output may come from; nothing acts on it yet.")
    .optional(),
  timeouts: strict({
    open_s: seconds.describe("Until the first prompt.").optional(),
    commit_s: seconds.describe("Until a commit is done; nothing acts on it yet.").optional(),
  })
    .describe("Longest waits, seconds.")
    .optional(),
  evidence: z
    .array(
      strict({
        kind: z
          .enum(["recording", "states", "prompts", "documentation", "measured", "unconfirmed"])
          .describe("recording: bytes of a device; measured: the real program; unconfirmed: nobody checked."),
        source: text.describe("Where, in words: file, program and version, document."),
        note: atMost(400, z.string()).describe("What it does not cover.").optional(),
      }),
    )
    .describe("Where these facts come from.")
    .optional(),
});

const { id: _id, name: _name, extends: _extends, evidence: _evidence, ...fields } = profileSchema.shape;

/** What an inventory may say of one host's profile: any field but those that say which profile it is. */
export const overrideSchema = strict(fields);
/** A profile as its file says it, or merged with its bases. */
export type Profile = z.infer<typeof profileSchema>;
export type ProfilePrompt = z.infer<typeof prompt>;
export type ProfilePager = z.infer<typeof pager>;
export type ProfileQuestion = z.infer<typeof question>;
export type ProfileText = z.infer<typeof text_wanted>;
export type ProfileMode = NonNullable<Profile["modes"]>[string];
export type ErrorClass = NonNullable<Profile["errors"]>[number]["class"];
export type WarningClass = NonNullable<Profile["warnings"]>[number]["class"] | "unknown";
